"""Erasure and restriction in a whole wash: what it does with the rows of a marked person, and says of it.

One world serves every test: the runs that the version before left, marks on people in them, and the next month's wash.
Kim asked to be erased, and so a wrong row of hers goes; her namesake of the same day of birth did not. Owen, and all of
the Corrigans, asked to be left alone.
"""

import csv
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from cli.runs import show_run
from cli.summary import facts_of, in_words
from pipeline.mentions import CHILD
from pipeline.prepare import Request, prepare
from pipeline.publish import notes
from pipeline.record.manifest import read_manifest
from pipeline.record.run import Run, StageRecord, start_folder
from pipeline.record.stage_log import write_stage
from pipeline.record.verify import verify_run
from pipeline.replay import lay_out, replay_run
from pipeline.reviewing.records import show_records
from pipeline.rights.marking import lift, mark_person
from pipeline.rights.marks import Effect, Mark, add_mark, check_rights, read_rights, standing
from pipeline.rights.sought import Sought, seek_by_details, seek_by_id
from pipeline.rights.traits import digests, rights_key
from pipeline.rights.washed import read_marks
from pipeline.wash import wash_extracts
from schemas.columns import TEXT
from schemas.errors import IntegrityError, UsageError
from tests.builders import KIM, offence, pupil, upn
from tests.upgrade.kept import SECOND, kept_outputs


NEXT, LATER = date(2014, 2, 28), date(2014, 3, 31)
NAMESAKE = KIM._replace(upn=upn(9))
TRACES = ("Kim", KIM.upn, KIM.date_of_birth)
OWENS_MARK = "R0000002"


class World(NamedTuple):
    """The outputs, the last run before anybody was marked, and the one after."""

    place: Path
    before: Path
    after: Path

    @property
    def outputs(self) -> Path:
        """Where the runs stand."""
        return self.place / "outputs"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Not to be changed."""
    place = tmp_path_factory.mktemp("rights")
    outputs = kept_outputs(place)
    before = outputs / SECOND
    for forename, effect in MARKED.items():
        mark_person(outputs, seek_by_id(outputs, before, person(before, forename)), effect, "asked for it")
    extracts = lay_out(read_manifest(before), outputs / "archive", place / "extracts")
    append(extracts / "youth_offending.csv", offence(KIM, proven="perhaps", yot_ref="Y9"))
    append(extracts / "attendance.csv", *pupil(NAMESAKE))
    return World(place, before, wash_extracts(Request(extracts, NEXT, outputs)).folder)


MARKED = {"Kim": Effect.ERASE, "Owen": Effect.RESTRICT, "Amira": Effect.RESTRICT, "Joanne": Effect.RESTRICT}


def append(path: Path, *rows: dict[str, str]) -> None:
    """Add rows to an extract."""
    with path.open(encoding="utf-8", newline="") as file:
        names = csv.DictReader(file).fieldnames or []
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, names, restval="", extrasaction="ignore").writerows(rows)


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    """A copy of the world's place, to be changed."""
    shutil.copytree(world.place, tmp_path / "place")
    return tmp_path / "place"


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / f"tables/{name}.parquet")


def person(run: Path, forename: str) -> str:
    people = table(run, "people")
    return people.loc[people["forename"] == forename, "person_id"].item()


def says(run: Path, word: str) -> set[str]:
    """The tables of a run, clean and restricted ones too, in which a cell is or holds a word."""
    tables = {path: pd.read_parquet(path).astype(str) for path in run.glob("*/*.parquet")}
    return {path.stem for path, one in tables.items() if one.map(lambda cell: word in cell).any(axis=None)}


def write_like(path: Path, rows: pd.DataFrame) -> None:
    """Write rows over a table's file, in its own kinds of columns."""
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False), path)


def prepared(place: Path, day: date) -> Run | Path:
    return prepare(Request(place / "extracts", day, place / "outputs"))


def test_an_erased_person_is_in_no_table_of_the_next_run(world: World) -> None:
    gone = person(world.before, "Kim")
    assert says(world.before, gone) > {"people", "members", "identities"}
    assert says(world.after, gone) == set()
    assert says(world.after, "perhaps") == set()
    assert says(world.after, KIM.upn) == set()


