"""Claims beyond the spec's rows: laws that hold whatever the case, and what stands beside the route that is taken."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from criteria import CriteriaSettings, Framework, load_framework
from criteria.calendar import months_before
from criteria.claims import Claimed, judge_claims
from criteria.claims_hinges import hinges_of, look_behind
from criteria.claims_money import financial_year, paid_families, rate_of
from criteria.claims_windows import first_with_months
from criteria.history import no_earlier_claims
from schemas.columns import empty_table
from schemas.programme import CaseMembers, Cases, ClaimBlocks, ClaimStates, Results
from schemas.words import ClaimRoute, Hinge


AS_OF = date(2013, 10, 14)


def _table(model: Any, rows: list[dict[str, Any]]) -> pd.DataFrame:
    empty = empty_table(model)
    return pd.DataFrame(rows).reindex(columns=list(empty.columns)).astype(empty.dtypes.to_dict())


def case(ref: str, **changed: Any) -> dict[str, Any]:
    """A case that nothing stops, but for what is changed."""
    joined = pd.Timestamp("2012-04-15")
    own = {"family_ref": ref, "family_id": f"F{ref}", "household_id": f"H{ref}", "attached_on": joined,
           "first_contact_on": joined, "eligible_on": joined, "evidenced_by": "wash", "rule": "3_of_3",
           "eligible_at_attachment": "met"}
    return own | changed


def result(ref: str, measure: str = "asb", route: str = "a", **changed: Any) -> dict[str, Any]:
    """A part of a result that is met over the last six months."""
    own = {"family_ref": ref, "route": route, "measure": measure, "verdict": "met", "reason": "down 80%",
           "result_start": pd.Timestamp("2013-04-15"), "result_end": pd.Timestamp(AS_OF)}
    return own | changed


def judged(cases: list[dict], results: list[dict], earlier: list[dict] = [], members: list[dict] = [],  # noqa: B006
           rules: Framework | None = None, **more: Any) -> Claimed:
    """What is said of these cases; both tables are held to their models."""
    paid = no_earlier_claims()
    paid = pd.DataFrame(earlier, columns=list(paid.columns)).astype(paid.dtypes.to_dict())
    found = judge_claims(_table(Cases, cases), _table(CaseMembers, members), _table(Results, results), paid,
                         rules or load_framework(), as_of=AS_OF, **more)
    ClaimStates.validate(found.states)
    ClaimBlocks.validate(found.blocks)
    return found


def status(found: Claimed, ref: str = "C1") -> str:
    return found.states.set_index("family_ref").loc[ref, "status"]


def test_nobody_on_the_programme_gives_empty_tables() -> None:
    found = judged([], [])
    assert len(found.states) == len(found.blocks) == 0
    assert set(found.counts.values()) == {0}


def test_every_case_is_told_once_and_every_status_counted() -> None:
    june = pd.Timestamp("2013-06-01")
    cases = [case("C1"), case("C2", first_contact_on=pd.NaT), case("C3", attached_on=june, eligible_on=june)]
    found = judged(cases, [result(ref) for ref in ("C1", "C2", "C3")])
    assert found.states.set_index("family_ref")["status"].to_dict() == {
        "C1": "ready", "C2": "blocked", "C3": "not_yet"}
    counts = ("claims_ready", "claims_blocked", "claims_not_yet", "claims_claimed")
    assert [found.counts[name] for name in counts] == [1, 1, 1, 0]


NO_CONTACT = "the caseload has no day of first contact"
NOT_LISTED = "no wash has listed the family, and the facts looked at again for the day of attachment do not show it"
JUNE = pd.Timestamp("2013-06-01")
BEGUN = ("eligibility is evidenced from 1 June 2013, and the result window of anti-social behaviour begins on "
         "15 April 2013")


@pytest.mark.parametrize(("own", "results", "told", "blocks", "amount"), [
    ({}, [result("C1")], "anti-social behaviour: down 80%", None, 700),
    ({"first_contact_on": pd.NaT}, [], f"{NO_CONTACT}; there is no result to claim for",
     "no_first_contact;nothing_shown", None),
    ({"attached_on": JUNE, "eligible_on": JUNE}, [result("C1")], BEGUN, "eligibility_after_result_began", 1500),
    ({"first_contact_on": pd.NaT, "eligible_on": pd.NaT}, [result("C1", verdict="unknown", reason="no data")],
     f"{NOT_LISTED}; {NO_CONTACT}; anti-social behaviour cannot be told: no data",
     "eligibility_not_evidenced;no_first_contact;result_unknown", 700),
    ({}, [result("C1", verdict="not_met", reason="down 10%")], "anti-social behaviour is not met: down 10%",
     "result_not_met", 700),
], ids=["ready", "nothing shown", "too late", "three stops", "not met"])
def test_a_case_is_told_in_words_with_all_that_stops_it(
    own: dict[str, Any], results: list[dict[str, Any]], told: str, blocks: str | None, amount: int | None
) -> None:
    found = judged([case("C1", **own)], results)
    state = found.states.iloc[0]
    assert (state["reasons"], state["blocks"] if blocks else None) == (told, blocks)
    assert (None if pd.isna(state["amount"]) else state["amount"]) == amount
    said = [(block, detail) for block, detail in found.blocks[["block", "detail"]].itertuples(index=False, name=None)]
    assert ";".join(block for block, _ in said) == (blocks or "")
    assert not blocks or "; ".join(detail for _, detail in said) == told
    if results:
        year = "2013/14" if own.get("attached_on") is JUNE else "2012/13"
        assert (state["rate_year"], state["rate_table"]) == (year, f"phase_1 1: {year}, the year of attachment")
        assert state["result_start"] == pd.Timestamp("2013-04-15") and state["result_end"] == pd.Timestamp(AS_OF)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    rules = load_framework(CriteriaSettings.model_validate({"allocation": {"indicative_number": 4}}))
    cases = [case(f"C{number}", attached_on=pd.Timestamp(2012, 4 + number % 3, 15)) for number in range(6)]
    results = [result(f"C{number}", measure) for number in range(6) for measure in ("asb", "offending")]
    members = [{"family_ref": f"C{number}", "person_id": f"P{number % 5}", "role": "child", "named": True, "then": True,
                "now": True} for number in range(6)]
    shuffled = [pd.DataFrame(rows).sample(frac=1, random_state=seed).to_dict("records")
                for rows in (cases, results, members)]
    one = judged(cases, results, members=members, rules=rules)
    two = judged(shuffled[0], shuffled[1], members=shuffled[2], rules=rules)
    pd.testing.assert_frame_equal(one.states, two.states)
    pd.testing.assert_frame_equal(one.blocks, two.blocks)
    assert one.counts == two.counts


STOPS: dict[str, dict[str, Any]] = {
    "contact": {"first_contact_on": pd.NaT}, "eligible": {"eligible_on": pd.NaT}, "home": {"household_id": None},
    "late": {"eligible_on": pd.Timestamp("2013-06-01")}, "closed": {"closed_on": pd.Timestamp("2012-03-01")},
}


@pytest.mark.parametrize("change", STOPS.values(), ids=STOPS)
def test_what_stops_one_stops_it_whatever_else_does(change: dict[str, Any]) -> None:
    alone = judged([case("C1", **change)], [result("C1")])
    together = judged([case("C1", **{**change, "first_contact_on": pd.NaT})], [result("C1", verdict="unknown")])
    assert status(alone) in ("blocked", "not_yet")
    assert set(alone.blocks["block"]) <= set(together.blocks["block"])
    assert status(together) == "blocked"


def test_the_other_route_is_told_where_it_is_met_and_stopped() -> None:
    results = [result("C1", verdict="not_met", could_be=pd.Timestamp("2014-04-01")),
               result("C1", "employment", "b"), result("C1", "employment", "b", person_id="P1")]
    found = judged([case("C1")], results, untraced=["P1"])
    state = found.states.iloc[0]
    assert (state["status"], state["route"], state["blocks"]) == ("not_yet", "a", "result_not_met")
    assert "by route b it is met, and would pay £800, but: employment: DWP could not trace P1" in state["reasons"]
    assert dict(zip(found.blocks["block"], found.blocks["route"], strict=True)) == {
        "not_traced": "b", "result_not_met": "a"}


def test_what_is_missing_of_a_part_is_what_its_people_say() -> None:
    found = judged([case("C1")], [result("C1", "education", verdict="unknown", reason="not every child is known"),
                                  result("C1", "education", verdict="unknown", person_id="P1", reason="no return")])
    assert found.blocks.iloc[0]["detail"] == "education cannot be told: no return"


def test_a_claim_of_the_extract_has_the_people_of_its_case() -> None:
    """The extract names a reference alone: the caseload says who that is, and which family it is today."""
    cases = [case("C1"), case("C2", family_id="FC1"), case("C3")]
    members = [{"family_ref": ref, "person_id": who, "role": "child", "named": named, "then": True, "now": True}
               for ref, who, named in [("C1", "P1", True), ("C1", "P2", False), ("C2", "P1", True), ("C3", "P2", True)]]
    earlier = [{"claim_id": "claims:1", "claimed_on": pd.Timestamp("2013-01-31"), "family_ref": "C1", "route": "a",
                "amount": 700}]
    found = judged(cases, [result(ref) for ref in ("C1", "C2", "C3")], earlier, members)
    assert status(found) == "claimed"
    codes = found.states.set_index("family_ref")["blocks"].to_dict()
    assert codes["C2"].split(";")[0] == "family_claimed_before"
    assert "person_claimed_before" in codes["C2"]
    assert codes["C3"] == "person_in_two_cases", "P2 is not named by the caseload of C1"


def test_a_claim_of_no_case_still_takes_a_place_and_is_counted() -> None:
    rules = load_framework(CriteriaSettings.model_validate({"allocation": {"indicative_number": 2}}))
    earlier = [{"claim_id": "X1", "claimed_on": pd.Timestamp("2013-01-31"), "family_ref": "gone", "amount": 700}]
    found = judged([case("C1")], [result("C1")], earlier, rules=rules)
    assert status(found) == "blocked"
    assert found.states.iloc[0]["blocks"] == "allocation_reached"
    assert (found.counts["earlier_claims_of_no_case"], found.counts["claims_capped"]) == (1, 1)


def test_under_the_expanded_programme_each_problem_is_a_part_of_its_own() -> None:
    rules = load_framework(CriteriaSettings(framework="expanded"))
    joined = {"attached_on": pd.Timestamp("2015-09-01"), "first_contact_on": pd.Timestamp("2015-09-01"),
              "eligible_on": pd.Timestamp("2015-09-01")}
    window = {"result_start": pd.Timestamp("2016-01-01"), "result_end": pd.Timestamp("2016-06-30")}
    parts = [result("C1", "problem", problem=problem, **window) for problem in ("health", "domestic_abuse")]
    cases, empty = _table(Cases, [case("C1", **joined)]), empty_table(CaseMembers)
    found = judge_claims(cases, empty, _table(Results, parts), no_earlier_claims(), rules, as_of=date(2016, 6, 30))
    assert found.states.iloc[0][["status", "route", "amount"]].tolist() == ["ready", "a", 800]
    parts[1]["verdict"] = "not_met"
    found = judge_claims(cases, empty, _table(Results, parts), no_earlier_claims(), rules, as_of=date(2016, 6, 30))
    assert found.blocks.iloc[0]["detail"].startswith("domestic abuse is not met")


@pytest.mark.parametrize("day", pd.date_range("2011-08-25", "2012-09-05", freq="3D"), ids=lambda day: str(day.date()))
def test_a_window_begins_late_enough_on_the_first_day_that_it_does(day: pd.Timestamp) -> None:
    found = first_with_months(day.date(), 6)
    assert months_before(found, 6).start >= day.date()
    assert months_before((pd.Timestamp(found) - pd.Timedelta(days=1)).date(), 6).start < day.date()


def test_every_route_with_progress_pays_what_the_year_pays() -> None:
    rules = load_framework()
    for year, whole in rules.funding.results_payment.value.items():
        day = date(int(year[:4]), 12, 1)
        assert financial_year(day) == year
        assert rate_of("a_progress", day, day, rules).amount == rate_of("b", day, day, rules).amount == whole
        assert rate_of("a", day, day, rules).amount == whole - rules.claims.progress_pounds.value[year]


@pytest.mark.parametrize(("number", "paid"), [(4180, 3483), (2630, 2191), (1680, 1400), (1, 0), (0, 0), (6, 5)])
def test_five_sixths_agree_with_the_published_maxima(number: int, paid: int) -> None:
    """Birmingham's, Lancashire's and Sheffield's numbers of 2012, at £4,000 a family."""
    assert paid_families(number, load_framework()) == paid


