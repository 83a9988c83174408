"""Who a person is in each published run: from an id of theirs, or from a file of what is known of them; marks nobody.

A person is found by what their rows say (`pipeline.rights.traits`), then by every record that a run joined to those,
then again by what these say, until nobody new is found. Whether a run joined records rightly is for a reader to judge.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.intake.reading import read_rows
from pipeline.mentions import CHILD
from pipeline.record.listing import find_paths
from pipeline.record.rows import rows_with
from pipeline.record.run import published_runs
from pipeline.record.tables import read_table
from pipeline.rights.traits import plain_number, traits_of
from schemas.codes import plain
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.extracts import EXTRACTS


Trait = tuple[str, str]
DETAILS = ("forename", "surname", "former_surname", "preferred_surname", "date_of_birth", "postcode", "upn", "nino")


class Sought(NamedTuple):
    """What rows say of somebody, and the ids that each published run gave them (none: a run that has nobody such)."""

    traits: frozenset[Trait]
    people: dict[str, tuple[str, ...]]

    @property
    def by_postcode_alone(self) -> bool:
        """Whether only rows without a date of birth could be found: nothing more is known than names and postcodes."""
        return {kind for kind, _ in self.traits} == {"home"}


def seek_by_id(outputs: Path, run: Path, person: str) -> Sought:
    """Everywhere that somebody stands whom a run calls `person`. UsageError where the run has no such person."""
    if rows_with(run, "people", "person_id", [person]).empty:
        raise UsageError(f"Run {run.name} has no person {person}. Take an id such as P0000001 from one of its lists.")
    return _follow(outputs, _traits_in(run, (person,)), {run.name: (person,)})


def seek_by_details(outputs: Path, file: Path) -> Sought:
    """Everywhere that somebody stands of whom a file (CSV or XLSX) has what is known: a row for each name or address.

    UsageError where the file says nothing by which a person can be found.
    """
    traits = read_details(file)
    return _follow(outputs, traits, {})


def read_details(file: Path) -> frozenset[Trait]:
    """What a file says of one person, as rows of extracts say it."""
    rows = read_rows(file, file.name)
    known = {plain(str(name)): name for name in rows.frame.columns}
    unknown = sorted(set(known) - set(DETAILS))
    if unknown:
        raise UsageError(f"{file.name}: {unknown[0]} is not a column that it may have: {', '.join(DETAILS)}.")
    frame = pd.DataFrame({name: rows.frame[known[name]].astype(TEXT) for name in DETAILS if name in known})
    if "date_of_birth" in frame:
        frame["date_of_birth"] = _days(frame["date_of_birth"], file.name)
    found = _traits(frame, "")
    if not found:
        raise UsageError(
            f"{file.name}: nobody can be found by it. A row wants a upn or a nino, or forename and surname with "
            "date_of_birth or postcode."
        )
    return found


def theirs(frame: pd.DataFrame, extract: str, traits: Iterable[Trait]) -> list[pd.Series]:
    """For each person that a row of an extract names, whether it is somebody of whom rows say this, row by row.

    As at the door: a row with another number of the same kind is somebody else's.
    """
    wanted = frozenset(traits)
    return [_matches(frame.index, said, wanted) for said in traits_of(frame, extract)]


def clean_tables(run: Path) -> Iterable[tuple[str, Path]]:
    """The clean tables of a published run by extract."""
    for path in find_paths(run / "clean", "*.parquet"):
        if path.stem in EXTRACTS:
            yield path.stem, path


def _matches(index: pd.Index, said: list, wanted: frozenset[Trait]) -> pd.Series:
    named, other = pd.Series(False, index=index), pd.Series(False, index=index)
    for one in said:
        texts = {text for kind, text in wanted if kind == one.kind}
        same = one.texts.isin(texts)
        named |= same
        if one.kind in ("upn", "nino") and texts:
            other |= one.texts.notna() & ~same
    return named & ~other


def _follow(outputs: Path, traits: frozenset[Trait], given: Mapping[str, tuple[str, ...]]) -> Sought:
    """Everybody of whom rows say this, beside the people whom runs are `given` to have."""
    runs = published_runs(outputs)
    while True:
        people = {run.name: (*_people_in(run, traits), *given.get(run.name, ())) for run in runs}
        more = traits.union(*(_traits_in(run, people[run.name]) for run in runs))
        if more == traits:
            break
        traits = more
    digests = {digest for run in runs for digest in _identities(run, "person_id", people[run.name])["identity"]}
    people = {run.name: tuple(sorted({*people[run.name], *_carried(run, digests)})) for run in runs}
    return Sought(traits, {name: ids for name, ids in people.items() if ids})


def _carried(run: Path, digests: Iterable[str]) -> set[str]:
    """The people whose identity a run took over from the one before, though none of its records is theirs."""
    known = set(_identities(run, "identity", digests)["person_id"])
    return known - set(rows_with(run, "person_records", "person_id", known)["person_id"])


def _identities(run: Path, column: str, values: Iterable[str]) -> pd.DataFrame:
    return rows_with(run, "identities", column, values)


def _people_in(run: Path, traits: frozenset[Trait]) -> tuple[str, ...]:
    """The people of a run of whom a record says this."""
    records: list[str] = []
    for extract, path in clean_tables(run):
        table = read_table(path)
        own, *child = theirs(table, extract, traits)
        records += table.loc[own, "record_id"].tolist()
        records += [name + CHILD for found in child for name in table.loc[found, "record_id"]]
    return tuple(sorted(set(rows_with(run, "person_records", "record_id", records)["person_id"])))


def _traits_in(run: Path, people: tuple[str, ...]) -> frozenset[Trait]:
    """What all the records of these people say of them, and the reference under which DWP is asked about them."""
    found: set[Trait] = set()
    owned = rows_with(run, "person_records", "person_id", people)
    for extract, path in clean_tables(run):
        names = set(owned.loc[owned["extract"] == extract, "record_id"])
        if not names:
            continue
        table = read_table(path)
        for said, suffix in zip(traits_of(table, extract), ("", CHILD), strict=False):
            rows = (table["record_id"] + suffix).isin(names)
            found |= {(one.kind, text) for one in said for text in one.texts[rows].dropna()}
    refs = rows_with(run, "request_refs", "person_id", people)["request_ref"]
    return frozenset(found | {("ref", text) for ref in refs if (text := plain_number(ref))})


def _traits(frame: pd.DataFrame, extract: str) -> frozenset[Trait]:
    return frozenset((one.kind, text) for said in traits_of(frame, extract) for one in said
                     for text in one.texts.dropna())


def _days(texts: pd.Series, name: str) -> pd.Series:
    days = pd.to_datetime(texts.str.strip(), format="%Y-%m-%d", errors="coerce")
    british = pd.to_datetime(texts.str.strip(), format="%d/%m/%Y", errors="coerce")
    found = days.fillna(british)
    if (found.isna() & texts.str.strip().fillna("").ne("")).any():
        raise UsageError(f"{name}: a date_of_birth is not like 2001-03-14 or 14/03/2001.")
    return found