def test_another_of_the_same_name_and_day_of_birth_is_left_in(world: World) -> None:
    people = table(world.after, "people")
    assert people.loc[people["surname"] == "Ashdown"].set_index("forename")["upn"].get("Kim") == NAMESAKE.upn


def test_rows_in_are_rows_accepted_quarantined_and_erased(world: World) -> None:
    manifest = read_manifest(world.after)
    erased = {file.extract: file.rows_erased for file in manifest.inputs if file.rows_erased}
    before = {file.extract: file.rows_accepted for file in read_manifest(world.before).inputs}
    rows = pd.read_parquet(world.before / "clean/attendance.parquet")["upn"].eq(KIM.upn).sum()
    assert erased["attendance"] == rows > 0
    assert {"attendance", "contacts", "youth_offending", "caseload"} <= set(erased)
    assert all(file.rows_read == file.rows_accepted + file.rows_quarantined + file.rows_erased
               for file in manifest.inputs)
    assert {stage.name: stage.counts["rows_erased"] for stage in manifest.stages
            if stage.counts.get("rows_erased")} == {f"ingest {name}": count for name, count in erased.items()}
    same = [file for file in manifest.inputs if file.extract not in ("attendance", "youth_offending")]
    assert all(file.rows_accepted + file.rows_erased == before[file.extract] for file in same)


def test_a_restricted_person_bears_on_nothing_and_is_in_no_household(world: World) -> None:
    who = person(world.before, "Owen")
    assert who in set(table(world.after, "people")["person_id"]), "what is stored stays stored"
    assert who in set(table(world.before, "evidence")["person_id"])
    for name in ("members", "evidence", "request_refs", "results"):
        assert who not in set(table(world.after, name)["person_id"].dropna()), name
    home = table(world.after, "members").set_index("person_id").loc[person(world.before, "Helen"), "household_id"]
    verdicts = [table(run, "verdicts").set_index(["household_id", "criterion"])["verdict"][home, "crime_asb"]
                for run in (world.before, world.after)]
    assert verdicts == ["met", "not_met"]
    assert read_manifest(world.after).stage("link").counts["people_left_alone"] == 3


def test_a_reviewer_still_sees_what_a_row_says_of_the_parent_of_somebody_who_is_left_alone(
    world: World, copy: Path
) -> None:
    owned = table(world.after, "person_records").set_index("person_id")["record_id"]
    record = next(name.removesuffix(CHILD) for name in owned[[person(world.before, "Owen")]] if name.endswith(CHILD))
    run = prepared(copy, LATER)
    assert isinstance(run, Run)
    washed = replace(run, folder=copy / "outputs" / world.after.name)
    who = person(world.after, "Helen")
    queue = pd.DataFrame([[record, record, who, who]], columns=["left_id", "right_id", "left_person", "right_person"])
    shown = show_records(washed, queue.astype(TEXT), table(world.after, "person_parts")).set_index("record_id")
    assert shown.loc[record, "forename"] == "Helen"
    assert "Owen" not in set(shown["forename"])


def test_a_household_that_holds_nobody_else_is_none(world: World) -> None:
    address = "305 Castle Street, Sandport"
    assert address in set(table(world.before, "master_list")["address"])
    assert address not in set(table(world.after, "households")["address"])
    assert says(world.after, address) & {"master_list", "undetermined", "panel_list", "dwp_request"} == set()
    assert set(table(world.after, "verdicts")["household_id"]) <= set(table(world.after, "households")["household_id"])


def test_a_wash_with_marks_verifies_and_comes_out_the_same_in_a_replay(world: World) -> None:
    assert replay_run(world.after).tables > 40
    assert verify_run(world.after).notes == ()


def test_a_lifted_mark_lets_the_person_be_who_they_were(copy: Path, world: World) -> None:
    outputs, who = copy / "outputs", person(world.before, "Owen")
    assert prepared(copy, NEXT) == outputs / world.after.name, "the same marks make the same wash"
    lift(outputs, OWENS_MARK, "settled")
    run = prepared(copy, NEXT)
    assert isinstance(run, Run)
    assert OWENS_MARK not in {mark.mark for mark in read_marks(run).marks}
    assert run.previous == outputs / world.after.name
    assert who in set(run.read_previous("identities")["person_id"]), "the next wash knows them again"
    with pytest.raises(UsageError, match=f"No mark {OWENS_MARK} stands"):
        lift(outputs, OWENS_MARK, "again")


