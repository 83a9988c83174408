"""The four stages: read tables from the run, call the pure half, write tables, say what was written.

The rules stand in `pipeline.intake`, `linkage` and `criteria`; nothing is decided here but what is read and written.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

import pandas as pd

import criteria
import linkage
from criteria.calendar import terms_around
from criteria.referrals import CHILD_OF_CONTACT
from pipeline import dwp
from pipeline.claims.earlier import earlier_claims
from pipeline.distrust import tell_distrust
from pipeline.drift import compare_with_previous
from pipeline.history import read_history
from pipeline.intake.ingest import ingest_source
from pipeline.intake.sources import Source
from pipeline.judgements import read_judgements
from pipeline.mentions import CHILD, mentions, with_extra
from pipeline.panel import FORMS, put_to_panel, read_panel
from pipeline.publish import make_files, make_lists
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import Run, StageRecord
from pipeline.record.stage_log import write_inputs, write_model, write_stage
from pipeline.record.tables import TableRecord, read_table, write_table
from pipeline.review import what_matters
from pipeline.reviewing.queue import CANDIDATES, put_questions
from pipeline.reviewing.sample import add_sample, draw_sample
from pipeline.rights.washed import LEFT_ALONE, left_alone, read_marks, without_erased, without_people
from pipeline.seal import seal_run
from schemas.columns import TEXT, Table, columns_of
from schemas.extracts import EXTRACTS
from schemas.keys import among, look_up, positions
from schemas.published import PUBLISHED
from schemas.words import Role
from schemas.working import WORKING


def _stage(body: Callable[..., StageRecord]) -> Callable[..., StageRecord]:
    """A stage that leaves its record, with the seconds it took, in the run's folder."""

    @wraps(body)
    def taken(run: Run, *args: Any) -> StageRecord:
        start = time.perf_counter()
        record = body(run, *args)
        record = record._replace(seconds=round(time.perf_counter() - start, 3))
        write_stage(run, record)
        return record

    return taken


@_stage
def ingest(run: Run, source: Source) -> StageRecord:
    """One extract's files -> its clean table, its quarantined rows, and what stands in the restricted folder alone."""
    done = ingest_source(source, as_of=run.as_of, marks=read_marks(run))
    name = source.extract
    clean = write_table(run.clean, name, done.clean, EXTRACTS[name].model, ("record_id",))
    quarantine = write_table(run.clean, f"{name}.quarantine", done.quarantine, *PUBLISHED["quarantine"])
    restricted = write_table(run.restricted, f"{name}.rejected", done.restricted, *WORKING["restricted"])
    counts = {f"rows_{part}": sum(getattr(file, f"rows_{part}") for file in done.files) for part in _PARTS}
    tables = [clean, quarantine, restricted]
    if len(done.dropped):
        tables.append(write_table(run.restricted, f"{name}.dropped", done.dropped, *WORKING["dropped_columns"]))
    if len(done.left_alone):
        tables.append(write_table(run.clean, f"{name}.{LEFT_ALONE}", done.left_alone, *WORKING[LEFT_ALONE]))
    if run.rights is not None:
        counts["rows_erased"] = sum(file.rows_erased or 0 for file in done.files)
    write_inputs(run, name, done.files)
    return StageRecord(f"ingest {name}", tuple(tables), counts | done.notes)


