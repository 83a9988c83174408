"""The council's share, fees and results by year, the forecast: small caseloads worked out by hand."""

from datetime import date
from typing import Any

import pandas as pd
import pytest

from criteria import CriteriaSettings, Framework, load_framework
from criteria.funding import IN_ALL, Costs, cost_programme, earned_fees
from criteria.quarters import quarter_after, quarter_of, quarters_to
from criteria.shares import assumptions, local_share, second_year_fees
from schemas.columns import TEXT
from schemas.management import MANAGEMENT


AS_OF = date(2013, 9, 30)
EARNED, TO_COME = "earned", "forecast"


def council(number: int | None = None, by_year: dict[str, int] | None = None, framework: str = "phase_1",
            **overlays: Any) -> Framework:
    """The rules of a council with an allocation; overlays by dotted key with `__` for the dot."""
    laid = {key.replace("__", "."): {"value": value, "reason": "a test"} for key, value in overlays.items()}
    allocation = {"indicative_number": number, "by_year": by_year or {}}
    return load_framework(CriteriaSettings.model_validate(
        {"framework": framework, "allocation": allocation, "overlays": laid}))


def caseload(*rows: tuple[str, str] | tuple[str, str, str]) -> pd.DataFrame:
    """Cases: reference, the day of attachment, and whether it was eligible then (met, unless said)."""
    full = [(row[0], row[1], row[2] if len(row) > 2 else "met") for row in rows]
    table = pd.DataFrame(full, columns=["family_ref", "attached_on", "eligible_at_attachment"])
    return table.assign(attached_on=pd.to_datetime(table["attached_on"]).astype("datetime64[ns]"))


def states(*rows: dict[str, Any]) -> pd.DataFrame:
    """Claim states: a case each, with what matters."""
    columns = ["family_ref", "status", "route", "amount", "could_be"]
    table = pd.DataFrame(list(rows), columns=columns)
    table["could_be"] = pd.to_datetime(table["could_be"]).astype("datetime64[ns]")
    return table.astype({"family_ref": TEXT, "status": TEXT, "route": TEXT, "amount": "Int64"})


def claimed(*rows: tuple[str, str, str | None, int | None]) -> pd.DataFrame:
    """Claims that stand: reference, day, route, pounds."""
    table = pd.DataFrame(list(rows), columns=["family_ref", "claimed_on", "route", "amount"])
    table["claimed_on"] = pd.to_datetime(table["claimed_on"]).astype("datetime64[ns]")
    return table.astype({"amount": "Int64"})


def year(costs: Costs, name: str) -> dict[str, Any]:
    return costs.by_year.set_index("financial_year").loc[name].dropna().to_dict()


def quarter(costs: Costs, name: str, kind: str) -> dict[str, Any]:
    rows = costs.by_quarter.set_index(["quarter", "kind"])
    return rows.loc[(name, kind)].to_dict() if (name, kind) in rows.index else {}


THREE_YEARS = caseload(("A", "2012-04-01"), ("B", "2013-03-31"), ("C", "2013-04-01"), ("D", "2014-06-01"))


@pytest.mark.parametrize(("name", "rates", "fees"), [
    ("2012/13", (3200, 800, 80), 2 * 3200),
    ("2013/14", (2400, 1600, 60), 2400),
    ("2014/15", (1600, 2400, 40), 1600),
])
def test_the_rates_of_each_year_and_what_its_families_bring(name, rates, fees) -> None:  # type: ignore[no-untyped-def]
    found = year(cost_programme(THREE_YEARS, states(), claimed(), council(), as_of=date(2014, 9, 30)), name)
    assert (found["fee_rate"], found["results_rate"], found["fee_percent"]) == rates
    assert found["fees"] == found["received"] == fees


def test_a_family_attached_after_the_as_of_date_has_not_joined() -> None:
    costs = cost_programme(THREE_YEARS, states(), claimed(), council(), as_of=AS_OF)
    assert year(costs, IN_ALL)["families_attached"] == 3
    assert year(costs, IN_ALL)["fees"] == 3200 + 3200 + 2400


def test_a_year_without_a_rate_has_families_and_no_pounds() -> None:
    late = caseload(("A", "2015-05-01"))
    found = year(cost_programme(late, states(), claimed(), council(), as_of=date(2015, 9, 30)), "2015/16")
    assert (found["families_attached"], found["fees"]) == (1, 0)
    assert "fee_rate" not in found


