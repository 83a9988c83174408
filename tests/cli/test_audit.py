"""Looking at a published run: listed, shown, explained, verified, replayed."""

import json
import shutil
from pathlib import Path

import pytest

from linkage.explain import LEVEL_WORDS
from linkage.levels import LEVELS
from tests.builders import AS_OF, write_four_families


def _ask(run, washed, command: str, *more: object):
    return run(command, *more, "--outputs", washed.outputs)


def _change_manifest(run: Path, change) -> None:
    path = run / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")


def _family(washed, address: str) -> str:
    homes = washed.table("households")
    return homes.loc[homes["address"].str.upper().str.startswith(address), "family_id"].item()


def test_runs_are_listed_with_what_they_found(look, first_wash) -> None:
    listed = _ask(look, first_wash, "runs")
    assert listed.code == 0
    assert first_wash.run.name in listed.out
    (facts,) = _ask(look, first_wash, "runs", "--json").facts["runs"]
    assert (facts["eligible"], facts["undetermined"], facts["previous"]) == (2, 1, None)


def test_no_runs_yet(look) -> None:
    assert look("runs").out == "No run has been published below outputs yet.\n"
    missing = look("show", "latest")
    assert missing.code == 2
    assert "No run has been published" in missing.err


def test_a_run_is_shown_in_words_by_any_of_its_names(look, first_wash) -> None:
    run_id = first_wash.run.name.removeprefix(f"{AS_OF}-")
    said = {_ask(look, first_wash, "show", name).out for name in ("latest", first_wash.run.name, run_id[:6])}
    assert len(said) == 1
    (words,) = said
    assert "attendance.csv" in words
    assert "ingest attendance" in words
    assert "phase_1" in words


def test_a_run_that_is_not_there_is_answered_with_the_nearest(look, first_wash) -> None:
    wrong = first_wash.run.name[:-2] + "zz"
    ran = _ask(look, first_wash, "show", wrong)
    assert ran.code == 2
    assert f"Did you mean {first_wash.run.name}?" in ran.err


def test_a_family_is_explained_down_to_file_and_row(look, washed) -> None:
    family = _family(washed, "1 ACACIA")
    ran = _ask(look, washed, "explain", "latest", family)
    assert ran.code == 0, ran.err
    assert "Eligible by all three national criteria; rank " in ran.out
    assert "Kim Ashdown" in ran.out
    assert "Sandra Ashdown" in ran.out
    assert "youth_offending.csv, row 2" in ran.out
    assert "attendance.csv, rows 2, 3, 4" in ran.out
    assert "dwp_benefits.csv, row 2" in ran.out
    facts = _ask(look, washed, "explain", "latest", family.lower(), "--json").facts
    assert {row["criterion"]: row["verdict"] for row in facts["verdicts"]} == {
        "crime_asb": "met",
        "education": "met",
        "work": "met",
        "local": "not_met",
    }


def test_an_undetermined_family_is_explained_with_what_would_settle_it(look, washed) -> None:
    ran = _ask(look, washed, "explain", "latest", _family(washed, "305 CASTLE"))
    assert "Undetermined. It would be settled by: " in ran.out
    assert "Work: unknown." in ran.out


def test_a_person_is_explained_by_the_records_and_the_pairs_that_hold_them(look, washed) -> None:
    people = washed.table("people")
    kim = people.loc[people["forename"].str.upper() == "KIM", "person_id"].item()
    ran = _ask(look, washed, "explain", washed.run.name, kim)
    assert ran.code == 0, ran.err
    assert "attendance.csv, row 2" in ran.out
    assert "youth_offending.csv, row 2" in ran.out
    facts = _ask(look, washed, "explain", washed.run.name, kim, "--json").facts
    assert {record["extract"] for record in facts["records"]} == {"attendance", "youth_offending", "contacts"}
    assert facts["pairs"]
    for pair in facts["pairs"]:
        *steps, together = pair["steps"]
        assert sum(step["bits"] for step in steps) == pytest.approx(together["bits"], abs=0.01)


def test_every_level_of_every_field_has_words() -> None:
    for field, levels in LEVELS.items():
        for level in levels:
            assert f"{field} {level}" in LEVEL_WORDS or level in LEVEL_WORDS, f"{field}: {level}"


@pytest.mark.parametrize("who", ["F9999999", "P9999999", "Ashdown"])
def test_who_is_not_in_the_run(look, first_wash, who: str) -> None:
    ran = _ask(look, first_wash, "explain", "latest", who)
    assert ran.code == 2
    assert "Ashdown" not in ran.err


