"""A few families and what the extracts say of them, with sane defaults: a test states only what matters."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import pandas as pd

from criteria import Assessment, Facts, Framework, People, assess, load_framework
from schemas.columns import TEXT
from schemas.extracts import EXTRACTS


AS_OF = date(2013, 9, 30)
TERMS = (("2012/13", "autumn"), ("2012/13", "spring"), ("2012/13", "summer"))
READ = ("attendance", "exclusions", "education_status", "youth_offending", "asb", "dwp_benefits", "local_indicators")
"""Extracts that the criteria read; a town's are all given, and empty, unless a test says otherwise."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "attendance": {"school_urn": "100001", "school_name": "Hill School", "enrolment_status": "C",
                   "academic_year": "2012/13", "term": "autumn", "sessions_possible": 120, "sessions_unauthorised": 0},
    "exclusions": {"category": "FIXD", "start_date": "2013-05-01", "school_urn": "100001"},
    "education_status": {"status": "PRU", "because_excluded": "Y", "start_date": "2013-05-01"},
    "youth_offending": {"proven": "Y"},
    "asb": {"case_ref": "A1", "role": "perpetrator", "kind": "asbo", "event_date": "2013-05-01", "agency": "Police"},
    "dwp_benefits": {"status": "on_benefit", "benefit": "JSA", "start_date": "2013-01-01", "as_at": "2013-09-01"},
    "local_indicators": {"indicator": "domestic_abuse", "start_date": "2013-05-01", "agency": "Police"},
    "referrals": {"referral_ref": "R1", "referred_on": "2013-05-01", "agency": "Health"},
    "caseload": {"family_ref": "C1", "attached_on": "2013-05-01", "tier": "intensive", "lead_agency": "Early Help"},
    "schools": {"school_urn": "100001", "school_name": "Hill School", "kind": "maintained"},
}


class Town:
    """Households by name, people by name, and rows of the extracts about them."""

    def __init__(self, as_of: date = AS_OF) -> None:
        self.as_of = as_of
        self.households: list[dict[str, Any]] = []
        self.members: list[dict[str, Any]] = []
        self.rows: dict[str, list[dict[str, Any]]] = {name: [] for name in READ}

    def family(self, name: str = "H", *, children: dict[str, Any] | None = None, adults: Any = ()) -> "Town":
        """A household: children with their dates of birth; adults by name, or with theirs."""
        kids = {"Kit": "2001-05-05"} if children is None else children
        grown = adults if isinstance(adults, dict) else dict.fromkeys(adults, "1975-01-01")
        self.households.append({"household_id": name, "family_id": f"F{name}" if kids else None})
        for role, people in (("child", kids), ("adult", grown)):
            self.members += [{"household_id": name, "person_id": person, "role": role, "born": born}
                             for person, born in people.items()]
        return self

    def row(self, extract: str, person: str | None = None, *, at: str | None = None, **values: Any) -> "Town":
        """A row about a person, or about the address of a household (`at`)."""
        rows = self.rows.setdefault(extract, [])
        rows.append({**DEFAULTS.get(extract, {}), "file": f"{extract}.csv", "row_number": len(rows) + 2,
                     "person_id": person, "household_id": at, **values})
        return self

    def attends(self, person: str, possible: int = 120, unauthorised: int = 0, **values: Any) -> "Town":
        """A row of attendance in each of the last three terms."""
        for year, term in TERMS:
            self.row("attendance", person, academic_year=year, term=term, sessions_possible=possible,
                     sessions_unauthorised=unauthorised, **values)
        return self

    def without(self, *extracts: str) -> "Town":
        """These extracts were not given."""
        for name in extracts:
            del self.rows[name]
        return self

    def people(self) -> People:
        """The frames that linkage would hand over."""
        members = pd.DataFrame(self.members, columns=["household_id", "person_id", "role", "born"])
        born = pd.to_datetime(members["born"]).astype("datetime64[ns]")
        people = _frame(members.assign(upn=None, nino=None, sex="U", forename="A", surname="B", records=1), born)
        homes = pd.DataFrame(self.households, columns=["household_id", "family_id"]).astype(TEXT)
        homes = homes.assign(**{name: pd.Series(None, index=homes.index, dtype=TEXT)
                                for name in ("address", "postcode", "uprn", "flags")}, basis="address", cohesion=1.0)
        lives = members.loc[:, ["household_id", "person_id", "role"]].astype(TEXT)
        return People(people, homes, lives.assign(age=pd.NA, basis="address", confidence=0.9))

    def facts(self) -> Facts:
        """The clean tables, each row placed."""
        return Facts({name: table_of(name, rows) for name, rows in self.rows.items()})

    def assess(self, rules: Framework | None = None) -> Assessment:
        """Everything the criteria say."""
        return assess(self.people(), self.facts(), rules or load_framework(), as_of=self.as_of)

    def verdict(self, criterion: str, household: str = "H", rules: Framework | None = None) -> str:
        """One verdict."""
        return verdict(self.assess(rules), criterion, household)["verdict"]


def verdict(found: Assessment, criterion: str, household: str = "H") -> dict[str, Any]:
    """A household's row of the verdicts, for one criterion."""
    rows = found.verdicts[(found.verdicts["household_id"] == household) & (found.verdicts["criterion"] == criterion)]
    return rows.iloc[0].to_dict()


def table_of(extract: str, rows: Iterable[dict[str, Any]]) -> pd.DataFrame:
    """A clean table as intake writes it, with the two columns that say whose each row is."""
    empty = _empty(extract)
    given = pd.DataFrame(list(rows), columns=[*empty.columns, "person_id", "household_id"], dtype=object)
    digest = {file: f"{abs(sum(map(ord, file))):064x}" for file in given["file"]}
    given["file_sha256"] = given["file"].map(digest)
    given["record_id"] = [f"{extract}:{file}:{number}" for file, number in given[["file", "row_number"]].to_numpy()]
    kinds = {name: kind for name, kind in empty.dtypes.items() if str(kind) != "datetime64[ns]"}
    for name in empty.columns.difference(list(kinds)):
        given[name] = pd.to_datetime(given[name]).astype("datetime64[ns]")
    kinds |= dict.fromkeys(("file", "file_sha256"), "category")
    return given.astype({**kinds, "person_id": TEXT, "household_id": TEXT})


@cache
def _empty(extract: str) -> pd.DataFrame:
    return EXTRACTS[extract].empty()


def _frame(members: pd.DataFrame, born: pd.Series) -> pd.DataFrame:
    columns = ["person_id", "forename", "surname", "sex", "upn", "nino"]
    return members[columns].astype(TEXT).assign(date_of_birth=born, records=1)
