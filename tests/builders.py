"""Small canonical folders of extracts for tests: state only what matters, everything else has a sane value.

    from tests.builders import Home, Someone, claimant, contact, offence, pupil, upn, write_folder

    home = Home("1 Acacia Road", "CF10 1AA", "10001")
    kim = Someone("Kim", "Ashdown", "2001-03-14", "F", home, upn(1))
    write_folder(tmp_path, attendance=[pupil(kim, unauthorised=30)], youth_offending=[offence(kim, proven="N")])

A builder returns one row, a dict of canonical column and text (`pupil`: a list of rows, one for each term of 2012/13);
any keyword beyond its own replaces or adds a column. `write_folder` takes rows and lists of rows and writes `NAME.csv`
for each table. `four_families()` gives the tables of a folder that, as of 2013-09-30, holds one family of each outcome:
Ashdown (eligible by 3 of 3), Birchall (2 plus local), Corrigan (undetermined: DWP could not trace the adult) and
Dunmore (not eligible). `write_four_families(folder, asb=None, schools=[...])` leaves tables out or replaces them.
"""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple


AS_OF = "2013-09-30"
ACADEMIC_YEAR = "2012/13"
TERMS = ("autumn", "spring", "summer")
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"

Row = dict[str, str]


class Home(NamedTuple):
    """A dwelling: the address in one line, its postcode, its UPRN."""

    address: str
    postcode: str
    uprn: str = ""


class Someone(NamedTuple):
    """A person at a home; a child has a UPN."""

    forename: str
    surname: str
    date_of_birth: str
    sex: str
    home: Home
    upn: str = ""

    def columns(self) -> Row:
        """The person columns of a row that names them."""
        own = {name: getattr(self, name) for name in ("forename", "surname", "date_of_birth", "sex")}
        return own | self.home._asdict()


def upn(serial: int, *, authority: int = 301, school: int = 2000, year: int = 8) -> str:
    """A valid UPN: check letter, local authority, school, year of allocation, serial number."""
    digits = f"{authority:03d}{school:04d}{year:02d}{serial:03d}"
    return CHECK_LETTERS[sum(weight * int(digit) for weight, digit in enumerate(digits, start=2)) % 23] + digits


def pupil(
    child: Someone, *, unauthorised: int = 0, possible: int = 120, terms: Iterable[str] = TERMS, **changes: str
) -> list[Row]:
    """Attendance of a child at a school: a row for each term, `unauthorised` of `possible` sessions missed in each."""
    own = {
        "upn": child.upn,
        "school_urn": "100001",
        "school_name": "Harbour Primary",
        "enrolment_status": "C",
        "academic_year": ACADEMIC_YEAR,
        "sessions_possible": str(possible),
        "sessions_authorised": "4",
        "sessions_unauthorised": str(unauthorised),
    }
    return [child.columns() | own | {"term": term} | changes for term in terms]


def exclusion(child: Someone, start_date: str = "2013-05-13", **changes: str) -> Row:
    """A fixed-period exclusion of three days."""
    own = {"upn": child.upn, "school_urn": "100001", "category": "FIXD", "start_date": start_date, "sessions": "6"}
    return child.columns() | own | changes


def out_of_school(child: Someone, status: str = "PRU", **changes: str) -> Row:
    """A child in a pupil referral unit because excluded (`education_status`)."""
    own = {"upn": child.upn, "status": status, "because_excluded": "Y", "start_date": "2013-01-07"}
    return child.columns() | own | changes


def offence(child: Someone, **changes: str) -> Row:
    """A proven offence of a child (`youth_offending`)."""
    own = {"yot_ref": "Y1", "offence_date": "2013-04-20", "offence": "Theft", "outcome": "Referral order"}
    return child.columns() | own | {"outcome_date": "2013-05-21", "proven": "Y"} | changes


def incident(person: Someone, kind: str = "contract", **changes: str) -> Row:
    """A person's part in an ASB case: by default the perpetrator under a contract (`asb`)."""
    own = {"case_ref": "A1", "role": "perpetrator", "kind": kind, "event_date": "2013-03-11", "agency": "Housing"}
    return person.columns() | own | changes


def claimant(adult: Someone, status: str = "on_benefit", **changes: str) -> Row:
    """DWP's answer for an adult: by default on Jobseeker's Allowance (`dwp_benefits`)."""
    on = {"benefit": "JSA", "start_date": "2012-11-05"} if status == "on_benefit" else {}
    return adult.columns() | {"status": status, "benefit": "", "start_date": "", "as_at": "2013-09-16"} | on | changes