@_stage
def link(
    run: Run,
    clean: list[StageRecord],
    map: Callable[..., Iterable[Any]] | None = None,  # noqa: A002
) -> StageRecord:
    """Clean tables -> people, households and what holds them together, and each person's reference for DWP."""
    tables = _clean_tables(run)
    rules = criteria.load_framework(run.settings.criteria)
    snapshots = {sha256: day for source in run.sources for sha256, day in source.snapshots.items()}
    speaks_of = rules.local.speaks_of.value
    records = mentions(tables, terms_around(run.as_of, rules), snapshots, as_of=run.as_of, speaks_of=speaks_of)
    records = with_extra(records, tables, run.settings.linkage.extra)
    most = run.settings.linkage.review_most
    settings = run.settings.linkage.model_copy(update={"as_of": run.as_of, "review_most": CANDIDATES * most})
    records["matters"] = what_matters(records["source"])
    judged = read_judgements(run)
    said = None if judged is None else judged.frame
    linked = linkage.link(records, settings, judgements=said, previous=_previous(run), map=map)
    owners = linked.person_records
    children = linked.members.loc[linked.members["role"] == Role.CHILD, "person_id"]
    adults = owners[~among(owners["person_id"], children)]
    before = run.read_previous("request_refs")
    compared = compare_with_previous(run, linked.model)
    whole = {
        "people": linked.people,
        "pairs": linked.pairs,
        "pairs_set_aside": linked.set_aside,
        "person_parts": linked.parts,
        "identities": linked.identities,
        "identity_changes": linked.changes,
        "identity_origins": linked.origins,
        "decisions": linked.decisions,
        "model_drift": compared.table,
    }
    with ThreadPoolExecutor(1) as aside:
        written = aside.submit(_write_all, run, whole)
        sample = draw_sample(linked.pairs, linked.set_aside, linked.counts["pairs_set_aside"], linked.review_queue,
                             run.settings.review.sampled)
        refs = dwp.request_refs(records, adults, before if before is None else without_erased(run, before))
        frames = {
            "person_records": _placed(owners, tables),
            "households": linked.households,
            "members": linked.members,
            "questions": add_sample(linked.review_queue, sample, records),
            "address_records": linked.address_records,
            "middle_names": _middle_names(records, owners),
            "request_refs": refs,
        }
    alone = left_alone(run, owners)
    others = _write_all(run, without_people(frames, alone))
    write_model(run, linked.model | {"compared": compared.with_what})
    unanswered = {} if judged is None else {"judgement_rows_unanswered": judged.unanswered}
    told = {} if run.rights is None else {"people_left_alone": len(alone)}
    counts = linked.counts | {"records": len(records)} | unanswered | told
    warnings = (*tell_distrust(linked.counts), *compared.warnings)
    return StageRecord("link", written.result() + others, counts, warnings=warnings)


@_stage
def assess(run: Run, linked: StageRecord) -> StageRecord:
    """People and facts -> evidence, verdicts, families, the request to DWP, and what follows the list."""
    people = criteria.People(*(run.read(name) for name in ("people", "households", "members")))
    rules = criteria.load_framework(run.settings.criteria)
    facts, history = criteria.Facts(_facts(run)), read_history(run, earlier_claims(run))
    panel = read_panel(run, history, rules)
    with ThreadPoolExecutor(1) as aside:
        questions = aside.submit(put_questions, run, people, facts, history.earlier, rules)
        done = criteria.assess(people, facts, rules, as_of=run.as_of, known=panel.known)
        judged = {
            "evidence": done.evidence,
            "verdicts": done.verdicts,
            "families": done.families,
            "undetermined": done.undetermined,
            "coverage": done.coverage,
            "attendance_mismatches": done.mismatches,
        }
        written = aside.submit(_write_all, run, judged)
        put = put_to_panel(run, panel, done, rules)
        followed = criteria.follow(people, facts, done, history, rules, as_of=run.as_of)
        asked = questions.result()
    named = people.people.merge(run.read("middle_names"), how="left", on="person_id")
    request = dwp.dwp_request(done.dwp_people, named, people.households, run.read("request_refs"))
    frames = {
        "dwp_request": request.adults,
        **followed.tables(),
        **put.frames,
        **asked.frames,
    }
    counts = done.counts | followed.counts | put.counts
    counts |= {"questions_left_out": asked.left_out, "adults_not_sent_for_want_of_an_address": request.incomplete}
    return StageRecord("assess", written.result() + _write_all(run, frames), counts)


