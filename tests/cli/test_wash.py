"""A wash by the command: what it publishes, what it says of it on either stream, and what it does the second time."""

import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import AS_OF, KIM, LEON, four_families, out_of_school, pupil, write_four_families


PRIVATE = stat.S_IRWXG | stat.S_IRWXO


def test_each_family_gets_the_outcome_that_its_facts_give_it(first_wash) -> None:
    listed = first_wash.table("master_list")
    names = first_wash.table("households").set_index("household_id")["address"]
    found = {names[row.household_id][:9].upper(): row.rule for row in listed.itertuples()}
    assert found == {"1 ACACIA ": "3_of_3", "22 BREWER": "2_plus_local"}
    (undetermined,) = first_wash.table("undetermined")["household_id"]
    assert names[undetermined].upper().startswith("305 CASTLE")


def test_the_summary_gives_the_funnel_what_is_unknown_and_where_the_list_is(first_wash) -> None:
    said = " ".join(first_wash.ran.out.split())
    assert f"Washed: run {first_wash.run.name}, as of {AS_OF}" in said
    assert "2 eligible: on the master list" in said
    assert "1 undetermined: could still become eligible" in said
    assert "Unknown for 2 families: work. 1: DWP's answer for adults 1: DWP's answer for adults, not yet" in said
    assert "On the list: 2 new, 0 left" in said
    assert "DWP: 3 adults to ask about; 1 answer about people not asked for" in said
    assert "No row was quarantined." in said
    assert first_wash.ran.out.rstrip().endswith(f"Master list: {first_wash.run / 'master_list.xlsx'}")


def test_progress_with_counts_goes_to_stderr_a_line_for_each_stage(first_wash) -> None:
    lines = first_wash.ran.err.splitlines()
    assert lines[0] == "Washing extracts at once, without Prefect."
    stages = [line.split(":")[0] for line in lines[1:]]
    assert stages[-3:] == ["link", "assess", "publish"]
    assert "ingest attendance" in stages
    assert any(line.startswith("ingest attendance: 12 rows read, 12 accepted, 0 quarantined") for line in lines)


def test_nothing_that_is_said_names_anybody(first_wash) -> None:
    said = (first_wash.ran.out + first_wash.ran.err).casefold()
    assert not [name for name in ("ashdown", "birchall", "corrigan", "dunmore", "acacia") if name in said]


def test_the_same_wash_again_points_at_the_run(datawash, look, washed) -> None:
    said = datawash("wash", washed.extracts, "--as-of", AS_OF, "--outputs", washed.outputs, "--plain")
    assert said.code == 0, said.err
    assert said.out.startswith("Already washed")
    assert str(washed.run) in said.out
    again = look("wash", washed.extracts, "--as-of", AS_OF, "--outputs", washed.outputs, "--plain", "--json")
    assert again.facts["already"] is True
    assert again.facts["run"] == washed.run.name
    assert again.facts["path"] == str(washed.run)


def test_json_is_one_object_with_the_facts_of_the_run(look, tmp_path: Path) -> None:
    attendance = [*four_families()["attendance"], *pupil(KIM, terms=["autumn"], term="harvest")]
    given = {"attendance": attendance, "education_status": [out_of_school(LEON)]}
    extracts = write_four_families(tmp_path / "extracts", dwp_benefits=None, local_indicators=None, **given)
    (extracts / "notes.docx").write_bytes(b"not an extract")
    ran = look("wash", extracts, "--as-of", AS_OF, "--plain", "--json")
    facts = json.loads(ran.out)
    assert ran.code == 0, ran.err
    assert (facts["already"], facts["engine"], facts["previous"]) == (False, "plain", None)
    assert facts["funnel"]["eligible_families"] == 0
    assert facts["funnel"]["undetermined_families"] == 3
    assert facts["missing_extracts"] == {"dwp_benefits": "work", "local_indicators": "the local filter"}
    assert facts["unknown"]["work"]["families"] == 4
    assert facts["not_read"] == ["notes.docx"]
    assert facts["quarantined"] == {"attendance": {"rows": 1, "rules": {"code_unknown": 1}}}
    assert facts["funnel"]["rows_read"] == facts["funnel"]["rows_accepted"] + 1
    assert "harvest" not in ran.out + ran.err
    assert facts["counts"]["dwp_request"] == 3
    assert Path(tmp_path / facts["outputs"]["master_list"]).is_file()


def test_outputs_may_come_from_the_environment(datawash, environment, first_wash) -> None:
    listed = datawash("runs", "--json", env=environment(DATAWASH_OUTPUTS=str(first_wash.outputs)))
    assert listed.facts["runs"][0]["run"] == first_wash.run.name


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes; there the folder's own rights hold")
def test_everything_that_is_written_is_for_this_user_alone(first_wash) -> None:
    paths = [first_wash.outputs, *first_wash.outputs.rglob("*")]
    assert [path.name for path in paths if path.stat().st_mode & PRIVATE] == []


@pytest.mark.skipif(os.name != "posix", reason="sends the signal of Ctrl-C as POSIX has it")
def test_a_wash_that_is_stopped_leaves_nothing_published(tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "wash", str(extracts), "--as-of", AS_OF, "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert process.stderr is not None
    while not process.stderr.readline().startswith("ingest"):
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.splitlines()[-1] == "Stopped. A wash that had not finished leaves nothing published."
    assert "Traceback" not in err
    assert out == ""
    assert not list((tmp_path / "outputs").glob(f"{AS_OF}-*"))
