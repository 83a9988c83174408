"""Strings that stand in every person field of every extract, and where they are found again."""

import io
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from schemas.extracts import EXTRACTS
from schemas.person import PERSON_COLUMNS
from tests.builders import AMIRA, JOANNE, KIM, LEON, OWEN, PATRICK, SANDRA, Row, four_families, upn, write_folder


TERM = {"academic_year": "2012/13", "term": "summer", "school_urn": "100001", "sessions_possible": "120"}
PLAIN: dict[str, Row] = {
    "attendance": TERM | {"sessions_authorised": "0", "sessions_unauthorised": "30", "enrolment_status": "C"},
    "exclusions": {"category": "PERM", "start_date": "2013-05-13"},
    "education_status": {"status": "PRU", "because_excluded": "Y", "start_date": "2013-01-07"},
    "youth_offending": {"offence_date": "2013-04-20", "outcome_date": "2013-05-21", "proven": "Y"},
    "asb": {"kind": "contract", "role": "perpetrator", "event_date": "2013-03-11", "agency": "Housing"},
    "dwp_benefits": {"status": "on_benefit", "benefit": "JSA", "start_date": "2012-11-05", "as_at": "2013-09-16"},
    "local_indicators": {"indicator": "child_in_need", "start_date": "2013-02-04", "agency": "Social care"},
    "referrals": {"referred_on": "2013-02-04", "agency": "Police"},
    "contacts": {"relationship": "mother"},
    "caseload": {"attached_on": "2013-02-04"},
    "employment": {"started_on": "2013-02-04"},
    "claims": {"claimed_on": "2013-02-04"},
}
"""For each extract that names people: sane values for the columns in which nothing is planted."""

TEXTS = (
    *("forename", "middle_names", "surname", "former_surname", "preferred_surname", "address"),
    *("child_forename", "child_surname", "offence", "outcome", "reason", "evidence"),
    *("yot_ref", "case_ref", "request_ref", "referral_ref", "family_ref", "ref"),
)
PEOPLE = (KIM, SANDRA, LEON, PATRICK, AMIRA, JOANNE, OWEN)
WHO = [(one.surname, one.home.address, one.home.postcode, one.home.uprn, one.upn) for one in PEOPLE]
ON_THE_LISTS = sorted({value.lower().encode() for one in WHO for value in one if value})
"""Who the four families are: values as much as those that are planted."""

WRONG = "Zqwrong"
"""What stands in cells that break a rule."""


def planted_row(extract: str) -> Row:
    """A row of `extract` with a string of its own in every column that says who somebody is."""
    number = list(PLAIN).index(extract)
    codes = {
        "upn": upn(100 + number, authority=977, school=8642),
        "nino": f"JT4839{number:02d}B",
        "uprn": f"998712{number:02d}",
        "postcode": f"QZ{number + 10} 8QX",
        "date_of_birth": f"2000-07-{number + 11}",
        "child_date_of_birth": f"2001-07-{number + 11}",
    }
    known = EXTRACTS[extract].columns
    row = PLAIN[extract] | {name: f"Zq{extract.replace('_', '')}{name.replace('_', '')}" for name in TEXTS}
    return {name: value for name, value in (row | codes).items() if name in known}


def planted_tables() -> dict[str, list[Row | list[Row]]]:
    """The four families, and in each extract that names people a planted row too."""
    tables = four_families()
    return tables | {extract: [*tables.get(extract, []), planted_row(extract)] for extract in PLAIN}


def write_planted(folder: Path, **changed: list[Row | list[Row]] | None) -> Path:
    """Write the planted tables; a table given as None is left out, any other replaces its own."""
    tables = planted_tables() | changed
    return write_folder(folder, **{name: rows for name, rows in tables.items() if rows is not None})


def values_in(content: bytes) -> list[bytes]:
    """What stands in something, written in small letters, that says who somebody is."""
    return [value for value in (*canaries(), *ON_THE_LISTS) if value in content]


@cache
def canaries() -> list[bytes]:
    """Every planted string, in small letters."""
    rows = [set(planted_row(extract).items()) - set(PLAIN[extract].items()) for extract in PLAIN]
    values = {value for row in rows for _, value in row} | {WRONG, "Zqheading", "Zqdropped"}
    return sorted(value.lower().encode() for value in values)


def planted_columns(extract: str) -> set[str]:
    """The columns of `extract` in which something is planted."""
    return set(planted_row(extract)) - set(PLAIN[extract])


def found_in(paths: Iterable[Path]) -> list[str]:
    """Where planted strings stand, as `file: string`, in any letters; Parquet is read as the table that it is."""
    return [f"{path}: {canary.decode()}" for path in paths for canary in among(content_of(path))]


def among(content: bytes) -> list[bytes]:
    """The planted strings that stand in something written in small letters."""
    return [canary for canary in canaries() if canary in content]


def content_of(path: Path) -> bytes:
    """The bytes of a file, and those of the table that it is, in small letters."""
    table = _as_csv(pq.read_table(path).to_pandas()).encode() if path.suffix == ".parquet" else b""
    return path.read_bytes().lower() + table.lower()


def _as_csv(frame: pd.DataFrame) -> str:
    text = io.StringIO()
    frame.to_csv(text)
    return text.getvalue()


def unplanted_person_columns(extract: str) -> set[str]:
    """The person columns of `extract` in which nothing is planted: only those that hold a code for many people."""
    return (set(PERSON_COLUMNS) & set(EXTRACTS[extract].columns)) - planted_columns(extract)
