"""docs/benchmarks-claims.md: what is written between its marks is what the program makes of the kept figures."""

from datetime import date

import pytest

from benchmarks.claims.figures import Figures, is_held, read, summary
from benchmarks.claims.page import BEGIN, PAGE, render
from benchmarks.claims.submitting import window_of
from benchmarks.written_page import put_between


def figures_of(right: int = 4, through: int = 0, changed: int = 0) -> Figures:
    """Figures of a few months."""
    planted = {"double_reference": [2, 2, 0], "esf_job": [3, 2, through]}
    ids = {"held": 90, "changed": changed, "first_to_last": 9, "changed_first_to_last": 0}
    machine = {"system": "Linux", "cores": "2", "python": "3.11"}
    return {
        "residents": 900, "seed": 1, "washes": 6, "first": "2012-07-31", "last": "2013-12-31", "allocation": 6,
        "cases": 30, "ready": 4, "right": right, "claimed": 4, "by_route": {"a": 3, "b": 1}, "planted": planted,
        "missed": {"result_unknown;not_traced": 2}, "ids": ids, "seconds": 20.5, "wash_seconds": 15.0,
        "on": "2013-12-31", "machine": machine,
    }  # fmt: skip


def test_the_page_is_what_the_program_writes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == put_between(page, BEGIN, render(read()))


def test_every_claim_of_the_kept_figures_is_right() -> None:
    kept = read()
    assert kept["right"] == kept["ready"] > 0
    assert sum(through for _, _, through in kept["planted"].values()) == 0
    assert all(tried for _, tried, _ in kept["planted"].values())


@pytest.mark.parametrize(("right", "through", "changed"), [(3, 0, 0), (4, 1, 0), (4, 0, 1)])
def test_one_wrong_claim_or_id_is_not_held(right: int, through: int, changed: int) -> None:
    assert is_held(figures_of())
    assert not is_held(figures_of(right, through, changed))
    assert summary(figures_of(right, through, changed)).endswith("NOT HELD")


def test_the_tables_name_what_was_planted_and_what_was_missed() -> None:
    written = render(figures_of())
    assert "| claimed before under another reference | 2 | 2 | 0 |" in written
    assert "| result unknown, not traced | 2 |" in written
    assert "3 by route A, 1 by route B" in written


def test_a_window_is_the_quarter_of_its_day() -> None:
    days = (date(2012, 7, 31), date(2013, 3, 31), date(2013, 4, 1), date(2013, 12, 31))
    assert [window_of(day) for day in days] == ["2012/13-Q2", "2012/13-Q4", "2013/14-Q1", "2013/14-Q3"]
