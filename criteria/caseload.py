"""The caseload as cases: whom each names, since when, at what tier, in which home; decides nothing of eligibility."""

from typing import NamedTuple

import pandas as pd

from criteria.facts import Facts, People
from schemas.columns import TEXT


class Caseload(NamedTuple):
    """Cases and their people.

    `cases`: family_ref, attached_on, first_contact_on, closed_on, tier, lead_agency, household_id, family_id, homes
    (how many households the named people live in). `named`: family_ref, person_id of whom the caseload names.
    """

    cases: pd.DataFrame
    named: pd.DataFrame


def read_caseload(facts: Facts, people: People, *, as_of: pd.Timestamp) -> Caseload:
    """Cases by family_ref. A row dated after `as_of`, and a date after it, does not exist yet.

    Attached and first contact: the earliest; closed: the latest, if every row is closed; tier and lead: of the row
    attached last. The home is the one in which most named people live (of equals, the lowest id).
    """
    table = facts.tables.get("caseload")
    if table is None:
        table = pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in _COLUMNS.items()})
    rows = table.loc[table["attached_on"] <= as_of, list(_COLUMNS)].reset_index(drop=True)
    for name in ("first_contact_on", "closed_on"):
        rows[name] = rows[name].where(rows[name] <= as_of)
    cases = _cases(rows)
    named = rows[["family_ref", "person_id"]].dropna().drop_duplicates()
    named = named.sort_values(["family_ref", "person_id"], ignore_index=True)
    return Caseload(cases.merge(_homes(named, people), how="left", on="family_ref"), named)


_COLUMNS = {"family_ref": TEXT, "attached_on": "datetime64[ns]", "first_contact_on": "datetime64[ns]",
            "closed_on": "datetime64[ns]", "tier": TEXT, "lead_agency": TEXT, "person_id": TEXT}


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    ordered = rows.sort_values(["family_ref", "attached_on", "tier", "lead_agency"])
    last = ordered.drop_duplicates("family_ref", keep="last").set_index("family_ref")
    each = ordered.groupby("family_ref")
    closed = each["closed_on"].max().where(each["closed_on"].count() == each.size())
    return pd.DataFrame({
        "attached_on": each["attached_on"].min(), "first_contact_on": each["first_contact_on"].min(),
        "closed_on": closed, "tier": last["tier"], "lead_agency": last["lead_agency"],
    }).rename_axis("family_ref").reset_index()


def _homes(named: pd.DataFrame, people: People) -> pd.DataFrame:
    """The home of each case, its family, and how many homes the named people have."""
    lives = people.members.loc[people.members["person_id"].isin(named["person_id"]), ["household_id", "person_id"]]
    count = named.merge(lives, on="person_id").groupby(["family_ref", "household_id"]).size().reset_index(name="count")
    ranked = count.sort_values(["family_ref", "count", "household_id"], ascending=[True, False, True])
    best = ranked.drop_duplicates("family_ref")[["family_ref", "household_id"]]
    homes = count.groupby("family_ref").size().rename("homes").reset_index()
    families = people.households.loc[people.households["household_id"].isin(best["household_id"]),
                                     ["household_id", "family_id"]]
    return best.merge(families, how="left", on="household_id").merge(homes, on="family_ref")
