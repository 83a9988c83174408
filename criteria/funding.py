"""What the programme brings and costs: the local share, fees and results by year, a forecast of today's caseload.

Decides no result and no claim: it adds up what was claimed, and what `claims` says could be.
"""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from criteria.claims_money import beyond_allocation, paid_families, rate_of
from criteria.framework import Framework
from criteria.quarters import last_quarter_paid, quarter_after, quarter_of, quarter_series, quarters_to, year_of
from schemas.columns import TEXT
from schemas.management import CostsByQuarter, CostsByYear, ForecastCases
from schemas.words import ClaimRoute, ClaimStatus, Verdict


class Costs(NamedTuple):
    """Frames as in `schemas.management`: by year (all of them last), by quarter, what the forecast counts."""

    by_year: pd.DataFrame
    by_quarter: pd.DataFrame
    forecast: pd.DataFrame


def cost_programme(
    cases: pd.DataFrame, states: pd.DataFrame, claimed: pd.DataFrame, rules: Framework, *, as_of: date
) -> Costs:
    """Fees and results earned up to `as_of`, and what today's caseload may still bring.

    `cases` and `states` as in `schemas.programme` (Cases, ClaimStates); `claimed` has a row for each claim that stands:
    claimed_on, family_ref, route, amount (pounds). Sources: the framework's funding, claims, costs and forecast.
    """
    fees = earned_fees(cases, rules, as_of)
    known = claimed[claimed["claimed_on"] <= pd.Timestamp(as_of)].reset_index(drop=True)
    results = _earned_results(known, cases, rules)
    waiting = states[(states["status"] != ClaimStatus.CLAIMED) & ~states["family_ref"].isin(known["family_ref"])]
    coming, told = _forecast(cases, waiting, len(known), rules, as_of)
    joining = _joining(int(fees["fee"].notna().sum()), rules, as_of)
    by_quarter = _by_quarter(fees, results, coming, joining)
    return Costs(_by_year(fees, by_quarter, rules), by_quarter, told)


def earned_fees(cases: pd.DataFrame, rules: Framework, as_of: date) -> pd.DataFrame:
    """Families attached up to `as_of`: family_ref, attached_on, year, quarter, fee (empty where none is paid).

    No fee where the family is not counted (`costs.fee_counts`), where every place that is paid for was taken by a
    family attached before, and in a year without a rate.
    """
    known = cases.loc[cases["attached_on"] <= pd.Timestamp(as_of), ["family_ref", "attached_on"]].copy()
    known["quarter"] = quarter_series(known["attached_on"])
    known["year"] = known["quarter"].map(year_of)
    verdict = cases["eligible_at_attachment"].reindex(known.index)
    counts = {
        "not_ineligible": verdict != Verdict.NOT_MET,
        "evidenced": verdict == Verdict.MET,
        "all": verdict.notna(),
    }[rules.costs.fee_counts.value]
    places = known[counts].assign(rate_year=known["year"])
    beyond = beyond_allocation(places, _no_claims(), rules)
    counted = counts & ~known["family_ref"].isin(list(beyond))
    fee = known["year"].map(rules.funding.attachment_fee.value).astype("Int64")
    return known.assign(fee=fee.where(counted))