@pytest.mark.parametrize(("reading", "counted"), [("not_ineligible", 2), ("evidenced", 1), ("all", 3)])
def test_whom_a_fee_is_counted_for_is_a_setting(reading: str, counted: int) -> None:
    families = caseload(("A", "2013-05-01", "met"), ("B", "2013-05-01", "unknown"), ("C", "2013-05-01", "not_met"))
    fees = earned_fees(families, council(costs__fee_counts=reading), AS_OF)
    assert fees["fee"].notna().sum() == counted
    assert len(fees) == 3, "who is not counted is still on the programme"


def test_no_fee_beyond_five_sixths_and_the_first_to_join_have_it() -> None:
    families = caseload(*((f"F{day}", f"2013-05-{day:02d}") for day in range(12, 0, -1)))
    fees = earned_fees(families, council(10), AS_OF).set_index("family_ref")["fee"]
    assert fees.notna().sum() == 8, "five sixths of ten, rounded down"
    assert fees[["F9", "F12"]].isna().all()
    assert fees["F8"] == 2400


def test_results_count_in_the_quarter_of_their_claim_with_the_amount_claimed_or_else_the_rate() -> None:
    made = claimed(("A", "2013-07-01", "a", 700), ("B", "2013-07-02", "b", None), ("C", "2013-10-02", "b", 1600))
    costs = cost_programme(THREE_YEARS, states(), made, council(), as_of=AS_OF)
    assert quarter(costs, "2013/14-Q2", EARNED)["results"] == 700 + 800, "B was attached in the first year"
    assert year(costs, IN_ALL)["claims"] == 2, "a claim after the as-of date has not been made"


FORECAST = caseload(*((f"F{number}", "2013-05-01") for number in range(8)))


@pytest.mark.parametrize(("state", "name", "pounds"), [
    pytest.param({"status": "ready", "route": "b", "amount": 1600}, "2013/14-Q2", 1600, id="ready: this quarter"),
    pytest.param({"status": "not_yet", "route": "a", "could_be": "2014-01-05"}, "2013/14-Q4", 1500,
                 id="not yet: the quarter of its day, by the rate of its route"),
    pytest.param({"status": "not_yet", "could_be": "2013-11-05"}, "2013/14-Q3", 1500, id="no route: as by A"),
    pytest.param({"status": "not_yet", "could_be": "2013-08-05"}, "2013/14-Q2", 1500, id="a day gone by: now"),
    pytest.param({"status": "not_yet", "could_be": "2015-07-05"}, "2015/16-Q2", None, id="after the last payment"),
    pytest.param({"status": "not_yet"}, "2013/14-Q2", None, id="no day: nothing"),
    pytest.param({"status": "blocked", "could_be": "2013-11-05"}, "2013/14-Q3", None, id="blocked: nothing"),
    pytest.param({"status": "claimed", "amount": 700}, "2013/14-Q2", None, id="claimed: not twice"),
])
def test_what_a_case_is_forecast_to_bring(state: dict[str, Any], name: str, pounds: int | None) -> None:
    costs = cost_programme(FORECAST, states({"family_ref": "F1", **state}), claimed(), council(), as_of=AS_OF)
    assert quarter(costs, name, TO_COME).get("results") == pounds
    assert int(costs.forecast["families"].sum()) == (state["status"] != "claimed"), "every open case is told of"


def test_a_case_that_the_register_holds_is_not_forecast_though_its_run_calls_it_ready() -> None:
    ready = states({"family_ref": "F1", "status": "ready", "route": "b", "amount": 1600})
    costs = cost_programme(FORECAST, ready, claimed(("F1", "2013-09-30", "b", 1600)), council(), as_of=AS_OF)
    assert year(costs, IN_ALL)["received_with_forecast"] - year(costs, IN_ALL)["fees"] == 1600


