"""Reads from a published run every row about the cases to pack, each table once; decides no words.

A table that an older run does not have, and an extract that was not given, stay absent.
"""

import hashlib
import re
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from criteria import load_framework
from criteria.calendar import terms_around
from pipeline import dwp
from pipeline.claims.prepared import Prepared, settings_of
from pipeline.config import Settings
from pipeline.mentions import CHILD
from pipeline.pack_claims import claims_elsewhere, read_claims
from pipeline.record.audit_head import head_notes
from pipeline.record.manifest import Manifest, Pointer, manifest_digest, read_manifest
from pipeline.record.rows import has_table, rows_with
from pipeline.record.run import published_runs
from pipeline.record.tables import read_table, to_frame
from reports.packs.gathered import (
    BY_FAMILY,
    BY_HOUSEHOLD,
    BY_REF,
    Claims,
    File,
    Gathered,
    Record,
    Source,
    families_of,
    people_of,
)
from reports.workbook import Cover
from schemas.columns import TEXT
from schemas.keys import look_up


SUBJECT = ("name", "family_ref", "family_id", "household_id", "snapshot_of")
EXTRACTS = ("attendance", "exclusions", "youth_offending", "asb", "employment")


def subjects_of(run: Path, who: str) -> pd.DataFrame:
    """The case or family that `who` means, as `Gathered.subjects`; no row where the run has none."""
    cases = _read(run, "cases")
    if cases is not None:
        found = cases[(cases["family_ref"] == who) | (cases["family_id"] == who.upper())]
        if len(found):
            return name_subjects(found.head(1))
    column = "family_id" if who[:1].upper() == "F" else "household_id"
    homes = rows_with(run, "households", column, [who.upper()])
    return name_subjects(homes.assign(family_ref=pd.Series(None, index=homes.index, dtype=TEXT)))


def subjects_of_claim(run: Path, refs: list[str]) -> pd.DataFrame:
    """The cases of these references, as `Gathered.subjects`, in their order."""
    cases = rows_with(run, "cases", "family_ref", refs)
    return name_subjects(cases.set_index("family_ref").loc[refs].reset_index())


def name_subjects(cases: pd.DataFrame) -> pd.DataFrame:
    """Cases (family_ref, family_id, household_id) with a name for their files: the reference, else the family.

    `snapshot_of` is the family itself where the case does not say otherwise.
    """
    known = cases["family_ref"].where(cases["family_ref"].notna(), cases["family_id"])
    named = known.where(known.notna(), cases["household_id"]).map(_file_name).astype(TEXT)
    then = cases["snapshot_of"] if "snapshot_of" in cases else cases["family_id"]
    frozen = then.where(then.notna(), cases["family_id"])
    return cases.assign(name=named, snapshot_of=frozen)[list(SUBJECT)].reset_index(drop=True)


def _file_name(reference: str) -> str:
    """A reference as part of a file's name: as it is where it may be, else with what was replaced told by a digest."""
    plain = re.sub(r"[^A-Za-z0-9._-]", "_", reference)[:60]
    if plain == reference and not plain.startswith("."):
        return plain
    return f"{plain.lstrip('.')}-{hashlib.sha256(reference.encode()).hexdigest()[:8]}"


def gather_run(run: Path, subjects: pd.DataFrame, prepared: Prepared | None = None) -> Gathered:
    """Everything that the run holds about these cases, and the register about their claims."""
    manifest, settings = read_manifest(run), settings_of(run)
    rules = load_framework(settings.criteria)
    tables = _of_cases(run, subjects)
    people = people_of(subjects, tables)["person_id"].drop_duplicates()
    claims = read_claims(run.parent, prepared)
    tables |= _of_people(run, people, claims)
    return Gathered(
        cover=_cover(manifest, settings),
        subjects=subjects,
        tables=tables,
        files=_files(run),
        rules=rules,
        terms=terms_around(manifest.as_of, rules),
        record=_record(manifest),
        claims=claims,
    )


def _of_cases(run: Path, subjects: pd.DataFrame) -> dict[str, pd.DataFrame]:
    keys = {"family_ref": BY_REF, "family_id": BY_FAMILY, "household_id": BY_HOUSEHOLD}
    values = {key: subjects[key] for key in keys} | {"family_id": families_of(subjects)["family_id"]}
    found = {name: _matching(run, name, key, values[key]) for key, names in keys.items() for name in names}
    found["cases_here"] = _matching(run, "cases", "household_id", subjects["household_id"])
    found["caseload_rows"] = _caseload(run, subjects)
    found["claims_rows"] = _clean(run, "claims", "family_ref", subjects["family_ref"])
    return {name: frame for name, frame in found.items() if frame is not None}


def _caseload(run: Path, subjects: pd.DataFrame) -> pd.DataFrame | None:
    rows = _clean(run, "caseload", "family_ref", subjects["family_ref"])
    if rows is None:
        return None
    owners = rows_with(run, "person_records", "record_id", rows["record_id"])
    return rows.assign(person_id=look_up(rows["record_id"], owners["record_id"], owners["person_id"]))


def _of_people(run: Path, people: pd.Series, claims: Claims) -> dict[str, pd.DataFrame]:
    owners = rows_with(run, "person_records", "person_id", people)
    refs = _references(run, people)
    found: dict[str, pd.DataFrame | None] = {
        "people": rows_with(run, "people", "person_id", people),
        "person_records": owners,
        "request_refs": refs,
        "other_cases": _other_cases(run, people),
        "earlier_claims": claims_elsewhere(run, people, claims),
        "dwp_benefits": _answers(run, owners, refs),
        "pairs": _pairs(run, owners),
        "decisions": _decisions(run, owners),
    }
    found |= {name: _owned(run, name, owners) for name in EXTRACTS}
    return {name: frame for name, frame in found.items() if frame is not None}


