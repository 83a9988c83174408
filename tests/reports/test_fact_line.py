"""The facts of a criterion as a picture: every fact is drawn, as what it is, on its day; the drawing is plain SVG."""

import re
from datetime import date
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from reports.fact_line import fact_line, span_of
from reports.packs.drawing import draw_picture
from reports.packs.shape import Bar, Lane, Mark, Picture


AS_OF = date(2013, 9, 30)
SVG = "{http://www.w3.org/2000/svg}"


def fact(when: str | None, met: bool | None, indicator: str = "asb_sanction", start: str = "2012-10-01") -> dict:
    """A fact of the table `evidence`, as far as it is drawn."""
    return {"event_date": when, "met": met, "indicator": indicator, "criterion": "crime_asb",
            "window_start": start, "window_end": "2013-09-30"}


def drawn(svg: str, look: str) -> int:
    """How many marks of a look there are."""
    return len(re.findall(f'class="mark{look}"', svg))


def test_each_fact_is_a_mark_of_its_own_look_and_those_of_one_day_stand_side_by_side():
    facts = [fact("2013-03-01", True), fact("2013-03-01", False), fact("2013-03-01", None), fact("2013-05-01", True)]
    picture = fact_line("Crime", facts, span_of(facts, AS_OF))
    assert picture is not None
    svg = draw_picture(picture)
    assert (drawn(svg, ""), drawn(svg, " hollow"), drawn(svg, " unsure")) == (2, 1, 1)
    assert len(set(re.findall(r'c[x]="([\d.]+)"', svg))) == 4
    assert svg.count('class="window"') == 1 and "style=" not in svg


def test_facts_of_one_day_and_look_are_one_mark_with_their_number():
    facts = [fact("2013-03-01", True), fact("2013-03-01", True), fact("2013-04-01", False, "asb_incident")]
    picture = fact_line("Crime", facts, span_of(facts, AS_OF))
    assert picture is not None
    assert [(lane.name, [mark.name for mark in lane.marks]) for lane in picture.lanes] == [
        ("ASB sanction", ["2"]), ("ASB incident", [""])]
    assert "ASB sanction: 2 facts that count; ASB incident: 1 fact that does not count." in picture.alt


def test_the_days_are_a_year_at_the_least_and_three_at_the_most():
    assert span_of([], AS_OF) == (date(2012, 9, 1), AS_OF)
    assert span_of([fact("2001-01-01", True, start="2000-01-01")], AS_OF) == (date(2010, 9, 1), AS_OF)
    assert fact_line("Crime", [fact(None, None)], span_of([], AS_OF)) is None


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=80))
def test_any_name_stays_text(name: str):
    picture = Picture(name, name, (Lane(name, "asb", (Mark(0.5, name),), (Bar(0.1, 0.2, name),)),), (), ())
    root = ElementTree.fromstring(draw_picture(picture))
    assert root.get("aria-label") == name
    assert sum(text.text == name for text in root.iter(f"{SVG}text")) == 3
