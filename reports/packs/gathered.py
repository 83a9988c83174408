"""What a run holds about the cases to pack, parted into cases once for all of them; decides no words.

A table or an extract that the run does not have is absent here, which is not the same as one that says nothing of a
case: the items tell the two apart.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from criteria import Framework
from criteria.calendar import Term
from reports.packs.wording import person, places
from reports.workbook import Cover
from schemas.columns import TEXT


Rows = list[dict[str, Any]]

BY_REF = ("cases", "case_members", "results", "claims", "claim_blocks", "caseload_rows", "claims_rows")
BY_FAMILY = ("snapshots", "snapshot_evidence", "family_events", "master_list", "panel_history")
BY_HOUSEHOLD = ("households", "members", "evidence", "verdicts", "cases_here")
BY_PERSON = (
    *("people", "person_records", "request_refs", "other_cases", "pairs", "decisions"),
    *("earlier_claims", "attendance", "exclusions", "youth_offending", "asb", "dwp_benefits", "employment"),
)


class File(NamedTuple):
    """A file that a wash took in: its name, and the day of the first run here that holds it."""

    name: str
    extract: str
    washed_on: date


class Source(NamedTuple):
    """A file of this run, as its manifest has it."""

    extract: str
    name: str
    sha256: str
    read: int
    quarantined: int


class Record(NamedTuple):
    """What makes the run what it is: enough to wash it again."""

    base_id: str
    manifest: str
    code_version: str
    libraries: Mapping[str, str]
    settings: tuple[str, str]
    framework: tuple[str, str]
    judgements: tuple[str, str] | None
    decisions: tuple[str, str] | None
    previous: tuple[str, str] | None
    sources: tuple[Source, ...]
    given: frozenset[str]
    without: tuple[str, ...]


class Claims(NamedTuple):
    """What is claimed for the cases: the window, each claim's id by family_ref, and the register's events about each.

    `events`: by family_ref, oldest first. `checked`: whether there is a register at all.
    """

    window: str | None = None
    ids: Mapping[str, str] = {}  # noqa: RUF012 - never changed
    events: Mapping[str, tuple[Mapping[str, Any], ...]] = {}  # noqa: RUF012 - never changed
    checked: bool = False


class Gathered(NamedTuple):
    """A run's rows about the cases of `subjects`, and what frames them.

    `subjects`: name, family_ref, family_id, household_id, snapshot_of (the family under whose id its snapshot stands).
    `tables`: by name, each with the key of its group above (family_ref, family_id, household_id or person_id).
    `files`: by sha256.
    """

    cover: Cover
    subjects: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    files: Mapping[str, File]
    rules: Framework
    terms: tuple[Term, ...]
    record: Record
    claims: Claims = Claims()


class Case(NamedTuple):
    """One case: its rows by table, its people, and all that it shares with the others.

    `rows` has an entry for every table that the run has, empty where it says nothing of this case.
    """

    name: str
    family_ref: str | None
    family_id: str | None
    household_id: str | None
    snapshot_of: str | None
    rows: Mapping[str, Rows]
    people: Mapping[str, dict[str, Any]]
    shared: Gathered

    def of(self, table: str) -> Rows:
        """The rows of a table about this case; none where the run has no such table."""
        return self.rows.get(table, [])

    def one(self, table: str) -> dict[str, Any] | None:
        """The first row of a table about this case."""
        return next(iter(self.of(table)), None)

    def who(self, person_id: str | None) -> str:
        """A person by name and id."""
        return person(self.people.get(person_id or ""), person_id)

    def standing(self, row: Mapping[str, Any]) -> str:
        """The file and row of an extract's row."""
        return places(row["file_sha256"], str(row["row_number"]), self.shared.files)

    @property
    def claim_id(self) -> str | None:
        """The id of this case's claim in the window."""
        return self.shared.claims.ids.get(self.family_ref or "")

    @property
    def events(self) -> tuple[Mapping[str, Any], ...]:
        """The register's events about this case."""
        return self.shared.claims.events.get(self.family_ref or "", ())

    @property
    def as_of(self) -> date:
        return self.shared.cover.as_of


def part_cases(gathered: Gathered) -> Iterator[Case]:
    """Each case of `gathered.subjects`, in their order."""
    subjects = gathered.subjects.reset_index(drop=True)
    persons = people_of(subjects, gathered.tables)
    keys = {"family_ref": subjects, "family_id": families_of(subjects), "household_id": subjects, "person_id": persons}
    held = {name: _parted(frame, keys[key_of(name)], key_of(name)) for name, frame in gathered.tables.items()}
    for row in plain_rows(subjects):
        number = row.pop("case")
        rows = {name: parts.get(number, []) for name, parts in held.items()}
        people = {person["person_id"]: person for person in rows.get("people", [])}
        yield Case(**row, rows=rows, people=people, shared=gathered)


def key_of(table: str) -> str:
    """The column by which a table's rows belong to a case."""
    groups = {"family_ref": BY_REF, "family_id": BY_FAMILY, "household_id": BY_HOUSEHOLD, "person_id": BY_PERSON}
    return next(key for key, names in groups.items() if table in names)


def families_of(subjects: pd.DataFrame) -> pd.DataFrame:
    """The ids under which each case's family is or was known (case, family_id): its own first."""
    numbered = subjects.assign(case=range(len(subjects)))
    then = numbered[["case", "snapshot_of"]].rename(columns={"snapshot_of": "family_id"})
    return pd.concat([numbered[["case", "family_id"]], then]).dropna().drop_duplicates()


def people_of(subjects: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Who belongs to each case (case, person_id): named, in the snapshot, or in the home today."""
    sources = {"case_members": "family_ref", "snapshots": "family_id", "members": "household_id"}
    keys = {"family_ref": subjects, "family_id": families_of(subjects), "household_id": subjects}
    parts = [
        _numbered(tables[name], keys[key], key)[["case", "person_id"]]
        for name, key in sources.items()
        if name in tables
    ]
    everyone = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({"case": [], "person_id": []})
    return everyone.drop_duplicates().sort_values(["case", "person_id"], ignore_index=True)


def plain_rows(frame: pd.DataFrame) -> Rows:
    """Rows as plain values: dates as dates, nothing as None; numbered by `case` where the frame is not."""
    held = frame if "case" in frame else frame.assign(case=range(len(frame)))
    columns = {name: _plain(held[name]) for name in held.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _plain(column: pd.Series) -> list[Any]:
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.date
    return column.astype(object).where(column.notna(), None).tolist()


def _numbered(frame: pd.DataFrame, cases: pd.DataFrame, key: str) -> pd.DataFrame:
    """The rows with the number of each case that they are about; a row may be about several."""
    numbers = cases if "case" in cases else cases.assign(case=range(len(cases)))
    wanted = numbers[["case", key]].dropna().astype({key: TEXT})
    return frame.astype({key: TEXT}).merge(wanted, on=key)


def _parted(frame: pd.DataFrame, cases: pd.DataFrame, key: str) -> dict[int, Rows]:
    parts: dict[int, Rows] = {}
    for row in plain_rows(_numbered(frame, cases, key)):
        parts.setdefault(row.pop("case"), []).append(row)
    return parts
