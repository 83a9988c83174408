"""From one list to the next, and from rows to families: the sums come out, and nothing is shown twice."""

import pandas as pd

from criteria.disclosure import bands
from reports.quality.areas import area_table, areas_section
from reports.quality.counted import Areas, Outline, count_changes, count_combinations, count_lapsed
from reports.quality.families import bridge, combinations, funnel
from tests.reports.quality.months import counted, extracts
from tests.reports.quality.svg_marks import shapes, texts


def changes(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["family_id", "change", "became"]).astype("string[pyarrow]")


def test_the_bridge_leads_from_the_previous_list_to_this_one() -> None:
    table = changes(
        ("F0000001", "continuing", None), ("F0000002", "left", None), ("F0000003", "merged", "F0000001"),
        ("F0000004", "split", "F0000004;F0000008"), ("F0000005", "split", "F0000005;F0000009"),
        ("F0000007", "new", None), ("F0000008", "new", None),
    )
    listed = pd.Series(["F0000001", "F0000004", "F0000007", "F0000008"])
    found = count_changes(table, listed)
    assert dict(zip(found["change"], found["families"], strict=True)) == {
        "stayed": 2, "new": 1, "new_by_split": 1, "left": 1, "merged": 1, "came_apart": 1}
    lapsed = pd.DataFrame({"why": ["local: no longer met"], "families": [1]})
    figure = bridge(counted(extracts(), extracts(8), changes=found, lapsed=lapsed))
    assert figure.table.to_numpy().tolist() == [
        ["List of 30 Aug 2013", "5"], ["new to the list", "+1"], ["split off from a listed family", "+1"],
        ["left the list", "−1"], ["merged into another family", "−1"], ["came apart into others", "−1"],
        ["List of 30 Sep 2013", "4"]]
    assert len(shapes(figure.svg, "rect")) == 7
    assert "local criteria no longer met (1)" in figure.words


def test_a_month_in_which_nothing_changed_still_says_new_and_left() -> None:
    found = count_changes(changes(("F0000001", "continuing", None)), pd.Series(["F0000001"]))
    figure = bridge(counted(extracts(), extracts(8), changes=found))
    assert figure.table["families"].tolist() == ["1", "+0", "−0", "1"]


def test_why_families_left_is_counted_without_naming_them() -> None:
    left = pd.DataFrame({"lapsed": ["work: no longer met; local: no longer met", "merged into F0000009",
                                    "work: no longer met", "split into F0000001, F0000002"]}, dtype="string[pyarrow]")
    table = count_lapsed(left)
    assert dict(zip(table["why"], table["families"], strict=True)) == {
        "work: no longer met": 2, "local: no longer met": 1, "merged into another": 1,
        "split into another, another": 1}


def test_families_are_counted_by_what_they_meet_and_unknown_is_not_met() -> None:
    master = pd.DataFrame({
        "crime_asb": ["met", "met", "met"],
        "education": ["met", "met", "unknown"],
        "work": ["unknown", "not_met", "met"],
        "local": ["met", "met", "met"], "health": [None, None, None],
    }, dtype="string[pyarrow]")
    table = count_combinations(master)
    assert table.to_numpy().tolist() == [[("crime_asb", "education", "local"), 2], [("crime_asb", "work", "local"), 1]]
    figure = combinations(table)
    assert len(shapes(figure.svg, "symbol")) == 2 * 4 and "Health" not in texts(figure.svg)


def test_of_many_combinations_the_commonest_are_drawn_and_all_are_in_the_table() -> None:
    kinds = ("crime_asb", "education", "work", "children_who_need_help", "domestic_abuse", "health")
    met = [tuple(kind for place, kind in enumerate(kinds) if number >> place & 1) for number in range(1, 64)]
    table = pd.DataFrame({"met": met, "families": range(100, 37, -1)})
    figure = combinations(table)
    assert len(shapes(figure.svg, "rect")) == 20 and len(figure.table) == 63
    assert "43 rarer combinations" in figure.words


def test_the_funnel_says_each_share_of_the_step_before() -> None:
    steps = {"rows_read": 6831, "rows_accepted": 6817, "records": 8137, "people": 2083, "households": 799,
             "families_with_a_child": 546, "families_meeting_one_national_criterion": 47,
             "families_meeting_two_national_criteria": 21, "undetermined_families": 20, "eligible_families": 16}
    figure = funnel(pd.DataFrame({"step": list(steps), "count": list(steps.values())}))
    shares = dict(zip(figure.table["step"], figure.table["share_of_the_step_before"], strict=True))
    assert shares["eligible"] == "76%" and shares["people"] == "31%" and shares["rows read"] == ""
    assert {"16 (76%)", "6,831", "47 (8.6%)"} <= set(texts(figure.svg))
    assert len(shapes(figure.svg, "rect")) == 9


def test_an_empty_wash_has_its_figures_without_pictures_that_say_nothing() -> None:
    assert combinations(count_combinations(pd.DataFrame({"crime_asb": []}, dtype="string[pyarrow]"))).svg == ""


def test_families_by_area_stand_in_bands_and_areas_without_any_are_there() -> None:
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0))
    outlines = (Outline("Harbour", (square,)), Outline("Hill", (square,)))
    lives = pd.Series(["Harbour"] * 12 + ["Marsh"] * 9 + [None], dtype="string[pyarrow]")
    table = area_table(lives, outlines, 10)
    assert table.to_numpy().tolist() == [["Harbour", "10 to 24"], ["Hill", bands(10)[0]], ["Marsh", bands(10)[0]],
                                         ["no area known", bands(10)[0]]]
    (figure,) = areas_section(Areas(table, outlines, 10)).figures
    assert len(shapes(figure.svg, "shape")) == 2 and "12" not in texts(figure.svg)
    assert areas_section(Areas(table.head(0), outlines, 10, "why")).figures == []
    assert areas_section(Areas(table, (), 10)).figures[0].svg == ""
