"""A town washed month after month, each wash after the one before, as the shell does it."""

from datetime import date
from typing import NamedTuple

import pandas as pd

from criteria import Assessment, Followed, History, People, follow, load_framework
from criteria.history import no_earlier_claims
from schemas.columns import TEXT
from tests.criteria.town import Town


class Month(NamedTuple):
    """A wash: the town, its list, and what followed."""

    town: Town
    listed: Assessment
    followed: Followed

    def case(self, ref: str = "C1") -> dict:
        """A case, with its flags as a list."""
        row = self.followed.cases.set_index("family_ref").loc[ref].to_dict()
        return row | {"flags": [] if pd.isna(row["flags"]) else row["flags"].split(";")}

    def events(self, day: date | None = None) -> list[tuple]:
        """What this wash told first (or the wash of another day): family, event, person, detail."""
        told = self.followed.family_events
        told = told[told["seen_on"] == pd.Timestamp(day or self.town.as_of)]
        rows = told[["family_id", "event", "person_id", "detail"]].astype(object)
        return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))


def wash(town: Town, before: Month | None = None, changes: list[tuple] = [], claims: list[tuple] = []) -> Month:  # noqa: B006
    """Wash a town after `before`. `changes`: kind, id, previous id, change; `claims`: claim id, day, family_ref."""
    listed = town.assess()
    done = follow(people_of(town), town.facts(), listed, _history(before, changes, claims), load_framework(),
                  as_of=town.as_of)
    return Month(town, listed, done)


def people_of(town: Town) -> People:
    """The town's people, in homes with the addresses that a test gave them."""
    people = town.people()
    given = {name: pd.array([home.get(name) for home in town.households], dtype=TEXT)
             for name in ("address", "postcode", "uprn")}
    return people._replace(households=people.households.assign(**given))


def _history(before: Month | None, changes: list[tuple], claims: list[tuple]) -> History:
    earlier = no_earlier_claims()
    if claims:
        rows = pd.DataFrame(claims, columns=["claim_id", "claimed_on", "family_ref"])
        earlier = rows.assign(claimed_on=pd.to_datetime(rows["claimed_on"])).reindex(columns=earlier.columns)
        earlier = earlier.astype(no_earlier_claims().dtypes)
    if before is None:
        return History(earlier=earlier)
    moved = pd.DataFrame(changes, columns=["kind", "id", "previous_id", "change"], dtype=TEXT)
    kept = {name: getattr(before.followed, name)
            for name in ("snapshots", "snapshot_evidence", "family_events", "cases")}
    homes = people_of(before.town).households
    return History(**kept, master_list=before.listed.families, households=homes, changes=moved, earlier=earlier)


def eligible(town: Town, name: str, **children: str) -> Town:
    """A household that has been eligible since 1 February 2013: an order, a child out of school, and a claimant."""
    child, adult = f"Kit of {name}", f"Mum of {name}"
    town.family(name, children={child: "2001-05-05", **children}, adults=[adult])
    return qualify(town, child, adult)


def qualify(town: Town, child: str, adult: str, day: str = "2013-02-01") -> Town:
    """Facts that make a household eligible from `day` on, by crime, education and work."""
    town.row("asb", child, event_date=day)
    town.row("education_status", child, start_date=day)
    return town.row("dwp_benefits", adult, start_date="2012-01-02", as_at="2013-09-01")


def october(*names: str) -> Town:
    """The town a month later, with these households as they were."""
    town = Town(date(2013, 10, 31))
    for name in names:
        eligible(town, name)
    return town
