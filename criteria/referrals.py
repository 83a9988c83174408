"""Referrals: by which route a family came, and what its referrer is told; changes no verdict and lowers no test."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from criteria.eligibility import Kind, Outcome
from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.verdicts import MET, UNKNOWN, Decided
from schemas.columns import TEXT, empty_table
from schemas.extracts import EXTRACTS
from schemas.keys import positions
from schemas.programme import ReferralOutcomes
from schemas.words import Criterion, Route
from schemas.words import Outcome as Became


REFERRALS = "referrals"
PLACES = ("address", "uprn")
CHILD_OF_CONTACT = "child_person_id"

Judge = Callable[[Roster, Placed], np.ndarray]
"""Which households of a roster are eligible (a flag each), by the same test as any other."""


def find_routes(eligible: np.ndarray, facts: Placed, roster: Roster, judge: Judge) -> np.ndarray:
    """The route of each household: `wash` where nobody was referred; `referral` where an eligible household would not
    be without what only its referral says; `both` otherwise.

    Left out for that are members whom only rows of referrals put in the home: no row of another extract gives them an
    address or UPRN, and no contact ties them. Our reading; no source says how a referred family is told apart.
    """
    route = np.full(roster.size, str(Route.WASH), dtype=object)
    named = referred_rows(facts, roster)
    if named is None or named.empty:
        return route
    homes = np.unique(named.loc[named["household"] >= 0, "household"].to_numpy())
    route[homes] = str(Route.BOTH)
    homes = homes[eligible[homes]]
    alone = _placed_by_referral_alone(homes, facts, roster)
    homes = np.unique(roster.home[alone])
    if len(homes):
        fewer, known = _without(alone, homes, facts, roster)
        route[homes[~judge(fewer, known)]] = str(Route.REFERRAL)
    return route


def referred_rows(facts: Placed, roster: Roster) -> pd.DataFrame | None:
    """The rows of referrals up to the as-of date, each with its member and household; None where none were given."""
    rows = facts.rows(REFERRALS, ("referral_ref", "referred_on", "agency"))
    return None if rows is None else rows[rows["referred_on"] <= pd.Timestamp(roster.as_of)].reset_index(drop=True)


def _placed_by_referral_alone(homes: np.ndarray, facts: Placed, roster: Roster) -> np.ndarray:
    """The members of these homes whom a referral puts there and nothing else does: positions."""
    placed = np.zeros(len(roster.person_id) + 1, dtype=bool)
    placed[_given_a_place(REFERRALS, facts)] = True
    placed[:-1] &= np.isin(roster.home, homes)
    placed[-1] = False
    if not placed.any():
        return np.flatnonzero(placed)
    for name in facts.member:
        if name != REFERRALS:
            placed[_given_a_place(name, facts)] = False
    placed[_tied(np.flatnonzero(placed), facts, roster)] = False
    return np.flatnonzero(placed)


def _given_a_place(extract: str, facts: Placed) -> np.ndarray:
    """The members (positions, -1 among them) to whom a row of the extract gives an address or a UPRN."""
    table = facts.tables[extract]
    given = [table[place].notna().to_numpy() for place in PLACES if place in table]
    return facts.member[extract][np.any(given, axis=0)] if given else np.zeros(0, dtype=np.int64)


def _tied(members: np.ndarray, facts: Placed, roster: Roster) -> np.ndarray:
    """Those of the members whom a contact ties to somebody: as the adult, or as the child."""
    if "contacts" not in facts.member:
        return members[:0]
    contacts = facts.tables["contacts"]
    tied = np.isin(members, facts.member["contacts"])
    if CHILD_OF_CONTACT in contacts:
        tied |= positions(roster.person_id.take(members), contacts[CHILD_OF_CONTACT]) >= 0
    return members[tied]


def _without(gone: np.ndarray, homes: np.ndarray, facts: Placed, roster: Roster) -> tuple[Roster, Placed]:
    """The roster of these homes without these members, and the facts that are left, by their new positions."""
    kept = np.isin(roster.home, homes)
    kept[gone] = False
    at = np.flatnonzero(kept)
    fewer = roster._replace(
        households=roster.households.take(homes).reset_index(drop=True),
        person_id=roster.person_id.take(at).reset_index(drop=True), home=np.searchsorted(homes, roster.home[at]),
        born=roster.born[at], age=roster.age[at], child=roster.child[at], confidence=roster.confidence[at],
        day=None if roster.day is None else roster.day[homes])
    tables, member, home = dict(facts.tables), {}, {}
    for name in facts.home:
        here = np.isin(facts.home[name], homes) & ~np.isin(facts.member[name], gone)
        rows = np.flatnonzero(here | (not EXTRACTS[name].person))
        tables[name] = facts.tables[name].take(rows)
        member[name] = _at(facts.member[name][rows], at)
        home[name] = _at(facts.home[name][rows], homes)
    return fewer, Placed(tables, member, home)


def _at(places: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """Positions among those that are kept (in order); -1 for the others."""
    found = np.minimum(np.searchsorted(kept, places), max(len(kept) - 1, 0))
    known = (kept[found] == places) if len(kept) else np.zeros(len(places), dtype=bool)
    return np.where(known, found, -1)


class Standing(NamedTuple):
    """How the households stand: verdicts and what they came to, whom the programme is for.

    `with_child`, `with_place`: those in which a child is known, and those of which it is known where they are. `tell`:
    the criteria that a referrer may be told of.
    """

    decided: dict[Criterion, Decided]
    outcome: Outcome
    kind: Kind
    with_child: np.ndarray
    with_place: np.ndarray
    needed: str
    tell: tuple[Criterion, ...]


def stand(
    decided: dict[Criterion, Decided], outcome: Outcome, kind: Kind, roster: Roster, *, rules: Framework
) -> Standing:
    """How the households stand under these rules.

    A referrer is not told of work, which rests on what DWP said, unless the council's settings say so: to pass that on
    without authority is an offence (Welfare Reform Act 2012, sections 131 and 132).
    """
    national = rules.national
    alone, fewer, local = (one.value for one in (national.enough_alone, national.enough_with_local,
                                                 national.local_needed))
    or_local = f", or {fewer} and {local} of the council's own" if fewer < alone else ""
    tell = tuple(name for name in decided if name != Criterion.WORK or rules.panel.tell_referrers_of_work)
    needed = f"{alone} of the {len(national.criteria.value)} national criteria{or_local}"
    place = roster.households[[*PLACES]].notna().any(axis=1).to_numpy()
    return Standing(decided, outcome, kind, roster.any_member(roster.child), place, needed, tell)


NAMES = {Criterion.CRIME_ASB: "crime and anti-social behaviour", Criterion.LOCAL: "the council's own criteria"}
SETTLES = {
    Criterion.CRIME_ASB: "complete records of offences and sanctions", Criterion.WORK: "DWP's answer about the adults",
    Criterion.EDUCATION: "the schools' and the education service's records",
    Criterion.LOCAL: "the records of the services that the council's own criteria rest on",
}
AGES = "the children's dates of birth"
NO_HOME = ("Nobody whom the referral names was found in a home. An address with its postcode, or a UPRN, and dates of "
           "birth would settle it.")
NO_CHILD = ("Does not qualify: no child is known in the home. If there is one, its names, date of birth and school "
            "would settle it.")
TOO_YOUNG = "Does not qualify: the only children known in the home are below school age."


def referral_outcomes(facts: Placed, roster: Roster, standing: Standing) -> pd.DataFrame:
    """What became of every referral made up to the as-of date: the columns of ReferralOutcomes.

    Of several homes of one referral's people the one that stands best is told, then the one with most of them. A
    reference is its agency's own: two agencies may use the same.
    """
    rows = referred_rows(facts, roster)
    empty = empty_table(ReferralOutcomes)
    if rows is None or rows.empty:
        return empty
    keys = ["referral_ref", "agency"]
    rows = rows.assign(place=_place(rows["household"].to_numpy(), standing))
    best = _best_home(rows, keys)
    first = rows.groupby(keys, sort=True)["referred_on"].min().reset_index()
    table = first.merge(best, on=keys)
    home = table["household"].to_numpy()
    family = roster.households["family_id"].array.take(home, allow_fill=True)
    open_to_all = standing._replace(decided={name: standing.decided[name] for name in standing.tell})
    said, told = ([_say(at, known) for at in home] for known in (standing, open_to_all))
    full = table.assign(family_id=pd.Series(family, dtype=TEXT), outcome=_texts([str(one) for one, _ in said]),
                        why=_texts([why for _, why in said]), told=_texts([why for _, why in told]))
    return full[list(empty.columns)].astype(empty.dtypes)


def _named(criterion: Criterion) -> str:
    return NAMES.get(criterion) or criterion.replace("_", " ")


def _texts(values: list[str]) -> Any:
    return pd.array(values, dtype=TEXT)


def _place(home: np.ndarray, standing: Standing) -> np.ndarray:
    """How well each home stands: 4 eligible, 3 undetermined, 2 a family the programme is for, 1 other, 0 none."""
    eligible, undetermined = standing.outcome.eligible, standing.outcome.undetermined
    rank = np.where(eligible, 4, np.where(undetermined, 3, np.where(standing.kind.suits, 2, 1)))
    return np.append(rank, 0)[home]


def _best_home(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    people = rows.groupby([*keys, "household", "place"], sort=True)["member"].nunique().reset_index()
    order = people.sort_values([*keys, "place", "member", "household"], ascending=[True, True, False, False, True])
    return order.drop_duplicates(keys)[[*keys, "household"]]


def _say(home: int, standing: Standing) -> tuple[Became, str]:
    """What became of a referral whose people live in this home (-1: in none), and why."""
    if home < 0 or not (standing.with_child[home] or standing.with_place[home]):
        return Became.NOT_FOUND, NO_HOME
    if not (standing.kind.suits[home] or standing.kind.unsure[home]):
        return Became.NOT_ELIGIBLE, TOO_YOUNG if standing.with_child[home] else NO_CHILD
    by = {MET: "Met", 0: "Not met", UNKNOWN: "Not known"}
    lists = {said: [name for name, one in standing.decided.items() if one.verdict[home] == verdict]
             for verdict, said in by.items()}
    parts = [f"{said}: {', '.join(_named(name) for name in names)}." for said, names in lists.items() if names]
    if standing.outcome.eligible[home]:
        return Became.ELIGIBLE, " ".join(["Qualifies.", *parts])
    if standing.outcome.undetermined[home]:
        settles = [SETTLES.get(name, SETTLES[Criterion.LOCAL]) for name in lists["Not known"]]
        settles = list(dict.fromkeys([*settles, *([AGES] if standing.kind.unsure[home] else [])]))
        would = [f"What would settle it: {'; '.join(settles)}."] if settles else []
        return Became.UNDETERMINED, " ".join(["May still qualify.", *parts, *would])
    return Became.NOT_ELIGIBLE, " ".join(["Does not qualify.", *parts, f"Needed: {standing.needed}."])