def test_an_explanation_is_in_the_audit_log_by_id_alone(look, washed) -> None:
    family = _family(washed, "1 ACACIA")
    _ask(look, washed, "explain", "latest", family)
    last = json.loads((washed.outputs / "audit_log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["what"]) == ("explained", family)
    assert "Ashdown" not in json.dumps(last)


def test_a_sound_run_is_verified(look, washed) -> None:
    ran = _ask(look, washed, "verify", "latest")
    assert ran.code == 0, ran.err
    assert "is sound" in ran.out


@pytest.mark.parametrize("name", ["tables/verdicts.parquet", "master_list.xlsx", "dwp_request.csv"])
def test_one_flipped_byte_is_found(look, washed, name: str) -> None:
    path = washed.run / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    ran = _ask(look, washed, "verify", "latest")
    assert ran.code == 7
    assert f"changed: {name}" in ran.err
    assert ran.out == ""
    last = json.loads((washed.outputs / "audit_log.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert (last["event"], last["sound"]) == ("verified", "no")


def test_a_flipped_byte_in_the_archive_is_found(look, washed) -> None:
    manifest = json.loads((washed.run / "manifest.json").read_text(encoding="utf-8"))
    path = washed.outputs / "archive" / manifest["inputs"][0]["sha256"]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b" ")
    ran = _ask(look, washed, "verify", "latest")
    assert ran.code == 7
    assert "changed in the archive" in ran.err


def test_a_file_that_the_archive_has_lost_is_found(look, washed) -> None:
    lost = json.loads((washed.run / "manifest.json").read_text(encoding="utf-8"))["inputs"][0]
    (washed.outputs / "archive" / lost["sha256"]).unlink()
    ran = _ask(look, washed, "verify", "latest")
    assert ran.code == 7
    assert f"missing from the archive: {lost['name']}" in ran.err


def test_a_replay_elsewhere_is_equal(look, washed, tmp_path: Path) -> None:
    ran = _ask(look, washed, "replay", "latest", "--plain", "--into", tmp_path / "again", "--json")
    assert ran.code == 0, ran.err
    assert ran.facts["equal"] is True
    assert ran.facts["tables"] > 20
    (again,) = (tmp_path / "again" / "outputs").glob(f"{AS_OF}-*")
    assert (again / "master_list.xlsx").read_bytes() == (washed.run / "master_list.xlsx").read_bytes()


def test_a_replay_that_comes_out_otherwise_names_stage_table_and_code(look, washed) -> None:
    def change(manifest) -> None:
        manifest["code_version"] = "0123456789ab"
        stage = next(stage for stage in manifest["stages"] if stage["name"] == "assess")
        table = next(table for table in stage["tables"] if table["name"] == "verdicts")
        table["logical_digest"] = "0" * 64

    _change_manifest(washed.run, change)
    ran = _ask(look, washed, "replay", "latest", "--plain")
    assert ran.code == 8
    assert "stage 'assess', table verdicts" in ran.err
    assert "made by code 0123456789ab" in ran.err


def test_a_manifest_that_is_not_one(look, washed) -> None:
    (washed.run / "manifest.json").write_text("{}", encoding="utf-8")
    ran = _ask(look, washed, "show", washed.run.name)
    assert ran.code == 7
    assert "manifest.json" in ran.err


def test_the_second_month_follows_the_first(look, washed, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "october", local_indicators=None)
    ran = look("wash", extracts, "--as-of", "2013-10-31", "--outputs", washed.outputs, "--plain", "--json")
    assert ran.code == 0, ran.err
    assert ran.facts["previous"] == washed.run.name
    assert ran.facts["counts"]["new_families"] == 0
    assert ran.facts["counts"]["families_left"] == 1


def test_a_run_that_outlived_the_one_before_is_sound_and_says_so(datawash, washed, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "october")
    ran = datawash("wash", extracts, "--as-of", "2013-10-31", "--outputs", washed.outputs, "--plain", "--json")
    shutil.rmtree(washed.run)
    verified = datawash("verify", ran.facts["run_id"], "--outputs", washed.outputs)
    assert verified.code == 0
    assert f"The run {washed.run.name} is not here" in verified.out


def test_a_changed_audit_log_is_found(datawash, washed) -> None:
    log = washed.outputs / "audit_log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"wash_started", b"wash_stopped", 1))
    ran = datawash("verify", "latest", "--outputs", washed.outputs)
    assert ran.code == 7
    assert "audit_log.jsonl, line" in ran.err


def test_a_torn_end_of_the_audit_log_is_told_and_stops_nothing(datawash, washed) -> None:
    log = washed.outputs / "audit_log.jsonl"
    log.write_bytes(log.read_bytes() + b'{"at": "2013-')
    ran = datawash("verify", "latest", "--outputs", washed.outputs)
    assert ran.code == 0
    assert "was never finished (13 bytes)" in ran.out


def test_the_audit_log_is_told_newest_first_and_filtered(datawash, look, washed) -> None:
    _ask(look, washed, "verify", "latest")
    told = _ask(look, washed, "audit")
    assert told.code == 0, told.err
    first, *_ = [line for line in told.out.splitlines() if "A run was" in line or "A wash was" in line]
    assert "A run was verified" in first
    facts = _ask(look, washed, "audit", "--event", "wash_published", "--run", washed.run.name, "--json").facts
    assert [event["event"] for event in facts["events"]] == ["wash_published"]
    assert facts["broken"] is None
    assert "No event" in _ask(look, washed, "audit", "--about", "F9999999").out


def test_a_broken_audit_log_is_still_told_with_its_line(look, washed) -> None:
    log = washed.outputs / "audit_log.jsonl"
    log.write_bytes(log.read_bytes().replace(b"wash_started", b"wash_stopped", 1))
    told = _ask(look, washed, "audit")
    assert told.code == 7
    assert "A wash was published" in told.out
    assert "line 2: it does not follow" in told.out
