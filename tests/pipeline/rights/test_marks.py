"""Erasure and restriction in whole washes: what the next wash does with the rows of a marked person, and says of it.

One world serves most tests: Kim asked to be erased, and so did a wrong row of hers; her namesake of the same day of
birth did not. Amira, and all of the Birchalls, asked to be left alone.
"""

import shutil
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
from pipeline.prepare import Request, prepare
from pipeline.record.run import Run
from pipeline.record.verify import verify_run
from pipeline.replay import replay_run
from pipeline.rights.marking import lift, mark_person
from pipeline.rights.marks import Effect, read_rights
from pipeline.rights.sought import seek_by_details, seek_by_id
from pipeline.wash import Washed, wash_extracts
from schemas.errors import IntegrityError, UsageError
from tests.builders import AS_OF, KIM, four_families, offence, pupil, upn, write_folder, write_four_families


DAY, NEXT, LATER = date.fromisoformat(AS_OF), date(2013, 10, 31), date(2013, 11, 30)
NAMESAKE = KIM._replace(upn=upn(9))
TRACES = ("Kim", KIM.upn, KIM.date_of_birth)


class World(NamedTuple):
    """The outputs, the extracts of each wash, the run before anybody was marked, and the one after."""

    place: Path
    before: Washed
    after: Washed

    @property
    def outputs(self) -> Path:
        """Where the runs stand."""
        return self.place / "outputs"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """Not to be changed."""
    place = tmp_path_factory.mktemp("rights")
    before = wash_extracts(Request(write_four_families(place / "first"), DAY, place / "outputs"))
    mark(place / "outputs", before, "Kim", Effect.ERASE)
    for forename in ("Amira", "Leon", "Patrick"):
        mark(place / "outputs", before, forename, Effect.RESTRICT)
    tables = four_families()
    tables["youth_offending"].append(offence(KIM, proven="perhaps", yot_ref="Y9"))
    tables["attendance"].append(pupil(NAMESAKE))
    after = wash_extracts(Request(write_folder(place / "second", **tables), NEXT, place / "outputs"))
    return World(place, before, after)


@pytest.fixture
def copy(world: World, tmp_path: Path) -> Path:
    """A copy of the world's place, to be changed."""
    shutil.copytree(world.place, tmp_path / "place")
    return tmp_path / "place"


def mark(outputs: Path, washed: Washed, forename: str, effect: Effect) -> str:
    sought = seek_by_id(outputs, washed.folder, person(washed, forename))
    return mark_person(outputs, sought, effect, "asked for it").mark


def table(washed: Washed, name: str) -> pd.DataFrame:
    return pd.read_parquet(washed.folder / f"tables/{name}.parquet")


def person(washed: Washed, forename: str) -> str:
    people = table(washed, "people")
    return people.loc[people["forename"] == forename, "person_id"].item()


def says(washed: Washed, word: str) -> set[str]:
    """The tables of a run, clean and restricted ones too, in which a cell is or holds a word."""
    tables = {path: pd.read_parquet(path).astype(str) for path in washed.folder.glob("*/*.parquet")}
    return {path.stem for path, one in tables.items() if one.map(lambda cell: word in cell).any(axis=None)}


def write_like(path: Path, rows: pd.DataFrame) -> None:
    """Write rows over a table's file, in its own kinds of columns."""
    schema = pq.read_schema(path)
    pq.write_table(pa.Table.from_pandas(rows, schema, preserve_index=False), path)


def prepared(place: Path, extracts: str, day: date) -> Run | Path:
    return prepare(Request(place / extracts, day, place / "outputs"))


def test_an_erased_person_is_in_no_table_of_the_next_run(world: World) -> None:
    gone = person(world.before, "Kim")
    assert says(world.before, gone) > {"people", "members", "identities"}
    assert says(world.after, gone) == set()
    assert says(world.after, "perhaps") == set()
    assert says(world.after, KIM.upn) == set()


def test_another_of_the_same_name_and_day_of_birth_is_left_in(world: World) -> None:
    people = table(world.after, "people")
    assert people.loc[people["forename"] == "Kim", "upn"].tolist() == [NAMESAKE.upn]


def test_rows_in_are_rows_accepted_quarantined_and_erased(world: World) -> None:
    inputs = world.after.manifest.inputs
    erased = {file.extract: file.rows_erased for file in inputs if file.rows_erased}
    assert erased == {"attendance": 3, "contacts": 1, "youth_offending": 2}
    assert all(file.rows_read == file.rows_accepted + file.rows_quarantined + file.rows_erased for file in inputs)
    assert {stage.name: stage.counts["rows_erased"] for stage in world.after.manifest.stages
            if stage.counts.get("rows_erased")} == {f"ingest {name}": rows for name, rows in erased.items()}
    assert all(file.rows_erased is None for file in world.before.manifest.inputs)


def test_a_restricted_person_bears_on_nothing_and_is_in_no_household(world: World) -> None:
    who = person(world.before, "Amira")
    assert who in set(table(world.after, "people")["person_id"]), "what is stored stays stored"
    for name in ("members", "evidence", "request_refs", "results"):
        assert who not in set(table(world.after, name)["person_id"].dropna()), name
    homes = table(world.after, "members").set_index("person_id")["household_id"]
    verdicts = table(world.after, "verdicts").set_index(["household_id", "criterion"])["verdict"]
    assert verdicts[homes[person(world.before, "Joanne")], "crime_asb"] == "not_met"
    assert world.after.manifest.stage("link").counts["people_left_alone"] == 3