def test_marks_that_were_all_lifted_are_no_part_of_a_wash(copy: Path) -> None:
    for number in range(1, len(MARKED) + 1):
        lift(copy / "outputs", f"R{number:07d}", "a mistake")
    run = prepared(copy, NEXT)
    assert isinstance(run, Run)
    assert run.rights is None


def test_marks_that_lost_their_key_stop_a_wash(copy: Path) -> None:
    (copy / "outputs/.rights.key").unlink()
    with pytest.raises(IntegrityError, match=r"\.rights\.key is missing"):
        prepared(copy, LATER)


def test_a_key_of_the_process_s_own_stands_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAWASH_RIGHTS_KEY", "a key from elsewhere\n")
    kim = Sought(frozenset({("upn", KIM.upn)}), {})
    mark = mark_person(tmp_path, kim, Effect.ERASE, "asked for it")
    assert mark.traits == set(digests([KIM.upn], "upn", b"a key from elsewhere").values())
    assert not (tmp_path / ".rights.key").exists()
    monkeypatch.delenv("DATAWASH_RIGHTS_KEY")
    with pytest.raises(IntegrityError, match=r"\.rights\.key is missing"):
        rights_key(tmp_path)


def test_a_write_that_was_cut_short_loses_no_mark(tmp_path: Path) -> None:
    def mark(trait: str) -> Mark:
        return add_mark(tmp_path, Effect.RESTRICT, [trait], {}, "asked for it")

    first, path = mark("upn:1"), tmp_path / "rights.jsonl"
    path.write_bytes(path.read_bytes() + b'{"event": "mar')
    second = mark("upn:2")
    assert [entry["event"] for entry in read_rights(tmp_path)] == ["marked", "mended", "marked"]
    assert standing(read_rights(tmp_path)) == (first, second)
    assert (first.mark, second.mark, check_rights(tmp_path)) == ("R0000001", "R0000002", 3)


@pytest.mark.parametrize("change", ["edited", "cut", "gone"])
def test_marks_that_were_changed_stop_a_wash_and_are_found(copy: Path, world: World, change: str) -> None:
    rights = copy / "outputs/rights.jsonl"
    whole = rights.read_bytes()
    changed = {"edited": whole.replace(b"asked for it", b"asked for  it", 1),
               "cut": b"".join(whole.splitlines(keepends=True)[:-1])}
    if change == "gone":
        rights.unlink()
    else:
        rights.write_bytes(changed[change])
    with pytest.raises(IntegrityError, match=r"rights\.jsonl"):
        prepared(copy, LATER)
    with pytest.raises(IntegrityError, match=r"rights\.jsonl"):
        verify_run(copy / "outputs" / world.after.name)


def test_a_reader_is_told_that_there_are_some_and_not_who(world: World) -> None:
    folder, manifest = world.after, read_manifest(world.after)
    rows = sum(file.rows_erased or 0 for file in manifest.inputs)
    summary = " ".join(in_words(facts_of(folder, manifest), already=False))
    assert f"Rights: {rows} rows of people who asked to be erased not taken in; 3 people left alone" in summary
    assert any(line.split()[-2:] == ["erased", "sha256"] for line in show_run(world.outputs, folder.name).lines)
    page = load_workbook(folder / "master_list.xlsx")["About this file"]
    told = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert "asked to be erased were not taken in" in told
    assert "asked that their data be left alone are on no list" in told


@pytest.mark.parametrize("counts", [{}, {"rows_erased": 2}, {"people_left_alone": 1}])
def test_a_reader_is_told_of_no_more_than_there_was(copy: Path, world: World, counts: dict[str, int]) -> None:
    run = prepared(copy, LATER)
    assert isinstance(run, Run)
    start_folder(run)
    shutil.copy(world.after / "tables/coverage.parquet", run.tables)
    write_stage(run, StageRecord("link", counts=counts))
    told = " ".join(notes(run))
    assert ("asked to be erased" in told) is ("rows_erased" in counts)
    assert ("be left alone" in told) is ("people_left_alone" in counts)