def _references(run: Path, people: pd.Series) -> pd.DataFrame:
    """References under which DWP is asked, each with whether this run's request asks about it (`asked`)."""
    refs = rows_with(run, "request_refs", "person_id", people)
    sent = rows_with(run, "dwp_request", "request_ref", refs["request_ref"])
    return refs.assign(asked=refs["request_ref"].isin(sent["request_ref"]))


def _owned(run: Path, extract: str, owners: pd.DataFrame) -> pd.DataFrame | None:
    """An extract's rows that are records of these people."""
    own = owners[owners["extract"] == extract]
    rows = _clean(run, extract, "record_id", own["record_id"].str.removesuffix(CHILD))
    if rows is None:
        return None
    return rows.assign(person_id=look_up(rows["record_id"], own["record_id"], own["person_id"]))


def _answers(run: Path, owners: pd.DataFrame, refs: pd.DataFrame) -> pd.DataFrame | None:
    """DWP's answers about these people: by their reference, or by linkage."""
    path = run / "clean" / f"{dwp.OWN}.parquet"
    if not path.exists():
        return None
    own = owners.loc[owners["extract"] == dwp.OWN]
    wanted = pc.field("record_id").isin(_ids(own["record_id"])) | pc.field("request_ref").isin(
        _ids(refs["request_ref"])
    )
    rows = to_frame(pq.read_table(path, filters=wanted))
    return rows.assign(person_id=dwp.answered_people(rows, refs, own)).dropna(subset=["person_id"])


def _pairs(run: Path, owners: pd.DataFrame) -> pd.DataFrame:
    """Pairs of two records of one of these people."""
    pairs = rows_with(run, "pairs", "left_id", owners["record_id"])
    left, right = (look_up(pairs[side], owners["record_id"], owners["person_id"]) for side in ("left_id", "right_id"))
    return pairs.assign(person_id=left)[(left == right).fillna(False).astype(bool)]


def _decisions(run: Path, owners: pd.DataFrame) -> pd.DataFrame | None:
    """What was decided about records of these people: a row for each of the people it is about."""
    decided = _read(run, "decisions")
    if decided is None:
        return None
    sides = [
        decided.assign(person_id=look_up(decided[side], owners["record_id"], owners["person_id"]))
        for side in ("left_id", "right_id")
    ]
    return pd.concat(sides).dropna(subset=["person_id"]).drop_duplicates().sort_index(kind="stable")


def _other_cases(run: Path, people: pd.Series) -> pd.DataFrame | None:
    """People who are in more than one case of the run: a row for each case."""
    members = _matching(run, "case_members", "person_id", people)
    if members is None:
        return None
    pairs = members[["person_id", "family_ref"]].drop_duplicates()
    return pairs[pairs.duplicated("person_id", keep=False)]


def _matching(run: Path, table: str, column: str, values: pd.Series) -> pd.DataFrame | None:
    return rows_with(run, table, column, values.dropna().unique()) if has_table(run, table) else None


def _clean(run: Path, extract: str, column: str, values: pd.Series) -> pd.DataFrame | None:
    path = run / "clean" / f"{extract}.parquet"
    return to_frame(pq.read_table(path, filters=pc.field(column).isin(_ids(values)))) if path.exists() else None


def _read(run: Path, table: str) -> pd.DataFrame | None:
    path = run / "tables" / f"{table}.parquet"
    return read_table(path) if path.exists() else None


def _ids(values: pd.Series) -> pa.Array:
    return pa.array(values.dropna().unique().tolist(), pa.string())


def _cover(manifest: Manifest, settings: Settings) -> Cover:
    authority, notes = settings.authority, head_notes(manifest)
    return Cover("Evidence pack", authority.name, authority.marking, manifest.as_of, manifest.run_id, notes)


def _files(run: Path) -> dict[str, File]:
    """Every file that this run or one before it took in, with the first day on which it was washed."""
    found: dict[str, File] = {}
    for folder in {path.name: path for path in [*published_runs(run.parent), run]}.values():
        manifest = read_manifest(folder)
        for file in manifest.inputs:
            found.setdefault(file.sha256, File(file.path, file.extract, manifest.as_of))
    return found


def _record(manifest: Manifest) -> Record:
    sources = [
        Source(file.extract, file.path, file.sha256, file.rows_read, file.rows_quarantined) for file in manifest.inputs
    ]
    defaults = ("the defaults", manifest.settings_digest)
    return Record(
        base_id=manifest.base_id,
        manifest=manifest_digest(manifest),
        code_version=manifest.code_version,
        libraries=manifest.libraries,
        settings=_pointer(manifest.settings_file) or defaults,
        framework=(manifest.framework.name, manifest.framework.sha256),
        judgements=_pointer(manifest.judgements),
        decisions=_pointer(manifest.decisions),
        previous=_pointer(manifest.previous),
        sources=tuple(sources),
        given=frozenset(file.extract for file in manifest.inputs),
        without=manifest.without,
    )


def _pointer(pointer: Pointer | None) -> tuple[str, str] | None:
    return (pointer.name, pointer.sha256) if pointer else None