@pytest.mark.parametrize(("overlays", "name", "found"), [
    ({"forecast__ready_in": "next_quarter"}, "2013/14-Q3", (2, 3200)),
    ({"forecast__not_yet_percent": 50}, "2013/14-Q4", (1, 1500)),
    ({"forecast__blocked_percent": 100}, "2014/15-Q1", (1, 1500)),
    ({"forecast__undated": "last_quarter"}, "2015/16-Q1", (1, 1500)),
    ({"forecast__route": "b", "forecast__undated": "last_quarter"}, "2015/16-Q1", (1, 1600)),
])
def test_every_assumption_is_a_setting(overlays: dict[str, Any], name: str, found: tuple[int, int]) -> None:
    waiting = states(
        *({"family_ref": f"F{number}", "status": "ready", "route": "b", "amount": 1600} for number in range(2)),
        *({"family_ref": f"F{number}", "status": "not_yet", "could_be": "2014-02-01"} for number in (2, 3)),
        {"family_ref": "F4", "status": "blocked", "could_be": "2014-05-01"}, {"family_ref": "F5", "status": "not_yet"})
    costs = cost_programme(FORECAST, waiting, claimed(), council(**overlays), as_of=AS_OF)
    told = quarter(costs, name, TO_COME)
    assert (told["claims"], told["results"]) == found
    keys = assumptions(council(**overlays)).set_index("key")
    for key in overlays:
        assert keys.loc[key.replace("__", "."), "changed_because"] == "a test"


def test_no_more_claims_are_forecast_than_are_paid_for_and_the_rest_are_counted() -> None:
    waiting = states(*({"family_ref": f"F{number}", "status": "not_yet", "could_be": f"2014-0{number + 1}-01"}
                       for number in range(6)))
    made = claimed(("F6", "2013-07-01", "a", 1500))
    costs = cost_programme(FORECAST, waiting, made, council(6), as_of=AS_OF)
    assert year(costs, IN_ALL)["forecast_claims"] == 4, "five of six are paid for, and one was"
    left_out = costs.forecast.set_index("why")["families"]
    assert left_out["no place that is paid for is left"] == 2
    assert quarter(costs, "2014/15-Q1", TO_COME)["claims"] == 1, "the earliest have the places"


def test_families_who_are_to_join_are_none_unless_the_settings_say() -> None:
    planned = council(12, forecast__new_families_a_quarter=2)
    costs = cost_programme(FORECAST, states(), claimed(), planned, as_of=AS_OF)
    assert year(costs, IN_ALL)["forecast_families"] == 2, "ten are paid for, and eight have joined"
    assert quarter(costs, "2013/14-Q3", TO_COME)["fees"] == 2 * 2400
    assert year(cost_programme(FORECAST, states(), claimed(), council(12), as_of=AS_OF), IN_ALL)["forecast_fees"] == 0


def test_what_the_council_bears_of_the_assumed_cost() -> None:
    made = claimed(("F1", "2013-07-01", "b", 1600))
    costs = cost_programme(FORECAST, states(), made, council(), as_of=AS_OF)
    whole = year(costs, IN_ALL)
    assert (whole["assumed_cost"], whole["central_assumed"]) == (80_000, 32_000)
    assert whole["council_share"] == 80_000 - 8 * 2400 - 1600


def share_of(number: int | None, **overlays: Any) -> dict[str, float]:
    rules = council(number, **overlays)
    costs = cost_programme(FORECAST, states(), claimed(), rules, as_of=AS_OF)
    return local_share(costs.by_year, rules).set_index("line")["number"].to_dict()


def test_the_share_of_the_120_000_is_told_of_each_national_number() -> None:
    told = share_of(645)
    assert told["Indicative number"] == 645
    assert told["Share of the 120,000 announced"] == 0.537
    assert told["Share of the 118,082 agreed"] == 0.546
    assert told["Share of the 117,910 claimed"] == 0.547
    assert told["Paid for: 5/6 of it"] == 537, "537.5, rounded down as the framework says"
    assert told["The most that the centre pays"] == 537 * 4000


def lines(table: pd.DataFrame) -> list[tuple[Any, ...]]:
    """A table as it is read: line, number, unit and basis, which is empty where nothing need be said."""
    return list(table.fillna({"basis": ""}).itertuples(index=False, name=None))


