"""The facts that bear on a criterion as a time line: which count, which do not, which nobody can tell; decides none.

Facts come as the rows of the table `evidence`, days as ISO text. A lane for each indicator; the table of the facts
stands beside the picture, and says whose each is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from reports.packs.across import Span, months_before, place_of, ticks_of
from reports.packs.shape import Bar, Lane, Mark, Picture
from reports.packs.wording import COUNTS, day, many, sentence


MOST_MONTHS = 36
LEAST_MONTHS = 12
LOOKS = {False: "hollow", None: "unsure", True: ""}
"""How a fact is drawn by whether it counts; what counts is drawn last, over the others."""

Fact = Mapping[str, Any]


def span_of(facts: Sequence[Fact], as_of: date) -> Span:
    """The days that are drawn for all of these facts: no less than a year to the run's day, and no more than three."""
    days = [date.fromisoformat(fact[name]) for fact in facts for name in ("window_start", "event_date") if fact[name]]
    last = max([as_of, *(date.fromisoformat(fact["event_date"]) for fact in facts if fact["event_date"])])
    first = max(min(days, default=last), months_before(last, MOST_MONTHS))
    return min(first, months_before(last, LEAST_MONTHS)).replace(day=1), last


def fact_line(title: str, facts: Sequence[Fact], span: Span) -> Picture | None:
    """The facts of one criterion across the days of `span`; None where none of them has a day."""
    dated = [fact for fact in facts if fact["event_date"]]
    if not dated:
        return None
    names = dict.fromkeys(fact["indicator"] for fact in dated)
    lanes = tuple(_lane(name, [fact for fact in dated if fact["indicator"] == name], span) for name in names)
    return Picture(_caption(title, span), _alt(title, dated, span), lanes, ticks_of(span), ())


def _caption(title: str, span: Span) -> str:
    return f"{title}: facts from {day(span[0])} to {day(span[1])}"


def _alt(title: str, dated: Sequence[Fact], span: Span) -> str:
    counted = Counter((sentence(fact["indicator"]), COUNTS[fact["met"]]) for fact in dated)
    said = "; ".join(f"{name}: {many(number, 'fact')} that {words}" if number == 1 or words == "cannot be told"
                     else f"{name}: {many(number, 'fact')} that {_PLURAL[words]}"
                     for (name, words), number in counted.items())  # fmt: skip
    return f"{_caption(title, span)}. {said}. The table that follows says the same fact by fact."


_PLURAL = {"counts": "count", "does not count": "do not count"}


def _lane(indicator: str, facts: Sequence[Fact], span: Span) -> Lane:
    places = Counter((fact["met"], place_of(date.fromisoformat(fact["event_date"]), span)) for fact in facts)
    marks = tuple(
        Mark(at, f"{number}" if number > 1 else "", LOOKS[met])
        for drawn in LOOKS
        for (met, at), number in sorted(places.items(), key=lambda found: found[0][1])
        if met is drawn
    )
    windows = dict.fromkeys(
        Bar(_place(fact["window_start"], span), _place(fact["window_end"], span), look="window")
        for fact in facts
        if fact["window_start"] and fact["window_end"]
    )
    return Lane(sentence(indicator), str(facts[0]["criterion"]), marks, tuple(windows))


def _place(when: str, span: Span) -> float:
    return place_of(date.fromisoformat(when), span)
