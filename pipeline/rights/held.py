"""Everything that stands about a person below the outputs, as tables; decides nothing, and shows it to nobody.

A table's rows are theirs by the person's id, by a record of theirs, or by the household, family or case that they are
in: whoever answers a request reads what is about others before it is handed over.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from pipeline.claims.register import read_register
from pipeline.decisions.store import read_decisions
from pipeline.mentions import CHILD
from pipeline.record.audit_log import read_log
from pipeline.record.audit_search import Sought as Wanted
from pipeline.record.audit_search import find_events, in_words
from pipeline.record.listing import find_paths
from pipeline.record.manifest import read_manifest
from pipeline.record.rows import has_table, rows_with
from pipeline.record.run import run_folders
from pipeline.record.tables import read_table
from pipeline.rights.archived import archived_rows
from pipeline.rights.marks import Effect, read_rights, standing
from pipeline.rights.sought import Sought, clean_tables, theirs
from pipeline.rights.traits import digests, rights_key
from schemas.columns import TEXT
from schemas.person import PROVENANCE_COLUMNS


Tables = dict[str, pd.DataFrame]


class Ids(NamedTuple):
    """What a run calls a person and what is around them: the values of each column by which a row may be theirs."""

    run: Path
    people: tuple[str, ...]
    records: tuple[str, ...]
    households: tuple[str, ...]
    families: tuple[str, ...]
    cases: tuple[str, ...]
    refs: tuple[str, ...]

    def of(self, column: str) -> tuple[str, ...]:
        """The values of a column that are theirs."""
        return getattr(self, COLUMNS[column])


COLUMNS = {
    "person_id": "people",
    "record_id": "records",
    "left_id": "records",
    "right_id": "records",
    "request_ref": "refs",
    "household_id": "households",
    "family_id": "families",
    "family_ref": "cases",
}
"""The columns by which a row may be somebody's, the nearest first: a row that names a person is that person's alone."""

NEARER = ("person_id", "record_id", "left_id", "right_id", "request_ref")


def held_about(outputs: Path, sought: Sought) -> Tables:
    """Everything that stands about whoever was sought, by what it is; what there is nothing of is left out."""
    ids = [ids_in(outputs / run, people) for run, people in sought.people.items()]
    tables: Tables = {"runs": _runs(ids), "rows": _rows(outputs, sought), **_tables(ids)}
    tables |= {"decisions_taken": _decisions(outputs, ids), "claims_made": _claims(outputs, ids)}
    tables |= {"packs": _packs(outputs, ids), "audit_log": _audit(outputs, ids), "marks": _marks(outputs, sought)}
    return {name: table for name, table in tables.items() if len(table)}


def ids_in(run: Path, people: tuple[str, ...]) -> Ids:
    """What a published run calls these people and what is around them."""
    records = tuple(rows_with(run, "person_records", "person_id", people)["record_id"])
    homes = tuple(rows_with(run, "members", "person_id", people)["household_id"])
    families = rows_with(run, "households", "household_id", homes)["family_id"].dropna().tolist()
    for name in ("snapshots", "family_events"):
        if has_table(run, name):
            families += rows_with(run, name, "person_id", people)["family_id"].dropna().tolist()
    cases = tuple(rows_with(run, "case_members", "person_id", people)["family_ref"]) if has_table(
        run, "case_members") else ()
    refs = tuple(rows_with(run, "request_refs", "person_id", people)["request_ref"])
    return Ids(run, people, records, homes, tuple(sorted(set(families))), tuple(sorted(set(cases))), refs)


def _runs(ids: list[Ids]) -> pd.DataFrame:
    rows = [(one.run.name, read_manifest(one.run).as_of.isoformat(), *(";".join(part) for part in (
        one.people, one.households, one.families, one.cases)), len(one.records)) for one in ids]
    columns = ["run", "as_of", "person_id", "household_id", "family_id", "family_ref", "records"]
    return pd.DataFrame(rows, columns=columns)


def _rows(outputs: Path, sought: Sought) -> pd.DataFrame:
    """Each value of each row of an extract that is theirs: where it stands, in which runs, and how it was taken in."""
    found = [part for run in sought.people for part in _taken_in(outputs / run, sought)]
    found += [part for run in run_folders(outputs) for part in archived_rows(run, sought)]
    if not found:
        return pd.DataFrame()
    rows = pd.concat(found, ignore_index=True)
    place = ["extract", "file", "file_sha256", "row_number", "taken", "column", "value"]
    runs = rows.groupby(place, sort=False, dropna=False)["run"].agg(lambda names: ";".join(sorted(set(names))))
    return runs.reset_index().sort_values(["extract", "file", "row_number"], kind="stable", ignore_index=True)


def _taken_in(run: Path, sought: Sought) -> Iterator[pd.DataFrame]:
    """The rows that a run took in: those that say what is known of the person, and those that it joined to them."""
    owned = rows_with(run, "person_records", "person_id", sought.people[run.name])
    joined = set(owned["record_id"].str.removesuffix(CHILD))
    for extract, path in clean_tables(run):
        table = read_table(path)
        own = pd.concat(theirs(table, extract, sought.traits), axis=1).any(axis=1)
        linked = table["record_id"].isin(joined) & ~own
        yield _long_form(table[own], extract, "accepted", run.name)
        yield _long_form(table[linked], extract, "accepted, and joined to them", run.name)


def _long_form(rows: pd.DataFrame, extract: str, taken: str, run: str) -> pd.DataFrame:
    """Rows with a line for each value that is there."""
    places = ["file", "file_sha256", "row_number"]
    values = rows.drop(columns=[name for name in PROVENANCE_COLUMNS if name not in places and name in rows])
    texts = values.astype({name: TEXT for name in values.columns if name != "row_number"})
    lines = texts.melt(places, var_name="column", value_name="value").dropna(subset=["value"])
    return lines.assign(extract=extract, taken=taken, run=run)


def _tables(ids: list[Ids]) -> Tables:
    """The rows of each table of the runs that are theirs, with the run."""
    found: dict[str, list[pd.DataFrame]] = {}
    for one in ids:
        for path in find_paths(one.run / "tables", "*.parquet"):
            rows = _theirs(read_table(path), one)
            if len(rows):
                found.setdefault(path.stem, []).append(rows.assign(run=one.run.name))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in found.items()}


def _theirs(table: pd.DataFrame, ids: Ids) -> pd.DataFrame:
    columns = [name for name in COLUMNS if name in table]
    near = [name for name in columns if name in NEARER]
    flags = pd.Series(False, index=table.index)
    for name in near:
        flags |= table[name].isin(ids.of(name))
    about_nobody = table[near].isna().all(axis=1)
    for name in columns:
        if name not in near:
            flags |= about_nobody & table[name].isin(ids.of(name))
    return table[flags]


def _decisions(outputs: Path, ids: list[Ids]) -> pd.DataFrame:
    """What reviewers decided about a record of theirs, and that somebody looked at how it compares."""
    records = {record for one in ids for record in one.records}
    keys: set[str] = set()
    found = []
    for entry in read_decisions(outputs):
        about = {entry.get("left_id"), entry.get("right_id")} & records
        keys |= {entry["review_id"]} if about and entry.get("review_id") else set()
        if about or entry.get("review_id") in keys:
            found.append(entry)
    return pd.DataFrame(found)


def _claims(outputs: Path, ids: list[Ids]) -> pd.DataFrame:
    """The events of the register about a claim for a case of theirs; of its people, only themselves are told."""
    cases = {case for one in ids for case in one.cases}
    known: set[str] = set()
    found: list[Mapping[str, Any]] = []
    for entry in read_register(outputs):
        if entry.get("family_ref") in cases:
            known.add(entry["claim_id"])
        if entry.get("claim_id") in known:
            found.append({name: value for name, value in entry.items() if name != "people"})
    return pd.DataFrame(found)


def _packs(outputs: Path, ids: list[Ids]) -> pd.DataFrame:
    """The evidence packs that stand of a family or a case of theirs."""
    names = {name for one in ids for name in (*one.families, *one.households, *one.cases)}
    files = [*find_paths(outputs, "packs/*"), *find_paths(outputs, "claims/*/packs/*")]
    rows = [path.relative_to(outputs).as_posix() for path in sorted(files)
            if any(_names(path.stem, name) for name in names)]
    return pd.DataFrame({"file": pd.array(rows, dtype=TEXT)})


def _names(stem: str, name: str) -> bool:
    return stem == name or stem.startswith((f"{name}-", f"{name}.")) or f"-{name}-" in f"-{stem}-"


def _audit(outputs: Path, ids: list[Ids]) -> pd.DataFrame:
    """Who did what that names them, their family or their case, of a run that knows them so."""
    log = read_log(outputs)
    found: dict[int, tuple[Any, ...]] = {}
    for one in ids:
        run_id = one.run.name.split("-", 3)[-1]
        for name in (*one.people, *one.households, *one.families, *one.cases):
            for event in find_events(log, Wanted(about=name, run=run_id)):
                told = "; ".join(f"{fact} {value}" for fact, value in event.facts.items() if len(value) <= LONGEST)
                found[event.line] = (event.line, event.at, event.who, in_words(event.event), event.run_id, told)
    return pd.DataFrame([found[line] for line in sorted(found)], columns=["line", "at", "who", "what", "run", "facts"])


LONGEST = 200
"""A longer fact is a list of families, of which the person's is one: the others' are not told."""


def _marks(outputs: Path, sought: Sought) -> pd.DataFrame:
    """The marks that stand for them."""
    marks = standing(read_rights(outputs))
    if not marks:
        return pd.DataFrame()
    key = rights_key(outputs)
    coded = {code for kind, text in sought.traits for code in digests([text], kind, key).values()}
    rows = [(mark.mark, _EFFECT[mark.effect]) for mark in marks if mark.traits & coded]
    return pd.DataFrame(rows, columns=["mark", "what_it_does"])


_EFFECT = {
    Effect.ERASE: "their rows are dropped as they come in",
    Effect.RESTRICT: "their rows are kept, and bear on nothing",
}


def count(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    """How many lines there are of each."""
    return {name: len(table) for name, table in tables.items()}


def as_sheets(tables: Iterable[str]) -> dict[str, str]:
    """A title for the sheet of each table, as a workbook takes it."""
    return {name: name.replace("_", " ").capitalize()[:31] for name in tables}
