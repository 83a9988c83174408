"""Every mark of every picture is there: what is missing is written, no bar and no word is lost, lengths are linear."""

from itertools import product

import pandas as pd
import pytest

from reports.quality import pictures
from reports.quality.counted import Outline
from reports.quality.pictures import ARRIVED, BLUE, EMPTY, GREEN, GREY, NONE, ORANGE, PART, RED, SENT
from reports.svg import drawn_once
from tests.reports.quality.svg_marks import shapes, texts


TERMS = ("autumn 2012/13", "spring 2012/13", "summer 2012/13")


def arrived(schools: int) -> pd.DataFrame:
    """Schools of which every seventh term is missing and every fifth came in part."""
    rows = []
    for number, (school, term) in enumerate(product(range(schools), TERMS)):
        state = NONE if number % 7 == 0 else PART if number % 5 == 0 else SENT
        said = {NONE: "none", PART: "45 of 110"}.get(state, str(100 + school))
        rows.append((f"School {school:03} of the Holy Trinity & All Saints", term, said, state))
    return pd.DataFrame(rows, columns=["school", "term", "said", "state"])


@pytest.mark.parametrize("schools", [1, 9, 120])
def test_every_school_and_term_has_its_square_and_its_words(schools: int) -> None:
    table = arrived(schools)
    svg = pictures.arrivals(table)
    drawn, said = shapes(svg, "rect"), texts(svg)
    missing = int((table["state"] == NONE).sum())
    assert len(drawn) == len(table) + missing
    assert sum(shape.stroke == RED for shape in drawn) == missing
    assert sum(shape.fill == ARRIVED[PART] for shape in drawn) == int((table["state"] == PART).sum())
    assert sorted(said) == sorted([*table["said"], *table["school"].unique(), *TERMS, SENT, PART, NONE])
    assert all(shape.width > 100 and shape.height >= 18 for shape in drawn)


def test_a_share_is_written_in_its_square_and_a_field_that_an_extract_lacks_has_none() -> None:
    rows, columns = ["Attendance", "ASB"], ["Forename", "UPN", "Postcode"]
    table = pd.DataFrame({
        "row": ["Attendance", "Attendance", "Attendance", "ASB", "ASB"],
        "column": [*columns, "Forename", "Postcode"],
        "share": [0.0, 0.0004, 0.5, 0.99, 1.0],
    })
    svg = pictures.shares(table, rows, columns)
    assert len(shapes(svg, "rect")) == 5
    assert sorted(texts(svg)) == sorted(["0%", "under 0.1%", "50%", "99%", "100%", *rows, *columns])


def test_the_bars_of_a_funnel_are_linear_and_a_step_of_nothing_keeps_its_words() -> None:
    table = pd.DataFrame({"label": ["read", "kept", "people", "eligible"], "value": [1000, 999, 20, 0],
                          "said": ["1,000", "999 (99.9%)", "20 (2.0%)", "0 (0%)"]})
    svg = pictures.funnel([("Rows", table), ("Families", table.tail(2))])
    drawn = [shape.width for shape in shapes(svg, "rect")]
    assert drawn == pytest.approx([320, 319.68, 6.4, 0, 320, 0], abs=0.1)
    assert texts(svg).count("0 (0%)") == 2 and {"Rows", "Families"} <= set(texts(svg))


def test_a_bar_may_stand_before_what_it_is_a_part_of() -> None:
    svg = pictures.bars(pd.DataFrame({"label": ["autumn", "spring"], "value": [30, 60], "whole": [60, 60],
                                      "said": ["30 of 60 (50%)", "60 of 60 (100%)"]}))
    drawn = shapes(svg, "rect")
    assert [(shape.fill, shape.width) for shape in drawn] == [(EMPTY, 320), (EMPTY, 320), (BLUE, 160), (BLUE, 320)]
    assert len(texts(svg)) == 4