def test_the_whole_share_as_it_is_read() -> None:
    rules = council(645)
    waiting = states({"family_ref": "F2", "status": "ready", "route": "b", "amount": 1600})
    costs = cost_programme(FORECAST, waiting, claimed(("F1", "2013-07-01", "b", 1600)), rules, as_of=AS_OF)
    sources = rules.costs.national_families.source, rules.funding.paid_share.source
    assert lines(local_share(costs.by_year, rules)) == [
        ("Indicative number", 645, "families", "agreed with the department"),
        ("Share of the 120,000 announced", 0.537, "percent", sources[0]),
        ("Share of the 118,082 agreed", 0.546, "percent", sources[0]),
        ("Share of the 117,910 claimed", 0.547, "percent", sources[0]),
        ("Paid for: 5/6 of it", 537, "families", "rounded down"),
        ("The rest, taken to be helped otherwise", 108, "families", sources[1]),
        ("The most that the centre pays", 2_148_000, "pounds", "£4,000 a family"),
        ("Families attached", 8, "families", ""),
        ("Families a fee is counted for", 8, "families", rules.costs.fee_counts.reading),
        ("Results claimed", 1, "families", ""),
        ("Received", 8 * 2400 + 1600, "pounds", "fees and results up to the as-of date"),
        ("Received, with the forecast", 8 * 2400 + 2 * 1600, "pounds", "if every assumption below holds"),
        ("Attached, of those paid for", 1.5, "percent", ""),
        ("Results claimed, of those paid for", 0.2, "percent", ""),
        ("Assumed cost of the families attached", 80_000, "pounds", "£10,000 a family"),
        ("The centre's part, as it was announced", 32_000, "pounds", "40% of the cost"),
        ("The council's own share", 80_000 - 22_400, "pounds", "the cost less what the centre pays"),
        ("The centre's part, as it comes out", 28, "percent", "received with the forecast, of the assumed cost"),
    ]


def test_where_nobody_has_joined_no_share_of_a_cost_is_worked_out() -> None:
    rules = council(1)
    costs = cost_programme(FORECAST.head(0), states(), claimed(), rules, as_of=AS_OF)
    told = local_share(costs.by_year, rules).set_index("line")["number"]
    assert pd.isna(told["The centre's part, as it comes out"])
    assert "Attached, of those paid for" not in told.index, "five sixths of one family are none"


@pytest.mark.parametrize(("council_s", "number", "millions"), [
    ("Birmingham", 4180, 13.9), ("Lancashire", 2630, 8.8), ("Sheffield", 1680, 5.6)])
def test_five_sixths_agrees_with_the_maxima_that_were_published(council_s, number, millions) -> None:  # type: ignore[no-untyped-def]
    assert share_of(number)["The most that the centre pays"] / 1e6 == pytest.approx(millions, abs=0.05), council_s


def test_without_an_indicative_number_the_counts_are_told_and_the_setting_is_named() -> None:
    rules = council()
    costs = cost_programme(FORECAST, states(), claimed(), rules, as_of=AS_OF)
    table = local_share(costs.by_year, rules).set_index("line")
    assert pd.isna(table.loc["Indicative number", "number"])
    assert "criteria.allocation.indicative_number" in table.loc["Indicative number", "basis"]
    assert table.loc["Families attached", "number"] == 8


@pytest.mark.parametrize(("joined", "group", "first", "later"), [
    pytest.param(12, 1, 12 * 2400, 0, id="all of the first year's families"),
    pytest.param(9, 1, 12 * 2400, 0, id="75% to the letter is the first group"),
    pytest.param(8, 2, 12 * 1200, 12 * 1200, id="two thirds: half now, half when caught up"),
    pytest.param(4, 2, 12 * 1200, 12 * 1200, id="33.3% is the second group"),
    pytest.param(3, 3, 0, 12 * 2400, id="a quarter: withheld"),
])
def test_the_second_year_s_fees_by_what_the_first_achieved(joined: int, group: int, first: int, later: int) -> None:
    rules = council(44)
    families = caseload(*((f"F{number}", "2012-09-01") for number in range(joined)), ("L", "2013-04-01"))
    told = second_year_fees(earned_fees(families, rules, AS_OF), rules).set_index("line")["number"]
    assert told["Families agreed for 2012/13"] == 12, "a third of 36, which are five sixths of 44"
    assert told["Group"] == group
    assert told["Fees of 2013/14 paid in its first quarter"] == first
    assert told["Fees of 2013/14 that come later, if at all"] == later


def test_the_second_year_s_fees_as_they_are_read() -> None:
    rules = council(44)
    families = caseload(*((f"F{number}", "2012-09-01") for number in range(8)), ("L", "2013-04-01"))
    third = f"1/3 of those paid for: {rules.costs.families_a_year.source}"
    assert lines(second_year_fees(earned_fees(families, rules, AS_OF), rules)) == [
        ("Families agreed for 2012/13", 12, "families", third),
        ("Of them worked with", 8, "families", "attached by 31 March 2013"),
        ("Share of the year's families", 66.7, "percent", ""),
        ("Group", 2, "group",
         "from 33% to below 75%: half in the first quarter, the rest from July to September if caught up"),
        ("Families agreed for 2013/14", 12, "families", third),
        ("Fees of 2013/14 paid in its first quarter", 14_400, "pounds", ""),
        ("Fees of 2013/14 that come later, if at all", 14_400, "pounds", ""),
    ]


