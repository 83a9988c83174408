"""`datawash claims`: a window prepared, signed, made and known to the next wash, by the real command."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline.claims.prepared import HELD
from pipeline.claims.register import SIGNED, append_events, read_register, register_path
from pipeline.claims.signoff import ROLES
from tests.builders import KIM, LEON, PATRICK
from tests.claiming import AS_OF, AT_BIRCHALL, LATER, WINDOW, claiming_folder, on_programme
from tests.cli.conftest import Command, Washed, run_command


@pytest.fixture
def place(claiming: Washed) -> Washed:
    """The washed families, to be changed."""
    return claiming


def sign(outputs: Path, *roles: str) -> None:
    digest = json.loads((outputs / "claims" / "2013-14-Q3" / HELD).read_text())["digest"]
    append_events(outputs, [(SIGNED, {"prepared": digest, "role": role, "name": role}) for role in roles])


def claims_of(run: Path) -> dict[str, dict[str, Any]]:
    return {row["family_ref"]: row for row in pd.read_parquet(run / "tables" / "claims.parquet").to_dict("records")}


def test_a_claim_is_prepared_signed_and_made_once(place: Washed, look: Command) -> None:
    prepared = look("claims", "--window", WINDOW, "--outputs", place.outputs, "--json")
    assert prepared.code == 0, prepared.err
    assert prepared.facts["cases"] == {"ready": 1, "not_yet": 1, "blocked": 0, "claimed": 0}
    assert (prepared.facts["families"], prepared.facts["pounds"]) == (1, 700)
    sign(place.outputs, *ROLES)
    made = run_command("claims", "submit", "--window", WINDOW, "--outputs", place.outputs)
    assert made.code == 0, made.err
    assert made.out.startswith("The claim of 2013/14-Q3 is made: 1 family, £700.")
    (claimed,) = [entry for entry in read_register(place.outputs) if entry["event"] == "claimed"]
    assert (claimed["claim_id"], claimed["family_ref"], claimed["amount"]) == ("C2013-14-Q3-0001", "C1", 700)
    assert claimed["rate_year"] == "2012/13"
    assert len(claimed["people"]) == 2
    again = look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs, "--json")
    assert (again.code, again.facts["already"], again.facts["written"]) == (0, True, 0)


def test_the_files_say_every_case_and_the_return_no_family(place: Washed, look: Command) -> None:
    said = look("claims", "--window", WINDOW, "--outputs", place.outputs)
    folder = place.outputs / "claims" / "2013-14-Q3"
    assert str(folder / "claim_list.xlsx") in said.out
    told = pd.read_csv(folder / "claim_list.csv")
    assert list(told["family_ref"]) == ["C1", "C2"]
    assert list(told["status"]) == ["ready", "not_yet"]
    assert told.loc[1, "could_be"] == "2013-11-11"
    assert "not down by 33%" in told.loc[1, "reasons"]
    returned = pd.read_csv(folder / "return.csv")
    assert returned.to_dict("records")[0] == {
        "quarter": "2013/14-Q3", "route": "Crime, ASB and education", "families": 1, "pounds": 700}
    text = (folder / "return.csv").read_text(encoding="utf-8-sig")
    assert not any(word in text for word in ("C1", "F0000", "P0000", KIM.forename, KIM.surname))
    again = {path.name: path.read_bytes() for path in folder.iterdir()}
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == again
    assert [entry["event"] for entry in read_register(place.outputs)] == ["prepared"]


def test_nothing_is_claimed_before_everyone_has_signed(place: Washed, look: Command) -> None:
    assert look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs).code == 2
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    sign(place.outputs, "preparer", "checker", "approver")
    refused = look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs)
    assert refused.code == 2
    assert "not signed by its auditor" in refused.err
    assert "claimed" not in [entry["event"] for entry in read_register(place.outputs)]


def test_the_next_wash_knows_the_claim_and_its_people(place: Washed, look: Command, tmp_path: Path) -> None:
    _claim(place, look)
    rows = [on_programme(KIM, "C1"), on_programme(LEON, "C2"),
            *(on_programme(person, "C3", attached_on="2013-10-21") for person in (AT_BIRCHALL, PATRICK))]
    before = [{"family_ref": "C2", "claimed_on": "2013-02-01", "route": "b", "amount": "800"},
              {"family_ref": "C1", "claimed_on": "2013-11-01", "route": "a", "amount": "650"}]
    extracts = claiming_folder(tmp_path / "later", caseload=rows, claims=before)
    washed = look("wash", extracts, "--as-of", LATER, "--outputs", place.outputs, "--previous", "none", "--plain")
    assert washed.code == 0, washed.err
    (run,) = place.outputs.glob(f"{LATER}-*")
    known = claims_of(run)
    assert known["C1"]["status"] == "claimed"
    assert known["C1"]["amount"] == 700, "the register speaks before the extract"
    assert (known["C2"]["status"], known["C2"]["amount"]) == ("claimed", 800)
    assert known["C3"]["status"] == "blocked"
    assert "person_claimed_before" in known["C3"]["blocks"]
    assert "Claims: 0 ready, 1 blocked, 0 not yet, 2 claimed." in washed.out
    returned = look("claims", "--window", "2013/14-Q4", "--outputs", place.outputs, "--json").facts["folder"]
    told = pd.read_csv(Path(returned) / "return.csv").head(2)
    assert list(told["quarter"]) == ["2012/13-Q4", "2013/14-Q3"]
    assert list(told["pounds"]) == [800, 700]
    assert look("verify", run.name, "--outputs", place.outputs).code == 0
    replayed = look("replay", run.name, "--outputs", place.outputs, "--plain")
    assert replayed.code == 0, replayed.err


def test_the_same_extracts_are_another_wash_once_something_was_claimed(place: Washed, look: Command) -> None:
    same = look("wash", place.extracts, "--as-of", AS_OF, "--outputs", place.outputs, "--plain", "--json")
    assert same.facts["run"] == place.run.name
    _claim(place, look)
    stale = look("claims", "--window", WINDOW, "--run", place.run.name, "--outputs", place.outputs)
    assert stale.code == 2
    assert "Wash again" in stale.err
    after = look("wash", place.extracts, "--as-of", AS_OF, "--outputs", place.outputs, "--plain", "--json")
    assert after.facts["run"] != place.run.name
    assert claims_of(place.outputs / after.facts["run"])["C1"]["status"] == "claimed"
    second = look("claims", "--window", WINDOW, "--outputs", place.outputs, "--json")
    assert (second.facts["part"], second.facts["families"]) == (2, 0)
    returned = pd.read_csv(Path(second.facts["folder"]) / "return.csv")
    assert list(returned["pounds"]) == [700] * 4


def test_a_claim_that_two_people_make_at_once_is_made_once(place: Washed, look: Command) -> None:
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    sign(place.outputs, *ROLES)
    command = [sys.executable, "-m", "cli.main", "claims", "submit", "--window", WINDOW, "--outputs", place.outputs]
    both = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [one.wait(timeout=300) for one in both] == [0, 0]
    events = [entry["event"] for entry in read_register(place.outputs)]
    assert (events.count("claimed"), events.count("submitted")) == (1, 1)


def test_an_interrupted_submission_is_completed_and_not_doubled(place: Washed, look: Command) -> None:
    _claim(place, look)
    path = register_path(place.outputs)
    whole = path.read_bytes().splitlines(keepends=True)
    log = place.outputs / "audit_log.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:-1]))
    path.write_bytes(b"".join(whole[:-1]) + whole[-1][:20])
    done = look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs, "--json")
    assert (done.code, done.facts["written"], done.facts["already"]) == (0, 0, False)
    events = [entry["event"] for entry in read_register(place.outputs)]
    assert events[-3:] == ["claimed", "mended", "submitted"]


def test_a_changed_register_stops_everything(place: Washed, look: Command) -> None:
    _claim(place, look)
    path = register_path(place.outputs)
    path.write_bytes(path.read_bytes().replace(b'"amount": 700', b'"amount": 100'))
    for command in (["claims", "--window", WINDOW], ["claims", "submit", "--window", WINDOW], ["claims", "register"]):
        broken = look(*command, "--outputs", place.outputs)
        assert broken.code == 7
        assert "register.jsonl, line" in broken.err


def test_a_run_whose_tables_were_changed_is_not_claimed_from(place: Washed, look: Command) -> None:
    table = pd.read_parquet(place.run / "tables" / "claims.parquet")
    table["status"] = "ready"
    table.to_parquet(place.run / "tables" / "claims.parquet")
    refused = look("claims", "--window", WINDOW, "--outputs", place.outputs)
    assert refused.code == 7
    assert "tables/claims.parquet was changed" in refused.err


def test_a_run_of_before_claims_were_judged_is_not_claimed_from(place: Washed, look: Command) -> None:
    manifest = json.loads((place.run / "manifest.json").read_text())
    manifest["outputs"] = [file for file in manifest["outputs"] if file["file"] != "tables/claim_blocks.parquet"]
    (place.run / "manifest.json").write_text(json.dumps(manifest))
    refused = look("claims", "--window", WINDOW, "--outputs", place.outputs)
    assert refused.code == 2
    assert "was washed before Data Wash judged claims. Wash again." in refused.err
    assert not register_path(place.outputs).exists()


def test_a_run_that_was_put_in_the_place_of_another_is_found_out(place: Washed, look: Command) -> None:
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    manifest = place.run / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"as_of": "2013-10-14"', '"as_of": "2013-10-15"'))
    for command in (["submit"], ["pack"]):
        refused = look("claims", *command, "--window", WINDOW, "--outputs", place.outputs)
        assert refused.code == 7
        assert f"{place.run.name} is not the one that the claim of {WINDOW} was prepared from" in refused.err
    assert [entry["event"] for entry in read_register(place.outputs)] == ["prepared"]


def test_what_was_prepared_cannot_be_changed_by_hand(place: Washed, look: Command) -> None:
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    held = place.outputs / "claims" / "2013-14-Q3" / HELD
    held.write_text(held.read_text().replace('"amount": 700', '"amount": 800'))
    assert look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs).code == 7


@pytest.mark.parametrize(("arguments", "said"), [
    (["--window", "2013/14-Q4"], "No run is as of a day in 2013/14-Q4"),
    (["--window", "2013/14-Q4", "--run", "latest"], "which is not in 2013/14-Q4"),
    (["--window", "Q3"], "is no claim window"),
    ([], "Give a window"),
])
def test_a_wrong_window_is_answered_with_what_to_do(
    place: Washed, look: Command, arguments: list[str], said: str
) -> None:
    ran = look("claims", *arguments, "--outputs", place.outputs)
    assert ran.code == 2
    assert said in ran.err


def test_the_register_is_told_in_counts(place: Washed, look: Command) -> None:
    _claim(place, look)
    told = look("claims", "register", "--outputs", place.outputs)
    assert "1 claim stand" in told.out
    assert "£700" in told.out


def _claim(place: Washed, look: Command) -> None:
    look("claims", "--window", WINDOW, "--outputs", place.outputs)
    sign(place.outputs, *ROLES)
    assert look("claims", "submit", "--window", WINDOW, "--outputs", place.outputs).code == 0
