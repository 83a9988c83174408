"""The routes by which a case may be paid, what stops each, and which is taken; judges no result itself."""

from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from criteria.claims_money import Rate, rate_of
from criteria.claims_windows import NAMES, UNTESTED, Ground, Part, Stop, as_date, part_name, stops_of
from schemas.words import Block, ClaimRoute, Measure, ResultVerdict


PREFERRED = (ClaimRoute.A, ClaimRoute.A_PROGRESS, ClaimRoute.B)
"""The order among routes that pay the same, or are stopped alike."""


UNMET = (ResultVerdict.NOT_MET, ResultVerdict.UNKNOWN, ResultVerdict.VOID)


class Way(NamedTuple):
    """A route that a case might be paid by: its parts, what stops it, what it pays."""

    route: ClaimRoute
    rows: list[dict[str, Any]]
    stops: list[Stop]
    rate: Rate

    @property
    def shows(self) -> bool:
        """Whether the results of all its parts are what a payment needs."""
        return not any(row["verdict"] in UNMET for row in self.rows)

    @property
    def could_be(self) -> date | None:
        """The day on which everything that stops it has lifted by itself; None where something does not."""
        days = [stop.until for stop in self.stops]
        return max((day for day in days if day), default=None) if all(days) else None


class Asked(NamedTuple):
    """A case with the results of its family and of its persons, and who of it DWP could not trace."""

    case: dict[str, Any]
    rows: list[dict[str, Any]]
    untraced: frozenset[str]


def ways_of(asked: Asked, ground: Ground, *, as_of: date) -> list[Way]:
    """Every route of which the results hold something, with what stops it (but not what stops any claim)."""
    family = [row for row in asked.rows if not isinstance(row["person_id"], str)]
    own = {route: [row for row in family if row["route"] == route and _applies(row, route)] for route in PREFERRED}
    ways = []
    for route in PREFERRED:
        if not own[route]:
            continue
        rows = own[ClaimRoute.A] + own[route] if route == ClaimRoute.A_PROGRESS else own[route]
        rate = rate_of(route, asked.case["attached_on"].date(), as_of, ground.rules)
        ways.append(Way(route, rows, list(_stops(asked, route, rows, ground)), rate))
    return ways


def chosen(ways: list[Way]) -> Way:
    """The way to take: of those that nothing stops the one that pays most; else the one that could be soonest.

    Where neither is: a way whose result is met before one whose is not, and Route A before Route B.
    """
    ready = [way for way in ways if not way.stops]
    if ready:
        return max(ready, key=lambda way: (way.rate.amount or 0, -PREFERRED.index(way.route)))
    later = [(way.could_be, -(way.rate.amount or 0), PREFERRED.index(way.route), way) for way in ways if way.could_be]
    if later:
        return min(later, key=lambda one: one[:3])[3]
    return min(ways, key=lambda way: (not way.shows, PREFERRED.index(way.route)))


def shown(way: Way) -> str:
    """What the results of a way say, in words."""
    return "; ".join(f"{part_name(row)}: {row['reason']}" for row in way.rows)


def stopped(way: Way) -> str:
    """What stops a way, in words."""
    return "; ".join(dict.fromkeys(stop.detail for stop in way.stops))


def beside(way: Way, ways: list[Way]) -> str | None:
    """What is to be known of the other route: that its result is met, and what stops it, where it would be taken."""
    for other in ways:
        is_other = (other.route == ClaimRoute.B) != (way.route == ClaimRoute.B)
        better = bool(way.stops) or (other.rate.amount or 0) > (way.rate.amount or 0)
        if is_other and other.shows and other.stops and better:
            return f"by route {other.route} it is met, and would pay £{other.rate.amount or 0:,}, but: {stopped(other)}"
    return None


def days_of(way: Way) -> tuple[date | None, date | None]:
    """The first and the last day of the result windows of a way."""
    starts = [day for row in way.rows if (day := as_date(row["result_start"]))]
    ends = [day for row in way.rows if (day := as_date(row["result_end"]))]
    return min(starts, default=None), max(ends, default=None)


def _applies(row: dict[str, Any], route: ClaimRoute) -> bool:
    """Progress to work and employment are ways of their own: where they do not apply there is no way."""
    return route == ClaimRoute.A or row["verdict"] != ResultVerdict.NOT_APPLICABLE


def _stops(asked: Asked, route: ClaimRoute, rows: list[dict[str, Any]], ground: Ground) -> Iterator[Stop]:
    case = asked.case
    days = as_date(case["eligible_on"]), as_date(case["first_contact_on"])
    for row in rows:
        yield from stops_of(Part(row, *days, _lacking(asked.rows, row), _tested(asked.rows, row)), ground)
    if route != ClaimRoute.B and all(row["verdict"] in UNTESTED for row in rows if row["route"] == ClaimRoute.A):
        told = "no part of the result was tested, so nothing shows that the family changed"
        yield Stop(Block.NOTHING_SHOWN, told, route=ClaimRoute.A)
    if route == ClaimRoute.B:
        yield from _untraced(asked)


def _tested(rows: list[dict[str, Any]], family: dict[str, Any]) -> bool:
    """Whether any one person was tested in this part of the result."""
    own = (row for row in rows if row["measure"] == family["measure"] and isinstance(row["person_id"], str))
    return any(row["verdict"] == ResultVerdict.MET for row in own)


def _lacking(rows: list[dict[str, Any]], family: dict[str, Any]) -> str:
    """What is missing for a part that cannot be told, where its persons' rows say."""
    told = [row["reason"] for row in rows if isinstance(row["person_id"], str) and row["route"] == family["route"]
            and row["measure"] == family["measure"] and row["verdict"] == ResultVerdict.UNKNOWN]
    return "; ".join(dict.fromkeys(told))


def _untraced(asked: Asked) -> Iterator[Stop]:
    """The adult in work came off a benefit, which DWP must be able to say."""
    tried = {row["person_id"] for row in asked.rows
             if row["route"] == ClaimRoute.B and row["verdict"] in (ResultVerdict.MET, ResultVerdict.UNKNOWN)}
    for person in sorted(asked.untraced & tried):
        told = f"{NAMES[Measure.EMPLOYMENT]}: DWP could not trace {person}"
        yield Stop(Block.NOT_TRACED, told, route=ClaimRoute.B)