def test_what_was_not_agreed_cannot_be_staged() -> None:
    nothing = council()
    told = second_year_fees(earned_fees(FORECAST, nothing, AS_OF), nothing)
    assert told["line"].tolist() == ["Families agreed for 2012/13", "Of them worked with"]
    assert told["basis"].iloc[0] == "not in the settings: criteria.allocation"
    first = council(None, {"2012/13": 6})
    joined = caseload(*((f"F{number}", "2012-09-01") for number in range(5)))
    told = second_year_fees(earned_fees(joined, first, AS_OF), first).set_index("line")
    assert told.loc["Group", "basis"] == "75% or more: paid in full in the first quarter"
    assert told.loc["Families agreed for 2012/13", "basis"] == "the settings, the part that is paid for"
    assert len(told) == 4, "nothing is said of a second year of which nothing was agreed"


def test_what_was_agreed_for_a_year_goes_before_the_usual_third() -> None:
    rules = council(44, {"2012/13": 6, "2013/14": 12})
    told = second_year_fees(earned_fees(FORECAST, rules, AS_OF), rules).set_index("line")["number"]
    assert told["Families agreed for 2012/13"] == 5
    assert told["Families agreed for 2013/14"] == 10


def test_under_the_expanded_programme_nothing_is_staged_and_no_cost_is_assumed() -> None:
    rules = council(60, framework="expanded")
    families = caseload(("A", "2015-05-01"), ("B", "2016-05-01"))
    waiting = states({"family_ref": "A", "status": "not_yet", "route": "a", "could_be": "2016-12-01"})
    costs = cost_programme(families, waiting, claimed(), rules, as_of=date(2016, 9, 30))
    assert year(costs, IN_ALL)["fees"] == 2000
    assert quarter(costs, "2016/17-Q3", TO_COME)["results"] == 800
    assert "assumed_cost" not in year(costs, IN_ALL)
    assert second_year_fees(earned_fees(families, rules, AS_OF), rules).empty
    assert "The council's own share" not in set(local_share(costs.by_year, rules)["line"])


def test_the_tables_are_what_they_are_said_to_be_with_rows_and_without() -> None:
    rules = council(60)
    for cases, waiting in ((FORECAST, states({"family_ref": "F1", "status": "ready", "amount": 1600, "route": "b"})),
                           (FORECAST.head(0), states())):
        costs = cost_programme(cases, waiting, claimed(), rules, as_of=AS_OF)
        share, staged = local_share(costs.by_year, rules), second_year_fees(earned_fees(cases, rules, AS_OF), rules)
        made = costs._asdict() | {"share": share, "second_year_fees": staged, "assumptions": assumptions(rules)}
        for name, table in made.items():
            assert MANAGEMENT[name].validate(table, lazy=True).equals(table)


def test_the_order_of_the_rows_does_not_matter() -> None:
    waiting = states(*({"family_ref": f"F{number}", "status": "not_yet", "could_be": "2014-02-01"}
                       for number in range(8)))
    one = cost_programme(FORECAST, waiting, claimed(), council(6), as_of=AS_OF)
    other = cost_programme(FORECAST[::-1], waiting[::-1], claimed(), council(6), as_of=AS_OF)
    for name in Costs._fields:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@pytest.mark.parametrize(("day", "name"), [
    (date(2013, 4, 1), "2013/14-Q1"), (date(2013, 6, 30), "2013/14-Q1"), (date(2013, 7, 1), "2013/14-Q2"),
    (date(2013, 12, 31), "2013/14-Q3"), (date(2014, 1, 1), "2013/14-Q4"), (date(2014, 3, 31), "2013/14-Q4")])
def test_quarters_are_of_the_financial_year(day: date, name: str) -> None:
    assert quarter_of(day) == name


def test_quarters_follow_each_other_through_the_end_of_a_century() -> None:
    assert quarter_after("2013/14-Q4") == "2014/15-Q1"
    assert quarter_after("1999/00-Q4") == "2000/01-Q1"
    assert list(quarters_to("2013/14-Q4", "2014/15-Q2")) == ["2013/14-Q4", "2014/15-Q1", "2014/15-Q2"]
    assert list(quarters_to("2014/15-Q2", "2014/15-Q1")) == []
