"""Who works with a family, by the evidence, the caseload and the panel's forms; and who has many but no lead."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.evidence import text_series
from criteria.facts import Placed, Roster
from schemas.codes import plain
from schemas.columns import TEXT, empty_table
from schemas.keys import as_arrow
from schemas.programme import NoLead, Services


EVIDENCE, CASELOAD, FORM = "evidence", "caseload", "form"
COLUMNS = list(empty_table(Services).columns)
ONLY_ANSWERS = ("dwp_benefits",)
"""Extracts whose agency answers a question, and does not work with the family."""


class Involved(NamedTuple):
    """`services` as in schemas; `on_programme`: family_id of those with an open case, whatever its lead."""

    services: pd.DataFrame
    on_programme: pd.DataFrame


def find_services(evidence: pd.DataFrame, eligible: np.ndarray, facts: Placed, roster: Roster) -> Involved:
    """Agencies whose evidence counts, and leads of open cases, of eligible families and those on the programme."""
    cases = open_cases(facts, roster)
    attached = np.unique(cases["household"].to_numpy())
    listed = eligible.copy()
    listed[attached] = True
    family = roster.households["family_id"]
    listed &= family.notna().to_numpy()
    met = evidence[evidence["met"].fillna(False) & ~evidence["extract"].isin(ONLY_ANSWERS)]
    seen = met.groupby(["household", "agency"], sort=True)["event_date"].min().rename("since").reset_index()
    led = cases[cases["lead_agency"].notna()]
    led = led.assign(agency=led["lead_agency"], since=led["attached_on"], service=led["tier"])
    parts = [seen.assign(source=EVIDENCE, leads=False, service=None), led.assign(source=CASELOAD, leads=True)]
    both = pd.concat([part[["household", *COLUMNS[1:]]].astype(_KINDS) for part in parts], ignore_index=True)
    both = both[listed[both["household"].to_numpy()]]
    at = both["household"].to_numpy()
    named = text_series(as_arrow(family.take(at)))
    known = family.take(attached).dropna().astype(TEXT).sort_values(ignore_index=True).to_frame()
    return Involved(_sorted(both.assign(family_id=named.array)), known)


_KINDS = dict(empty_table(Services).drop(columns="family_id").dtypes)


def open_cases(facts: Placed, roster: Roster) -> pd.DataFrame:
    """Rows of the caseload that are open on the as-of date, at a known household."""
    rows = facts.rows("caseload", ("family_ref", "attached_on", "tier", "lead_agency", "closed_on"))
    if rows is None:
        kinds = {"household": "int64", "attached_on": "datetime64[ns]", "lead_agency": TEXT, "tier": TEXT}
        return pd.DataFrame({name: pd.Series([], dtype=kind) for name, kind in kinds.items()})
    day = pd.Timestamp(roster.as_of)
    is_open = (rows["attached_on"] <= day) & (rows["closed_on"].isna() | (rows["closed_on"] > day))
    return rows[is_open & (rows["household"] >= 0)].drop_duplicates(
        ["household", "family_ref", "attached_on", "tier", "lead_agency"]).reset_index(drop=True)


def services_of_forms(answers: pd.DataFrame) -> pd.DataFrame:
    """The agencies that say on a form that they know a family or work with it; none of them leads by that."""
    works = (answers["known_to_us"] == "Y") | answers["working_since"].notna() | answers["service"].notna()
    rows = answers[works.fillna(False)]
    return _sorted(rows.assign(source=FORM, leads=False, since=rows["working_since"]))


def no_lead(services: pd.DataFrame, answers: pd.DataFrame, at_least: int) -> pd.DataFrame:
    """Families with at least so many agencies, none of which leads: the columns of NoLead.

    An agency is one whatever the case and spacing of its name. `would_lead`: those that say on a form that they would.
    """
    who = services.assign(who=services["agency"].map(plain)).sort_values(["family_id", "who", "agency"])
    led = who.loc[who["leads"], "family_id"]
    who = who[~who["family_id"].isin(led)].drop_duplicates(["family_id", "who"])
    found = who.groupby("family_id", sort=True)["agency"].agg(["size", "; ".join])
    found = found[found["size"] >= at_least].reset_index()
    would = answers[(answers["we_would_lead"] == "Y").fillna(False)].groupby("family_id")["agency"].agg("; ".join)
    made = {"family_id": found["family_id"], "services": found["size"], "agencies": found["join"],
            "would_lead": found["family_id"].map(would)}
    return pd.DataFrame(made).astype(empty_table(NoLead).dtypes)


def _sorted(services: pd.DataFrame) -> pd.DataFrame:
    kept = services[COLUMNS].astype(empty_table(Services).dtypes)
    return kept.drop_duplicates().sort_values(COLUMNS, ignore_index=True)