def test_what_is_kept_of_a_marked_person_names_nobody(world: World) -> None:
    kept = "".join((world.outputs / name).read_text() for name in ("rights.jsonl", "audit_log.jsonl"))
    assert not [word for word in (*TRACES, "kim", "Ashdown", "ashdown", "SP4") if word in kept]
    assert (world.outputs / ".rights.key").stat().st_mode & 0o077 == 0
    assert read_rights(world.outputs)[0]["people"][world.before.name] == [person(world.before, "Kim")]


def test_a_person_is_found_where_a_run_holds_no_record_but_took_over_their_identity(world: World, copy: Path) -> None:
    run, who = copy / "outputs" / world.before.name, person(world.before, "Kim")
    later = shutil.copytree(run, run.with_name("2014-01-21-0123456789ab"))
    for path in (later / "tables/person_records.parquet", *later.glob("clean/*.parquet")):
        rows = pd.read_parquet(path)
        about = rows["person_id"] == who if "person_id" in rows else rows.astype(str).eq(KIM.upn).any(axis=1)
        write_like(path, rows[~about])
    people = seek_by_id(copy / "outputs", run, who).people
    assert people[later.name] == people[run.name] == (who,)


@pytest.mark.parametrize("text", [f"upn\n{KIM.upn}\n", "Forename,Surname,Date of birth\nkim,ASHDOWN,14/03/2001\n"])
def test_a_person_is_found_by_a_file_of_what_is_known(world: World, tmp_path: Path, text: str) -> None:
    (tmp_path / "who.csv").write_text(text)
    sought = seek_by_details(world.outputs, tmp_path / "who.csv")
    assert sought.people[world.before.name] == (person(world.before, "Kim"),)


def test_a_row_without_a_date_of_birth_is_found_by_name_and_postcode(world: World, tmp_path: Path) -> None:
    run = shutil.copytree(world.before, tmp_path / "outputs" / world.before.name)
    (tmp_path / "who.csv").write_text(f"forename,surname,postcode\nKim,Ashdown,{KIM.home.postcode}\n")
    assert seek_by_details(tmp_path / "outputs", tmp_path / "who.csv").people == {}
    rows = pd.read_parquet(run / "clean/caseload.parquet")
    rows.loc[rows["forename"] == "Kim", "date_of_birth"] = pd.NaT
    write_like(run / "clean/caseload.parquet", rows)
    people = seek_by_details(tmp_path / "outputs", tmp_path / "who.csv").people
    assert people == {run.name: (person(world.before, "Kim"),)}


def test_a_person_is_followed_through_as_many_runs_as_have_them(world: World, tmp_path: Path) -> None:
    """Each run knows them by a number of its own and by that of the next, and by nothing else."""
    who, last = person(world.before, "Kim"), 6
    others = shutil.ignore_patterns("[b-z]*.parquet", "asb*", "stages")
    for number in range(last):
        run = shutil.copytree(world.before, tmp_path / f"outputs/2014-01-20-{number:012d}", ignore=others)
        for name in ("person_records", "identities", "request_refs"):
            shutil.copy(world.before / f"tables/{name}.parquet", run / "tables")
        rows = pd.read_parquet(run / "clean/attendance.parquet")
        theirs = rows.index[rows["upn"] == KIM.upn]
        rows["forename"] = None
        rows.loc[theirs, "upn"] = [upn(100 + number + place % 2) for place in range(len(theirs))]
        write_like(run / "clean/attendance.parquet", rows)
    (tmp_path / "who.csv").write_text(f"upn\n{upn(100)}\n")
    people = seek_by_details(tmp_path / "outputs", tmp_path / "who.csv").people
    assert list(people.values()) == [(who,)] * last


@pytest.mark.parametrize(("text", "said"), [
    ("surname\nAshdown\n", "nobody can be found"),
    ("shoe size\n4\n", "shoe_size is not a column"),
    ("forename,surname,date_of_birth\nKim,Ashdown,spring\n", "is not like 2001-03-14"),
])
def test_a_file_by_which_nobody_is_found_is_refused(world: World, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "who.csv").write_text(text)
    with pytest.raises(UsageError, match=said):
        seek_by_details(world.outputs, tmp_path / "who.csv")
