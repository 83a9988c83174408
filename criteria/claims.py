"""Claims: which cases may be claimed for today, by which route and for how much, and what stops the others.

The results are judged elsewhere; here nothing is found out about a family but whether it may be claimed for.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from criteria.claims_blocks import Before, general_stops, look_back, look_beside
from criteria.claims_hinges import Behind, hinges_of, look_behind
from criteria.claims_money import beyond_allocation, financial_year, last_payment_day
from criteria.claims_routes import Asked, Way, beside, chosen, days_of, shown, stopped, ways_of
from criteria.claims_windows import Stop, make_ground
from criteria.framework import Framework
from criteria.results_table import day_words
from schemas.columns import TEXT, kinds_of
from schemas.programme import ClaimBlocks, ClaimStates
from schemas.words import Block, ClaimStatus


class Claimed(NamedTuple):
    """Each case and its claim (`ClaimStates`), each reason against one (`ClaimBlocks`), and what was counted."""

    states: pd.DataFrame
    blocks: pd.DataFrame
    counts: dict[str, int]


def judge_claims(
    cases: pd.DataFrame, members: pd.DataFrame, results: pd.DataFrame, earlier: pd.DataFrame, rules: Framework, *,
    as_of: date, evidence: pd.DataFrame | None = None, referred_only: Iterable[str] | None = None,
    untraced: Iterable[str] | None = None,
) -> Claimed:
    """Say of each case whether it is ready, blocked, not yet or claimed for.

    `cases`, `members`, `results` as `Cases`, `CaseMembers` and `Results`; `earlier` as `criteria.history.EARLIER`.
    `evidence`: the met facts that eligibility rests on (`criteria.entry.ENTRY`); `referred_only`: families that only a
    referral brought; `untraced`: persons whom DWP could not trace. One full payment a family, and none is raised later.
    Source: the framework's `claims` and `funding`, and the checks that audit asks for before a claim.
    """
    before, together = look_back(earlier, cases, members), look_beside(cases, members)
    behind, by_case = look_behind(evidence, referred_only), _by_case(results)
    lost = frozenset(untraced if untraced is not None else ())
    ground, judged = make_ground(results, rules, as_of=as_of), []
    for case in cases.sort_values("family_ref").to_dict("records"):
        asked = Asked(case, by_case.get(case["family_ref"], []), lost)
        ways = ways_of(asked, ground, as_of=as_of)
        if claims := _paid(case, before, rules):
            judged.append(_claimed(case, claims, ways))
            continue
        general = general_stops(case, before, together, rules, as_of=as_of)
        judged.append(_judged(asked, _with(ways, general, rules), general, behind, rules))
    _stop_beyond_allocation(judged, _years(before.claims, cases, rules), rules)
    return _tables(judged, before, cases)


class _Judged(NamedTuple):
    """A case's row in the making, and the blocks of every route; those of the route taken stand in the row."""

    case: dict[str, Any]
    said: dict[str, Any]
    stops: list[Stop]