@pytest.mark.parametrize(("person_verdict", "said"), [("met", "not_yet"), ("neutral", "ready")])
def test_a_neutral_part_is_held_to_its_window_where_another_child_was_tested(person_verdict: str, said: str) -> None:
    school = {"result_start": pd.Timestamp("2012-01-01"), "result_end": pd.Timestamp("2012-12-31")}
    parts = [result("C1"), result("C1", "education", verdict="neutral", **school),
             result("C1", "education", verdict=person_verdict, person_id="P1", **school)]
    assert status(judged([case("C1")], parts)) == said


@pytest.mark.parametrize(("rate_year", "status", "reasons"), [
    ("attached", "blocked", "all 1 places of 2012/13 that are paid for are taken"),
    ("claimed", "ready", "anti-social behaviour: down 80%"),
])
def test_an_earlier_claim_takes_a_place_of_the_year_that_the_framework_says(
    rate_year: str, status: str, reasons: str
) -> None:
    laid = {"overlays": {"claims.rate_year": {"value": rate_year, "reason": "a test"}},
            "allocation": {"by_year": {"2012/13": 2}}}
    rules = load_framework(CriteriaSettings.model_validate(laid))
    earlier = {"claim_id": "K1", "claimed_on": pd.Timestamp("2013-07-01"), "family_ref": "C1", "family_id": "FC1",
               "route": "a", "person_id": None}
    state = judged([case("C1"), case("C2")], [result("C1"), result("C2")], [earlier], rules=rules).states
    told = state.set_index("family_ref").loc["C2"]
    assert (told["status"], told["reasons"]) == (status, reasons)


@pytest.mark.parametrize(("others", "benefits", "hinges"), [
    pytest.param(["health"], ["CA"], True, id="one problem besides is too few"),
    pytest.param(["health", "domestic_abuse"], ["CA"], False, id="two problems are just enough without work"),
    pytest.param(["health", "domestic_abuse", "education"], ["CA"], False, id="three are more than enough"),
    pytest.param(["health", "health"], ["CA"], True, id="one problem told twice is one"),
    pytest.param(["health"], ["CA", "JSA"], False, id="another benefit besides"),
    pytest.param(["health"], [], False, id="no benefit at all"),
])
def test_under_the_expanded_programme_a_doubtful_benefit_is_a_hinge_where_too_few_problems_stand_without_it(
    others: list[str], benefits: list[str], hinges: bool
) -> None:
    rules = load_framework(CriteriaSettings(framework="expanded"))
    facts = [("C1", name, name, "yes") for name in others] + [("C1", "work", "benefit", code) for code in benefits]
    behind = look_behind(pd.DataFrame(facts, columns=["family_ref", "criterion", "indicator", "value"]), None)
    found = hinges_of(case("C1"), ClaimRoute.A, [], behind, rules)
    assert (Hinge.CARERS_ALLOWANCE_ALONE in found) == hinges