def indicator(person: Someone, code: str = "child_in_need", **changes: str) -> Row:
    """A local indicator on a person (`local_indicators`)."""
    own = {"indicator": code, "start_date": "2013-02-04", "agency": "Children's services", "ref": "L1"}
    return person.columns() | own | changes


def contact(adult: Someone, child: Someone, relationship: str = "mother", **changes: str) -> Row:
    """An adult tied to a child by the child's UPN (`contacts`)."""
    return adult.columns() | {"upn": child.upn, "relationship": relationship} | changes


def school(urn: str = "100001", name: str = "Harbour Primary", **changes: str) -> Row:
    """A school that should return attendance (`schools`)."""
    return {"school_urn": urn, "school_name": name, "kind": "maintained"} | changes


def write_folder(folder: Path, **tables: Iterable[Row | list[Row]]) -> Path:
    """Write each table as `NAME.csv` into `folder` (made if need be) and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        write_rows(folder / f"{name}.csv", rows)
    return folder


def write_rows(path: Path, rows: Iterable[Row | list[Row]]) -> Path:
    """Write rows as a CSV file whose columns are those of all rows, in the order in which they come up."""
    flat = list(_flat(rows))
    header = list(dict.fromkeys(column for row in flat for column in row))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writeheader()
        writer.writerows(flat)
    return path


def _flat(rows: Iterable[Row | list[Row]]) -> Iterator[Row]:
    for row in rows:
        yield from [row] if isinstance(row, dict) else row


ASHDOWN = Home("1 Acacia Road, Sandport", "SP4 1AA", "100010001")
BIRCHALL = Home("22 Brewery Lane, Sandport", "SP4 2BB", "100010002")
CORRIGAN = Home("305 Castle Street, Sandport", "SP5 3DD", "100010003")
DUNMORE = Home("46 Dock Terrace, Sandport", "SP6 4EE", "100010004")

KIM = Someone("Kim", "Ashdown", "2001-03-14", "F", ASHDOWN, upn(1))
SANDRA = Someone("Sandra", "Ashdown", "1976-08-02", "F", ASHDOWN)
LEON = Someone("Leon", "Birchall", "2000-11-27", "M", BIRCHALL, upn(2))
PATRICK = Someone("Patrick", "Birchall", "1971-01-19", "M", BIRCHALL)
AMIRA = Someone("Amira", "Corrigan", "2002-06-05", "F", CORRIGAN, upn(3))
JOANNE = Someone("Joanne", "Corrigan", "1980-12-30", "F", CORRIGAN)
OWEN = Someone("Owen", "Dunmore", "2003-09-08", "M", DUNMORE, upn(4))
HELEN = Someone("Helen", "Dunmore", "1978-04-23", "F", DUNMORE)


def four_families() -> dict[str, list[Row | list[Row]]]:
    """The tables of a folder with a family of each outcome; Dunmore's DWP answer is one that nobody asked for."""
    return {
        "attendance": [
            pupil(KIM, unauthorised=30),
            pupil(LEON, unauthorised=2),
            pupil(AMIRA, unauthorised=24),
            pupil(OWEN, unauthorised=1),
        ],
        "exclusions": [exclusion(LEON, day) for day in ("2012-10-08", "2013-02-25", "2013-06-10")],
        "youth_offending": [offence(KIM), offence(AMIRA, yot_ref="Y2")],
        "asb": [incident(LEON), incident(OWEN, "incident", case_ref="A2", role="victim")],
        "contacts": [
            contact(SANDRA, KIM),
            contact(PATRICK, LEON, "father"),
            contact(JOANNE, AMIRA),
            contact(HELEN, OWEN),
        ],
        "dwp_benefits": [
            claimant(SANDRA),
            claimant(PATRICK, "not_on_benefit"),
            claimant(JOANNE, "not_traced"),
            claimant(HELEN),
        ],
        "local_indicators": [indicator(LEON)],
        "schools": [school()],
    }


def write_four_families(folder: Path, **changed: list[Row | list[Row]] | None) -> Path:
    """Write the four families into `folder`; a table given as None is left out, any other replaces its own."""
    tables = four_families() | changed
    return write_folder(folder, **{name: rows for name, rows in tables.items() if rows is not None})
