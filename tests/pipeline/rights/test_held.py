"""What is held about a person is found wherever it stands, and nothing of it is somebody else's row."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.record.audit_log import read_events, record_event
from pipeline.rights.answer import answer_request
from pipeline.rights.held import held_about, ids_in
from pipeline.rights.marking import mark_person
from pipeline.rights.marks import Effect
from pipeline.rights.sought import Sought, seek_by_details, seek_by_id
from schemas.errors import UsageError
from tests.builders import KIM, LEON, OWEN
from tests.upgrade.kept import FIRST, SECOND, kept_outputs


SANDY = "P0000004"
"""Somebody of whom a run holds one row."""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, a decision, a claim and a pack as the version before left them; and looks at two families."""
    outputs = kept_outputs(tmp_path_factory.mktemp("held"))
    families = pd.read_parquet(outputs / SECOND / "tables/households.parquet").set_index("address")["family_id"]
    for address in (KIM.home.address, OWEN.home.address):
        record_event(outputs, "explained", SECOND.rsplit("-", 1)[-1], what=families[address])
    return outputs


def sought(outputs: Path, forename: str) -> Sought:
    people = pd.read_parquet(outputs / SECOND / "tables/people.parquet").set_index("forename")
    return seek_by_id(outputs, outputs / SECOND, people.loc[forename, "person_id"])


def rows_saying(outputs: Path, upn: str) -> set[tuple[str, int]]:
    """Where a UPN stands in the clean tables."""
    tables = {path.stem: pd.read_parquet(path) for path in (outputs / SECOND / "clean").glob("*.parquet")}
    return {(name, number) for name, table in tables.items() if "upn" in table
            for number in table.loc[table["upn"] == upn, "row_number"]}


@pytest.fixture(scope="module")
def told(outputs: Path) -> dict[str, dict[str, pd.DataFrame]]:
    """All that is held about three children, by forename."""
    return {name: held_about(outputs, sought(outputs, name)) for name in ("Kim", "Owen", "Amira")}