def _by_case(results: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ordered = results.sort_values(["family_ref", "route", "measure", "problem", "person_id"], kind="stable")
    for row in ordered.to_dict("records"):
        found[row["family_ref"]].append(row)
    return found


def _paid(case: dict[str, Any], before: Before, rules: Framework) -> list[dict[str, Any]]:
    """The claims made for the case, where they are as many as a family may have."""
    claims = before.of_ref.get(case["family_ref"])
    if claims is None or len(claims) < rules.results.full_payments_per_family.value:
        return []
    return claims.to_dict("records")


def _claimed(case: dict[str, Any], claims: list[dict[str, Any]], ways: list[Way]) -> _Judged:
    last = claims[-1]
    told = [f"claimed on {day_words(claim['claimed_on'].date())}" for claim in claims]
    more = [way for way in ways if not way.stops and way.route != last["route"]]
    told += [f"route {way.route} is met too: recorded, and not paid" for way in more]
    amount = None if pd.isna(last["amount"]) else int(last["amount"])
    said = {"status": ClaimStatus.CLAIMED, "route": last["route"], "amount": amount, "rate_year": last["rate_year"],
            "reasons": "; ".join(told)}
    return _Judged(case, said, [])


def _with(ways: list[Way], general: list[Stop], rules: Framework) -> list[Way]:
    """Ways with what stops any claim, with a rate that is not there, and with a day that comes too late."""
    full = []
    for way in ways:
        stops = general + way.stops
        if way.rate.amount is None:
            stops = [*stops, Stop(Block.NO_RATE, f"the rate table has no amount for {way.rate.year}")]
        way, last = way._replace(stops=stops), last_payment_day(rules)
        if last is not None and way.could_be is not None and way.could_be > last:
            late = f"it could be on {day_words(way.could_be)}, and the last payments were made by {day_words(last)}"
            way = way._replace(stops=[*stops, Stop(Block.PAST_LAST_PAYMENT, late, route=way.route)])
        full.append(way)
    return full


def _judged(asked: Asked, ways: list[Way], general: list[Stop], behind: Behind, rules: Framework) -> _Judged:
    if not ways:
        stops = [*general, Stop(Block.NOTHING_SHOWN, "there is no result to claim for")]
        told = "; ".join(stop.detail for stop in stops)
        return _Judged(asked.case, {"status": ClaimStatus.BLOCKED, "blocks": stops, "reasons": told}, stops)
    way = chosen(ways)
    status = ClaimStatus.READY if not way.stops else ClaimStatus.NOT_YET if way.could_be else ClaimStatus.BLOCKED
    start, end = days_of(way)
    reasons = [stopped(way) or shown(way), beside(way, ways)]
    said: dict[str, Any] = {
        "status": status, "route": way.route, "amount": way.rate.amount, "rate_year": way.rate.year,
        "rate_table": way.rate.table, "result_start": start, "result_end": end, "could_be": way.could_be,
        "hinges": ";".join(hinges_of(asked.case, way.route, asked.rows, behind, rules)) or None,
        "blocks": way.stops, "reasons": "; ".join(reason for reason in reasons if reason),
    }
    every = [] if status == ClaimStatus.READY else [stop for one in ways for stop in one.stops]
    return _Judged(asked.case, said, every)


def _years(claims: pd.DataFrame, cases: pd.DataFrame, rules: Framework) -> pd.DataFrame:
    """Earlier claims, each with the year of its rate; where it is not recorded, by the rule of the framework."""
    attached = claims["family_ref"].map(cases.set_index("family_ref")["attached_on"])
    by_attachment = rules.claims.rate_year.value == "attached"
    days = attached.fillna(claims["claimed_on"]) if by_attachment else claims["claimed_on"]
    years = days.map(lambda day: financial_year(day.date())).astype(TEXT)
    return claims.assign(rate_year=claims["rate_year"].astype(TEXT).fillna(years))


def _stop_beyond_allocation(judged: list[_Judged], earlier: pd.DataFrame, rules: Framework) -> None:
    """Block, in place, the ready cases for which the allocation has no room."""
    ready = {one.case["family_ref"]: one for one in judged if one.said["status"] == ClaimStatus.READY}
    rows = [(ref, one.case["attached_on"], one.said["rate_year"]) for ref, one in ready.items()]
    frame = pd.DataFrame(rows, columns=["family_ref", "attached_on", "rate_year"])
    for ref, why in beyond_allocation(frame, earlier, rules).items():
        stop, one = Stop(Block.ALLOCATION_REACHED, why), ready[ref]
        one.stops.append(stop)
        one.said.update(status=ClaimStatus.BLOCKED, blocks=[stop], reasons=why)


def _tables(judged: list[_Judged], before: Before, cases: pd.DataFrame) -> Claimed:
    states = [{"family_ref": one.case["family_ref"], "family_id": one.case["family_id"], **one.said,
               "blocks": ";".join(dict.fromkeys(stop.block for stop in one.said.get("blocks", []))) or None}
              for one in judged]
    blocks = [{"family_ref": one.case["family_ref"], **stop._asdict()} for one in judged for stop in one.stops]
    by_status = [one.said["status"] for one in judged]
    capped = [one for one in judged if any(stop.block == Block.ALLOCATION_REACHED for stop in one.stops)]
    counts = {f"claims_{status}": by_status.count(status) for status in ClaimStatus}
    strange = ~before.claims["family_ref"].isin(cases["family_ref"])
    counts |= {"claims_capped": len(capped), "earlier_claims": len(before.claims),
               "earlier_claims_of_no_case": int(strange.sum())}
    told = _typed(pd.DataFrame(blocks), ClaimBlocks).drop_duplicates(ignore_index=True)
    return Claimed(_typed(pd.DataFrame(states), ClaimStates), told, counts)


def _typed(frame: pd.DataFrame, model: Any) -> pd.DataFrame:
    """A frame with a model's columns, each of its kind."""
    kinds = {name: str(kind) for name, kind in kinds_of(model).items()}
    frame = frame.reindex(columns=list(kinds))
    return pd.DataFrame({name: _column(frame[name], kind) for name, kind in kinds.items()}).reset_index(drop=True)


def _column(column: pd.Series, kind: str) -> pd.Series:
    if kind.startswith("datetime"):
        return pd.to_datetime(column).astype("datetime64[ns]")
    return column.astype(TEXT) if kind.startswith("string") else column.astype("Int64")