def test_a_bridge_says_what_came_and_went_where_nothing_did() -> None:
    table = pd.DataFrame({"label": ["June", "new", "left", "July"], "start": [0, 6, 16, 0], "end": [6, 16, 16, 16],
                          "kind": ["on the list", "came", "went", "on the list"], "said": ["6", "+10", "−0", "16"]})
    svg = pictures.bridge(table)
    drawn = shapes(svg, "rect")
    assert [(shape.fill, shape.width) for shape in drawn] == [(GREY, 120), (GREEN, 200), (ORANGE, 0), (GREY, 320)]
    assert {"6", "+10", "−0", "16", "June", "new", "left", "July"} <= set(texts(svg))


def test_each_combination_has_its_bar_and_a_dot_for_each_criterion() -> None:
    criteria = [f"Criterion {number} with a long name" for number in range(7)]
    held = [frozenset(criteria[number % 7:]) for number in range(20)]
    families = list(range(200, 0, -10))
    svg = pictures.combinations(families, held, criteria)
    bars, dots = shapes(svg, "rect"), shapes(svg, "symbol")
    assert [bar.height for bar in bars] == pytest.approx([150 * count / 200 for count in families], abs=0.1)
    assert len(dots) == 20 * 7
    assert sum(dot.fill == BLUE for dot in dots) == sum(len(some) for some in held)
    assert sorted(texts(svg)) == sorted([*map(str, families), *criteria])


def test_weights_are_drawn_with_both_thresholds_and_the_band_between_them() -> None:
    weights = list(range(-12, 41))
    band = ["below review" if at < -2 else "review band" if at < 2 else "accepted" for at in weights]
    pairs = [12000 if at == 30 else 1 for at in weights]
    table = pd.DataFrame({"from": weights, "to": [at + 1 for at in weights], "band": band, "pairs": pairs})
    svg = pictures.weights(table, (-2.0, 2.0))
    shade, *bars = shapes(svg, "rect")
    assert len(bars) == len(weights) and all(bar.height > 1 for bar in bars)
    assert [sum(bar.fill == colour for bar in bars) for colour in (GREY, ORANGE, BLUE)] == [10, 4, 39]
    assert shade.fill == ORANGE and shade.width == pytest.approx(4 * bars[0].width, rel=0.2)
    assert len(shapes(svg, "rule")) == 2
    assert {"asked from here", "joined from here"} <= set(texts(svg))


BANDS = ("fewer than 10", "10 to 24", "25 to 49", "50 to 99", "100 or more")


def test_each_area_is_filled_by_its_band_and_named_whichever_way_round_it_is_drawn() -> None:
    square = ((0.0, 0.0), (0.4, 0.0), (0.4, 0.4), (0.0, 0.4), (0.0, 0.0))
    island = tuple((x + 0.5, y + 0.5) for x, y in reversed(square))
    outlines = (Outline("Harbour", (square, island)), Outline("Hill", (tuple((x + 0.5, y) for x, y in square),)))
    svg = pictures.area_map(outlines, {"Harbour": "25 to 49", "Hill": BANDS[0]}, BANDS)
    fills = [shape.fill for shape in shapes(svg, "shape")]
    assert fills == ["#93bbe0", "#93bbe0", "#cfd3d6"]
    assert sorted(texts(svg)) == sorted([*BANDS, "Harbour", "25 to 49", "Hill", BANDS[0]])


def test_words_of_a_school_stay_words_and_the_same_counts_give_the_same_picture() -> None:
    name = '<script>"St & Mary"</script> \u202eeman'
    table = arrived(2).replace({"School 000 of the Holy Trinity & All Saints": name})
    svg = pictures.arrivals(table)
    assert name in texts(svg)
    assert "<script" not in svg and "style=" not in svg
    drawn_once.cache_clear()
    assert pictures.arrivals(table) == svg


@pytest.mark.parametrize(("share", "said"), [
    (0, "0%"), (0.0004, "under 0.1%"), (0.001, "0.1%"), (0.0949, "9.5%"), (0.12, "12%"), (0.9951, "99.5%"),
    (0.9996, "over 99.9%"), (1, "100%"), (float("nan"), ""),
])
def test_a_share_that_is_not_nothing_never_reads_as_nothing(share: float, said: str) -> None:
    assert pictures.percent(share) == said