@pytest.fixture
def kim(told: dict[str, dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    return told["Kim"]


def test_every_row_of_every_extract_is_found(kim: dict[str, pd.DataFrame], outputs: Path) -> None:
    places = set(zip(kim["rows"]["extract"], kim["rows"]["row_number"], strict=True))
    assert rows_saying(outputs, KIM.upn) <= places
    assert not rows_saying(outputs, LEON.upn) & places
    assert {"attendance", "contacts", "youth_offending", "caseload"} <= {extract for extract, _ in places}
    assert set(kim["rows"]["run"]) == {f"{FIRST};{SECOND}"}, "each row once, with every run that read it"
    assert {KIM.upn, "Kim"} <= set(kim["rows"]["value"])
    assert not {LEON.upn, "Leon"} & set(kim["rows"]["value"])


def test_a_rejected_row_is_found_with_what_it_said(told: dict[str, dict[str, pd.DataFrame]]) -> None:
    rejected = {name: held["rows"][held["rows"]["taken"] == "rejected"] for name, held in told.items()}
    (whose,) = [name for name, rows in rejected.items() if len(rows)]
    assert whose == "Owen"
    assert set(zip(rejected[whose]["extract"], rejected[whose]["row_number"], strict=True)) == {("asb", 7)}
    assert "2013-13-81" in set(rejected[whose]["value"])


def test_a_table_that_names_people_gives_theirs_alone(kim: dict[str, pd.DataFrame], outputs: Path) -> None:
    who = {person for people in sought(outputs, "Kim").people.values() for person in people}
    for name, table in kim.items():
        if "person_id" in table and name != "runs":
            assert set(table["person_id"].dropna()) <= who, name
    assert {"people", "members", "evidence", "verdicts", "households", "cases", "results"} <= set(kim)


def test_decisions_claims_packs_and_the_audit_log_are_told_of_them_alone(
    told: dict[str, dict[str, pd.DataFrame]]
) -> None:
    assert [name for name, held in told.items() if "decisions_taken" in held] == ["Amira"]
    assert [name for name, held in told.items() if "claims_made" in held] == ["Kim"]
    assert set(told["Kim"]["claims_made"]["family_ref"].dropna()) == {"C1"}
    assert "people" not in told["Kim"]["claims_made"]
    assert told["Kim"]["packs"]["file"].tolist() == [f"packs/C1-{SECOND}.pdf"]
    for name in ("Kim", "Owen"):
        assert told[name]["audit_log"]["what"].tolist().count("A family or a person was explained") == 1


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_an_answer_says_everything_and_the_audit_log_has_it(
    outputs: Path, kim: dict[str, pd.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr("pipeline.rights.answer.held_about", lambda outputs, sought: kim)
    out = tmp_path / f"answer{ending}"
    done = answer_request(outputs, sought(outputs, "Kim"), out)
    if ending == ".json":
        counts = {name: len(rows) for name, rows in json.loads(out.read_text())["held"].items()}
    else:
        book = load_workbook(out, read_only=True)
        counts = {name: sum(1 for _ in book[name.replace("_", " ").capitalize()]) - 1 for name in done.counts}
    assert counts == done.counts
    assert out.stat().st_mode & 0o077 == 0
    *_, event = read_events(outputs, "subject_told")
    assert event["lines"] == sum(counts.values())
    with pytest.raises(UsageError, match=r"an \.xlsx or a \.json"):
        answer_request(outputs, sought(outputs, "Kim"), tmp_path / "answer.doc")


def test_a_mark_is_told_to_whom_it_is_on(outputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.rights.held.archived_rows", lambda run, sought: iter(()))
    shutil.copytree(outputs, tmp_path / "outputs")
    mark_person(tmp_path / "outputs", sought(outputs, "Kim"), Effect.RESTRICT, "asked for it")
    assert held_about(tmp_path / "outputs", sought(outputs, "Kim"))["marks"]["mark"].tolist() == ["R0000001"]
    assert "marks" not in held_about(tmp_path / "outputs", sought(outputs, "Leon"))


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_somebody_whom_nothing_names_gets_an_answer_that_holds_nothing(
    outputs: Path, tmp_path: Path, ending: str
) -> None:
    (tmp_path / "who.csv").write_text("nino\nAB999999D\n", encoding="utf-8")
    stranger = seek_by_details(outputs, tmp_path / "who.csv")
    assert stranger.people == {}
    answer = tmp_path / f"answer{ending}"
    assert answer_request(outputs, stranger, answer).counts == {}
    assert answer.stat().st_size > 0


def test_somebody_of_whom_rows_say_too_little_is_found_by_id_and_not_marked(outputs: Path, tmp_path: Path) -> None:
    """A row may have a surname and a UPRN alone: it is held, and nothing in it tells the next wash whose it is."""
    run = shutil.copytree(outputs, tmp_path / "outputs") / SECOND
    records = pd.read_parquet(run / "tables/person_records.parquet").set_index("extract")
    asb, refs = run / "clean/asb.parquet", run / "tables/request_refs.parquet"
    rows = pd.read_parquet(asb).set_index("record_id", drop=False)
    one = records.loc["asb"].set_index("person_id").loc[SANDY, "record_id"]
    rows.loc[one, ["forename", "date_of_birth"]] = None
    rows.astype({"date_of_birth": "datetime64[ns]"}).to_parquet(asb, index=False)
    pd.read_parquet(refs).query("person_id != @SANDY").to_parquet(refs, index=False)
    who = seek_by_id(tmp_path / "outputs", run, SANDY)
    assert who.traits == frozenset()
    assert who.people[run.name] == (SANDY,)
    held = held_about(tmp_path / "outputs", who)
    assert held["rows"]["taken"].unique().tolist() == ["accepted, and joined to them"]
    assert SANDY in set(held["members"]["person_id"])
    with pytest.raises(UsageError, match="Nothing is known by which this person could be told"):
        mark_person(tmp_path / "outputs", who, Effect.ERASE, "asked for it")
    assert not (tmp_path / "outputs/rights.jsonl").exists()


def test_a_run_that_kept_no_snapshots_is_read_all_the_same(outputs: Path, tmp_path: Path) -> None:
    people = sought(outputs, "Kim").people[SECOND]
    run = shutil.copytree(outputs / SECOND, tmp_path / SECOND)
    for name in ("snapshots", "family_events"):
        (run / f"tables/{name}.parquet").unlink()
    then = ids_in(outputs / SECOND, people)
    assert ids_in(run, people) == then._replace(run=run)
    assert then.families


def test_a_reason_that_names_the_person_is_refused(outputs: Path) -> None:
    with pytest.raises(UsageError, match="names the person"):
        mark_person(outputs, sought(outputs, "Kim"), Effect.ERASE, "Kim's mother rang; Ashdown")
    assert not (outputs / "rights.jsonl").exists()