def _earned_results(known: pd.DataFrame, cases: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    """The quarter and pounds of each claim: the amount claimed, or what the table pays where none is given."""
    attached = cases.set_index("family_ref")["attached_on"]
    rows = known[["family_ref", "route", "claimed_on", "amount"]].itertuples(index=False)
    pounds = [
        int(amount) if pd.notna(amount) else _rate(route, attached.get(ref, day), day.date(), rules)
        for ref, route, day, amount in rows
    ]
    return pd.DataFrame({"quarter": quarter_series(known["claimed_on"]), "pounds": pd.array(pounds, dtype="Int64")})


def _rate(route: object, attached_on: pd.Timestamp, day: date, rules: Framework) -> int:
    known = ClaimRoute(route) if isinstance(route, str) else ClaimRoute(rules.forecast.route.value)
    return rate_of(known, attached_on.date(), day, rules).amount or 0


def _forecast(
    cases: pd.DataFrame, waiting: pd.DataFrame, claims: int, rules: Framework, as_of: date
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the cases not claimed for may bring: quarter, claims, pounds; and how many were counted, by their state."""
    waiting = waiting.merge(cases[["family_ref", "attached_on"]], on="family_ref")
    said = waiting.assign(quarter=_quarter_of_claim(waiting, rules, as_of), left_out=pd.NA)
    said["pounds"] = _pounds_of_claim(said, rules)
    said["left_out"] = _left_out(said, claims, rules)
    kept = said[said["left_out"].isna()]
    by_quarter = kept.groupby(["quarter", "status"], as_index=False).agg(claims=("pounds", "size"),
                                                                         pounds=("pounds", "sum"))
    percent = by_quarter["status"].map(_percents(rules))
    for name in ("claims", "pounds"):
        by_quarter[name] = [_part(number, share) for number, share in zip(by_quarter[name], percent, strict=True)]
    return by_quarter, _told(said, by_quarter)


def _percents(rules: Framework) -> dict[str, Decimal]:
    return {ClaimStatus.READY: Decimal(100), ClaimStatus.NOT_YET: rules.forecast.not_yet_percent.value,
            ClaimStatus.BLOCKED: rules.forecast.blocked_percent.value}


def _part(number: int, percent: Decimal) -> int:
    """So many percent of a number, the part of a whole left off."""
    return int(number * percent // 100)


def _quarter_of_claim(cases: pd.DataFrame, rules: Framework, as_of: date) -> pd.Series:
    """The quarter in which each case is taken to be claimed for; empty where no day is known."""
    now = quarter_of(as_of)
    ready = now if rules.forecast.ready_in.value == "this_quarter" else quarter_after(now)
    undated = last_quarter_paid(rules) if rules.forecast.undated.value == "last_quarter" else None
    day = cases["could_be"].where(cases["could_be"] > pd.Timestamp(as_of), pd.Timestamp(as_of))
    dated = quarter_series(day).where(cases["could_be"].notna(), undated)
    return pd.Series(np.where(cases["status"] == ClaimStatus.READY, ready, dated), index=cases.index, dtype=TEXT)


def _pounds_of_claim(cases: pd.DataFrame, rules: Framework) -> pd.Series:
    rows = cases[["amount", "route", "attached_on", "could_be", "quarter"]].itertuples(index=False)
    pounds = [
        int(amount) if pd.notna(amount)
        else 0 if pd.isna(quarter)
        else _rate(route, attached, day.date() if pd.notna(day) else _first_day(quarter), rules)
        for amount, route, attached, day, quarter in rows
    ]
    return pd.Series(pounds, index=cases.index, dtype="Int64")


def _first_day(quarter: str) -> date:
    year, number = int(quarter[:4]), int(quarter[-1])
    return date(year + (number == 4), (number * 3) % 12 + 1, 1)


def _left_out(cases: pd.DataFrame, claims: int, rules: Framework) -> pd.Series:
    """Why a case brings nothing: no day, paid for no more, no place left, blocked. Empty where it brings something."""
    why = pd.Series(pd.NA, index=cases.index, dtype=TEXT)
    end = last_quarter_paid(rules)
    if rules.forecast.blocked_percent.value == 0:
        why[cases["status"] == ClaimStatus.BLOCKED] = "blocked"
    why[why.isna() & cases["quarter"].isna()] = "no day is known on which it could be claimed for"
    if end is not None:
        why[why.isna() & (cases["quarter"] > end)] = "after the last payment"
    left = cases[why.isna()]
    left = left.assign(attached_on=left["could_be"].fillna(pd.Timestamp.min), rate_year=left["quarter"].map(year_of))
    beyond = beyond_allocation(left, _no_claims(claims), _without_years(rules))
    why[cases["family_ref"].isin(list(beyond))] = "no place that is paid for is left"
    return why


def _without_years(rules: Framework) -> Framework:
    """The rules with the allocation in all and not by year: a forecast does not know in which year one is attached."""
    return rules.model_copy(update={"allocation": rules.allocation.model_copy(update={"by_year": {}})})


def _no_claims(taken: int = 0) -> pd.DataFrame:
    """So many places taken, of no year."""
    return pd.DataFrame({"rate_year": pd.Series([""] * taken, dtype=TEXT)})


def _told(said: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """A row for each state and reason: cases, families, in_forecast, pounds, why."""
    rows = []
    for (state, why), group in said.fillna({"left_out": ""}).groupby(["status", "left_out"], sort=True):
        brings = counted[counted["status"] == state] if not why else counted.head(0)
        name = STATES[state] + (f": {why}" if why and why != state else "")
        rows.append((name, len(group), int(brings["claims"].sum()), int(brings["pounds"].sum()), why or None))
    table = pd.DataFrame(rows, columns=list(ForecastCases.__annotations__))
    return table.astype({"cases": TEXT, "why": TEXT, **dict.fromkeys(("families", "in_forecast", "pounds"), "Int64")})


STATES = {ClaimStatus.READY: "ready", ClaimStatus.NOT_YET: "not yet", ClaimStatus.BLOCKED: "blocked"}


def _joining(counted: int, rules: Framework, as_of: date) -> pd.DataFrame:
    """Families that the settings assume will join: quarter, families, fees; only in years with a rate."""
    each, rates = rules.forecast.new_families_a_quarter.value, rules.funding.attachment_fee.value
    number = rules.allocation.indicative_number
    room = each * 400 if number is None else max(paid_families(number, rules) - counted, 0)
    rows = []
    for quarter in quarters_to(quarter_after(quarter_of(as_of)), f"{max(rates)}-Q4") if each else []:
        families = min(each, room)
        room -= families
        rows.append((quarter, families, families * rates.get(year_of(quarter), 0)))
    return pd.DataFrame(rows, columns=["quarter", "families", "fees"])


def _by_quarter(
    fees: pd.DataFrame, results: pd.DataFrame, coming: pd.DataFrame, joining: pd.DataFrame
) -> pd.DataFrame:
    parts = [
        _added(fees, "earned", families=("fee", "count"), fees=("fee", "sum")),
        _added(results, "earned", claims=("pounds", "size"), results=("pounds", "sum")),
        _added(joining, "forecast", families=("families", "sum"), fees=("fees", "sum")),
        _added(coming, "forecast", claims=("claims", "sum"), results=("pounds", "sum")),
    ]
    table = pd.concat([part for part in parts if len(part)], ignore_index=True) if any(map(len, parts)) else parts[0]
    counts = ["families", "fees", "claims", "results"]
    table = table.reindex(columns=["quarter", "kind", *counts]).astype(dict.fromkeys(counts, "Int64"))
    summed = table.groupby(["quarter", "kind"], as_index=False)[counts].sum()
    return summed.astype({"quarter": TEXT, "kind": TEXT})[list(CostsByQuarter.__annotations__)]


def _added(rows: pd.DataFrame, kind: str, **sums: Any) -> pd.DataFrame:
    return rows.groupby("quarter", as_index=False).agg(**sums).assign(kind=kind)


def _by_year(fees: pd.DataFrame, by_quarter: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    paid = rules.funding
    years = sorted({*paid.attachment_fee.value, *fees["year"], *by_quarter["quarter"].map(year_of)})
    table = pd.DataFrame({"financial_year": pd.Series(years, dtype=TEXT)})
    table["fee_rate"] = table["financial_year"].map(paid.attachment_fee.value).astype("Int64")
    table["results_rate"] = table["financial_year"].map(paid.results_payment.value).astype("Int64")
    table["fee_percent"] = (table["fee_rate"] * 100) // (table["fee_rate"] + table["results_rate"])
    table["families_attached"] = _per_year(fees.groupby("year").size(), table)
    sums = by_quarter.assign(year=by_quarter["quarter"].map(year_of)).groupby(["kind", "year"])[_COUNTS].sum()
    for kind, names in _YEAR_COLUMNS.items():
        held = sums.loc[kind] if kind in sums.index.get_level_values(0) else pd.DataFrame(columns=_COUNTS)
        table = table.assign(**{new: _per_year(held[old], table) for old, new in names.items()})
    table = pd.concat([table, _in_all(table)], ignore_index=True)
    return _with_shares(table, rules).reindex(columns=list(CostsByYear.__annotations__))


_COUNTS = ["families", "fees", "claims", "results"]
_YEAR_COLUMNS = {
    "earned": dict(zip(_COUNTS, ("families_counted", "fees", "claims", "results"), strict=True)),
    "forecast": {name: f"forecast_{name}" for name in _COUNTS},
}
IN_ALL = "all years"


def _per_year(counts: pd.Series, table: pd.DataFrame) -> pd.Series:
    return table["financial_year"].map(counts).astype("Int64").fillna(0)


def _in_all(table: pd.DataFrame) -> pd.DataFrame:
    sums = table.drop(columns=["financial_year", "fee_rate", "results_rate", "fee_percent"]).sum()
    return pd.DataFrame([{"financial_year": IN_ALL, **sums}]).astype(table.dtypes.drop(
        ["fee_rate", "results_rate", "fee_percent"]).to_dict())


def _with_shares(table: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    """With what came in, what it is assumed to cost, and what of that the council bears."""
    cost, central = rules.funding.assumed_cost.value, rules.funding.central_share_percent.value
    received = table["fees"] + table["results"]
    both = received + table["forecast_fees"] + table["forecast_results"]
    assumed = (table["families_attached"] + table["forecast_families"]) * cost if cost is not None else pd.NA
    table = table.assign(received=received, received_with_forecast=both)
    table["assumed_cost"] = pd.Series(assumed, index=table.index, dtype="Int64")
    part = pd.NA if central is None else (table["assumed_cost"].astype("Float64") * float(central) / 100).round()
    table["central_assumed"] = pd.Series(part, index=table.index).astype("Int64")
    table["council_share"] = table["assumed_cost"] - both
    return table
