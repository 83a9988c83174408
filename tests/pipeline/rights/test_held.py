"""What is held about a person is found wherever it stands, and nothing of it is somebody else's row."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import load_workbook

from pipeline.prepare import Request
from pipeline.record.audit_log import read_events, record_event
from pipeline.rights.answer import answer_request
from pipeline.rights.held import held_about
from pipeline.rights.marking import mark_person
from pipeline.rights.marks import Effect
from pipeline.rights.sought import Sought, seek_by_id
from pipeline.wash import wash_extracts
from schemas.errors import UsageError
from tests.builders import AS_OF, KIM, LEON, OWEN, four_families, offence, write_folder


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run of the four families, with a row of Kim's that was rejected, a pack and an event about her family."""
    place, tables = tmp_path_factory.mktemp("held"), four_families()
    tables["youth_offending"] += [offence(OWEN, yot_ref=f"Y{n}") for n in range(3, 13)]
    tables["youth_offending"].append(offence(KIM, proven="perhaps", yot_ref="Y99"))
    washed = wash_extracts(Request(write_folder(place / "extracts", **tables), date.fromisoformat(AS_OF),
                                   place / "outputs"))
    home = pd.read_parquet(washed.folder / "tables/households.parquet").set_index("address")
    family = home.loc["1 Acacia Road, Sandport", "family_id"]
    (place / "outputs/packs").mkdir()
    for name in (family, "F0000999"):
        (place / f"outputs/packs/{name}-{washed.folder.name}.pdf").write_bytes(b"a pack")
    record_event(place / "outputs", "explained", washed.manifest.run_id, what=family)
    record_event(place / "outputs", "explained", washed.manifest.run_id, what="F0000999")
    return place / "outputs"


def sought(outputs: Path, forename: str) -> Sought:
    (run,) = (path.parent for path in outputs.glob("*/manifest.json"))
    people = pd.read_parquet(run / "tables/people.parquet").set_index("forename")
    return seek_by_id(outputs, run, people.loc[forename, "person_id"])


@pytest.fixture(scope="module")
def kim(outputs: Path) -> dict[str, pd.DataFrame]:
    return held_about(outputs, sought(outputs, "Kim"))


def test_every_row_of_every_extract_is_found_the_rejected_one_too(kim: dict[str, pd.DataFrame]) -> None:
    places = kim["rows"].drop_duplicates(["extract", "row_number"]).groupby(["extract", "taken"]).size()
    assert places.to_dict() == {("attendance", "accepted"): 3, ("contacts", "accepted"): 1,
                                ("youth_offending", "accepted"): 1, ("youth_offending", "rejected"): 1}
    values = set(kim["rows"]["value"])
    assert {"perhaps", "Y1", KIM.upn} <= values
    assert not {LEON.upn, "Y2", "Y3"} & values


def test_a_table_that_names_people_gives_theirs_alone(kim: dict[str, pd.DataFrame], outputs: Path) -> None:
    who = sought(outputs, "Kim").people.popitem()[1]
    for name, table in kim.items():
        if "person_id" in table and name != "runs":
            assert set(table["person_id"].dropna()) <= set(who), name
    assert {"people", "members", "evidence", "verdicts", "master_list", "households", "panel_list"} <= set(kim)


def test_packs_and_the_audit_log_are_told_of_their_family_alone(kim: dict[str, pd.DataFrame]) -> None:
    assert len(kim["packs"]) == 1
    assert kim["audit_log"]["what"].tolist() == ["A family or a person was explained"]
    assert "F0000999" not in str(kim["packs"]) + str(kim["audit_log"])


@pytest.mark.parametrize("ending", [".xlsx", ".json"])
def test_an_answer_says_everything_and_the_audit_log_has_it(outputs: Path, tmp_path: Path, ending: str) -> None:
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


def test_a_mark_is_told_to_whom_it_is_on(outputs: Path, tmp_path: Path) -> None:
    shutil.copytree(outputs, tmp_path / "outputs")
    mark_person(tmp_path / "outputs", sought(outputs, "Kim"), Effect.RESTRICT, "asked for it")
    assert held_about(tmp_path / "outputs", sought(outputs, "Kim"))["marks"]["mark"].tolist() == ["R0000001"]
    assert "marks" not in held_about(tmp_path / "outputs", sought(outputs, "Leon"))


def test_a_reason_that_names_the_person_is_refused(outputs: Path) -> None:
    with pytest.raises(UsageError, match="names the person"):
        mark_person(outputs, sought(outputs, "Kim"), Effect.ERASE, "Kim's mother rang; Ashdown")
    assert not (outputs / "rights.jsonl").exists()