def test_a_household_that_holds_nobody_else_is_none(world: World) -> None:
    address = "22 Brewery Lane, Sandport"
    assert address in set(table(world.before, "master_list")["address"])
    assert address not in set(table(world.after, "households")["address"])
    assert says(world.after, address) & {"master_list", "undetermined", "panel_list", "dwp_request"} == set()
    assert set(table(world.after, "verdicts")["household_id"]) <= set(table(world.after, "households")["household_id"])


def test_a_wash_with_marks_verifies_and_comes_out_the_same_in_a_replay(world: World) -> None:
    assert replay_run(world.after.folder).tables > 40
    assert verify_run(world.after.folder).notes == ()


def test_a_lifted_mark_lets_the_person_be_who_they_were(copy: Path, world: World) -> None:
    outputs, who = copy / "outputs", person(world.before, "Amira")
    lift(outputs, "R0000002", "settled")
    after = wash_extracts(Request(copy / "second", LATER, outputs))
    assert person(after, "Amira") == who
    assert who in set(table(after, "members")["person_id"])
    with pytest.raises(UsageError, match="No mark R0000002 stands"):
        lift(outputs, "R0000002", "again")


def test_marks_that_were_all_lifted_make_no_other_wash(copy: Path, world: World) -> None:
    assert prepared(copy, "second", NEXT) == copy / "outputs" / world.after.folder.name
    assert isinstance(prepared(copy, "first", DAY), Run), "with marks it is another wash"
    for number in range(1, 5):
        lift(copy / "outputs", f"R{number:07d}", "a mistake")
    assert prepared(copy, "first", DAY) == copy / "outputs" / world.before.folder.name


def test_marks_that_lost_their_key_stop_a_wash(copy: Path) -> None:
    (copy / "outputs/.rights.key").unlink()
    with pytest.raises(IntegrityError, match=r"\.rights\.key is missing"):
        prepared(copy, "second", LATER)


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
        prepared(copy, "second", LATER)
    with pytest.raises(IntegrityError, match=r"rights\.jsonl"):
        verify_run(copy / "outputs" / world.after.folder.name)


def test_a_reader_is_told_that_there_are_some_and_not_who(world: World) -> None:
    folder, manifest = world.after.folder, world.after.manifest
    summary = " ".join(in_words(facts_of(folder, manifest), already=False))
    assert "Rights: 6 rows of people who asked to be erased not taken in; 3 people left alone" in summary
    assert any(line.split()[-2:] == ["erased", "sha256"] for line in show_run(world.outputs, folder.name).lines)
    page = load_workbook(folder / "master_list.xlsx")["About this file"]
    told = " ".join(str(cell.value) for row in page.iter_rows() for cell in row)
    assert "asked to be erased were not taken in" in told
    assert "asked that their data be left alone are on no list" in told


def test_what_is_kept_of_a_marked_person_names_nobody(world: World) -> None:
    kept = "".join((world.outputs / name).read_text() for name in ("rights.jsonl", "audit_log.jsonl"))
    assert not [word for word in (*TRACES, "kim", "Ashdown", "ashdown", "SP4") if word in kept]
    assert (world.outputs / ".rights.key").stat().st_mode & 0o077 == 0
    assert read_rights(world.outputs)[0]["people"] == {world.before.folder.name: [person(world.before, "Kim")]}


def test_a_person_is_found_where_a_run_holds_no_record_but_took_over_their_identity(world: World, copy: Path) -> None:
    run, who = copy / "outputs" / world.before.folder.name, person(world.before, "Kim")
    later = shutil.copytree(run, run.with_name("2013-10-30-0123456789ab"))
    for path in (later / "tables/person_records.parquet", *later.glob("clean/*.parquet")):
        rows = pd.read_parquet(path)
        about = rows["person_id"] == who if "person_id" in rows else rows.astype(str).eq(KIM.upn).any(axis=1)
        write_like(path, rows[~about])
    assert seek_by_id(copy / "outputs", run, who).people == {run.name: (who,), later.name: (who,)}


@pytest.mark.parametrize("text", [f"upn\n{KIM.upn}\n", "Forename,Surname,Date of birth\nkim,ASHDOWN,14/03/2001\n"])
def test_a_person_is_found_by_a_file_of_what_is_known(world: World, tmp_path: Path, text: str) -> None:
    (tmp_path / "who.csv").write_text(text)
    sought = seek_by_details(world.outputs, tmp_path / "who.csv")
    assert sought.people[world.before.folder.name] == (person(world.before, "Kim"),)


@pytest.mark.parametrize(("text", "said"), [
    ("surname\nAshdown\n", "nobody can be found"),
    ("shoe size\n4\n", "shoe_size is not a column"),
    ("forename,surname,date_of_birth\nKim,Ashdown,spring\n", "is not like 2001-03-14"),
])
def test_a_file_by_which_nobody_is_found_is_refused(world: World, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "who.csv").write_text(text)
    with pytest.raises(UsageError, match=said):
        seek_by_details(world.outputs, tmp_path / "who.csv")
