"""Which families are put to the next panel: in the order of rank, none twice, and who waits for what."""

from typing import Any

import pandas as pd
import pytest

from criteria.panel import follow_history, latest, next_panel, record_decisions
from criteria.panel_forms import read_forms, without_contradictions
from criteria.settings import Panel
from schemas.columns import TEXT, empty_table
from schemas.programme import PanelHistory
from tests.criteria.forms import forms, ids


SEPTEMBER, OCTOBER, DECEMBER, JANUARY = map(pd.Timestamp, ("2013-09-30", "2013-10-31", "2013-12-31", "2014-01-31"))


def history(*rows: dict[str, Any]) -> pd.DataFrame:
    given = [{"put_as": row["family_id"], "put_on": "2013-09-30", **row} for row in rows]
    table = pd.DataFrame(given, columns=list(empty_table(PanelHistory).columns))
    for name in ("put_on", "decided_on", "back_on"):
        table[name] = pd.to_datetime(table[name])
    return table.astype(empty_table(PanelHistory).dtypes)


def put(before: pd.DataFrame, as_of: pd.Timestamp = OCTOBER, *, ranked: str = "ABCDEF", on: str = "", size: int = 2):
    families = pd.DataFrame({"family_id": pd.array(list(ranked), dtype=TEXT)})
    chosen = next_panel(families, before, list(on), as_of, size=size)
    PanelHistory.validate(chosen.history)
    return chosen


def test_the_first_of_the_ranking_are_put_and_the_rest_wait():
    chosen = put(history())
    assert chosen.listed == ["A", "B"]
    assert chosen.history[["family_id", "put_as"]].to_numpy().tolist() == [["A", "A"], ["B", "B"]]
    assert set(chosen.history["put_on"]) == {OCTOBER}
    assert chosen.counts["panel_for_a_later_month"] == 4


@pytest.mark.parametrize("decision", ["offer", "decline", None])
def test_no_family_is_put_twice(decision: str | None):
    before = history({"family_id": "A", "decision": decision, "decided_on": "2013-10-09" if decision else None})
    chosen = put(before)
    assert chosen.listed == ["B", "C"]
    assert chosen.counts["panel_waiting_for_a_decision"] == (decision is None)


def test_a_family_that_the_panel_put_off_comes_back_on_its_day_in_the_order_of_rank():
    before = history({"family_id": "B", "decision": "defer", "back_on": "2013-12-31"})
    assert put(before, OCTOBER).listed == ["A", "C"]
    again = put(before, DECEMBER)
    assert again.listed == ["A", "B"]
    assert again.counts["panel_listed_again"] == 1
    assert again.history.query("family_id == 'B'")["decision"].isna().tolist() == [False, True]
    assert put(again.history, JANUARY).listed == ["C", "D"]


def test_a_family_on_the_programme_is_not_put():
    chosen = put(history(), on="AC")
    assert chosen.listed == ["B", "D"]
    assert chosen.counts["panel_on_programme_already"] == 2


def test_a_second_wash_of_a_month_keeps_the_list_and_fills_what_is_free():
    first = put(history(), pd.Timestamp("2013-10-02"), ranked="DE")
    again = put(first.history, OCTOBER, ranked="ABCDE", size=3)
    assert again.listed == ["A", "D", "E"]
    assert again.history.set_index("family_id")["put_on"].astype(str).to_dict() == {
        "A": "2013-10-31", "D": "2013-10-02", "E": "2013-10-02"}


def test_a_decision_of_the_same_month_takes_its_place_on_the_panel():
    before = history({"family_id": "A", "put_on": "2013-10-02", "decision": "offer", "decided_on": "2013-10-09"})
    assert put(before).listed == ["B"]


def test_a_family_that_merged_is_the_one_that_it_became():
    before = history({"family_id": "A", "decision": "decline", "decided_on": "2013-10-09"})
    followed = follow_history(before, {"A": "B"})
    assert followed[["family_id", "put_as"]].to_numpy().tolist() == [["B", "A"]]
    assert put(followed, ranked="BCD").listed == ["C", "D"]


def decided(before: pd.DataFrame, *rows: dict[str, Any], as_of: pd.Timestamp = OCTOBER) -> dict[str, Any]:
    read = read_forms(forms(*rows), ids("ABCDEF"), as_of)
    after = record_decisions(before, read.decisions, Panel())
    PanelHistory.validate(after)
    return after.set_index("family_id").astype(object).where(lambda frame: frame.notna(), None).to_dict("index")


def test_a_decision_is_laid_on_the_panel_that_the_form_is_of():
    before = history({"family_id": "A"}, {"family_id": "B"})
    after = decided(before, {"family_id": "A", "decision": "offer", "decided_on": "2013-10-09"})
    assert (after["A"]["decision"], after["A"]["decided_on"]) == ("offer", pd.Timestamp("2013-10-09"))
    assert after["B"]["decision"] is None


def test_a_deferred_family_comes_back_on_the_form_s_day_or_after_the_months_of_the_settings():
    before = history({"family_id": "A"}, {"family_id": "B"})
    after = decided(before, {"family_id": "A", "decision": "defer", "decided_on": "2013-10-09",
                             "come_back_on": "2013-11-01"},
                    {"family_id": "B", "decision": "defer", "decided_on": "2013-10-09"})
    assert after["A"]["back_on"] == pd.Timestamp("2013-11-01")
    assert after["B"]["back_on"] == pd.Timestamp("2014-01-09")


def test_a_panel_may_think_again_and_the_later_day_counts():
    before = history({"family_id": "A", "decision": "decline", "decided_on": "2013-10-09"})
    assert decided(before, {"family_id": "A", "decision": "offer", "decided_on": "2013-10-23"})["A"]["decision"] == (
        "offer")
    assert decided(before, {"family_id": "A", "decision": "offer", "decided_on": "2013-10-02"})["A"]["decision"] == (
        "decline")


def test_a_decision_about_a_family_that_no_panel_was_given_is_kept():
    after = decided(history(), {"family_id": "F", "put_on": None, "decision": "offer", "decided_on": "2013-10-09"})
    assert after["F"]["put_on"] == after["F"]["decided_on"] == pd.Timestamp("2013-10-09")


def test_a_form_that_says_otherwise_of_the_same_panel_and_day_is_listed_and_changes_nothing():
    before = history({"family_id": "A", "decision": "decline", "decided_on": "2013-10-09"}, {"family_id": "B"})
    read = read_forms(forms({"family_id": "A", "decision": "offer", "decided_on": "2013-10-09"},
                            {"family_id": "B", "decision": "offer"}), ids("AB"), OCTOBER)
    found = without_contradictions(read, before)
    assert found.decisions["family_id"].tolist() == ["B"]
    assert found.issues[["family_id", "issue"]].to_numpy().tolist() == [["A", "decided_otherwise"]]
    assert found.counts["panel_form_issues"] == 1


def test_two_families_of_one_panel_that_merged_keep_both_rows_and_the_decision_counts():
    before = follow_history(history({"family_id": "A"}, {"family_id": "B"}), {"A": "B"})
    read = read_forms(forms({"family_id": "A", "decision": "offer"}), ids("B", {"A": "B"}), OCTOBER)
    after = record_decisions(before, read.decisions, Panel())
    assert after[["family_id", "put_as"]].to_numpy().tolist() == [["B", "A"], ["B", "B"]]
    assert after["decision"].fillna("").tolist() == ["offer", ""]
    assert latest(after)["decision"].tolist() == ["offer"]
    assert put(after, ranked="BC").listed == ["C"]