def publish(run: Run, assessed: StageRecord) -> Manifest:
    """Lists, files and manifest, written aside and renamed: from here on the run is published."""
    _publish(run, assessed)
    return seal_run(run)


@_stage
def _publish(run: Run, assessed: StageRecord) -> StageRecord:
    tables, counts = make_lists(run)
    make_files(run)
    return StageRecord("publish", tables, counts)


_PARTS = ("read", "accepted", "quarantined")
_CARRIED = ("identities", "members", "households")


def _write_all(run: Run, frames: dict[str, pd.DataFrame]) -> tuple[TableRecord, ...]:
    tables: dict[str, tuple[type[Table], tuple[str, ...]]] = PUBLISHED | WORKING
    return tuple(write_table(run.tables, name, frame, *tables[name]) for name, frame in frames.items())


def _clean_tables(run: Run) -> dict[str, pd.DataFrame]:
    return {source.extract: read_table(run.clean / f"{source.extract}.parquet") for source in run.sources}


def _previous(run: Run) -> linkage.Previous | None:
    """What linkage takes over; a run washed before there was `identity_origins` does not say what was split off."""
    if run.previous is None:
        return None
    identities, members, homes = (without_erased(run, run.read_previous(name)) for name in _CARRIED)
    counters = read_manifest(run.previous).stage("link").counts
    return linkage.Previous(identities, members, homes, counters, run.read_previous("identity_origins"))


def _facts(run: Run) -> dict[str, pd.DataFrame]:
    """Each clean table with the person and, for a row that is only an address, the household it speaks of."""
    owners = run.read("person_records", ["record_id", "extract", "person_id"])
    places = run.read("address_records")
    alone = left_alone(run, owners)
    tables = {}
    for name, table in _clean_tables(run).items():
        if name == FORMS:
            continue
        own = owners[owners["extract"] == name]
        person = look_up(table["record_id"], own["record_id"], own["person_id"])
        if name == dwp.OWN:
            person = dwp.answered_people(table, run.read("request_refs"), own)
        household = look_up(table["record_id"], places["record_id"], places["household_id"])
        tables[name] = table.assign(person_id=person, household_id=household)
        if name == "contacts":
            child = look_up(table["record_id"] + CHILD, own["record_id"], own["person_id"])
            tables[name][CHILD_OF_CONTACT] = child
        if alone:
            named = [tables[name][column].isin(alone) for column in ("person_id", CHILD_OF_CONTACT)
                     if column in tables[name]]
            tables[name] = tables[name][~pd.concat(named, axis=1).any(axis=1)].reset_index(drop=True)
    return tables


def _placed(owners: pd.DataFrame, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Whose each record is, with the extract, file and row it came from."""
    columns = ["record_id", "file", "row_number"]
    places = [table[columns].assign(extract=name) for name, table in tables.items()]
    rows = pd.concat([place.astype({"file": TEXT, "extract": TEXT}) for place in places], ignore_index=True)
    found = positions(owners["record_id"].str.removesuffix(CHILD), rows.pop("record_id"))
    placed = owners.assign(**rows.take(found).set_index(owners.index))
    return placed[list(columns_of(PUBLISHED["person_records"][0]))]


def _middle_names(records: pd.DataFrame, owners: pd.DataFrame) -> pd.DataFrame:
    """The fullest middle names that any record gives a person: person_id, middle_names."""
    named = records.loc[records["middle_names"].notna(), ["record_id", "middle_names"]]
    person = look_up(named["record_id"], owners["record_id"], owners["person_id"])
    named = named.assign(person_id=person, length=named["middle_names"].str.len()).dropna(subset=["person_id"])
    fullest = named.sort_values(["person_id", "length", "middle_names"]).drop_duplicates("person_id", keep="last")
    return fullest[["person_id", "middle_names"]].reset_index(drop=True)
