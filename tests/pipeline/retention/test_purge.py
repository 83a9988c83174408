"""Purging: only what a plan listed goes, it is written down, and what was purged is told from what was lost."""

import json
import shutil
from datetime import date
from pathlib import Path

import pyrage
import pytest
from filelock import FileLock

from pipeline.claims.register import append_events
from pipeline.keys.encryption import Recipients, encrypt_file
from pipeline.keys.lists import protect_lists
from pipeline.record.audit_log import read_events
from pipeline.record.run import open_run
from pipeline.record.verify import verify_run
from pipeline.replay import replay_run
from pipeline.replays import ASKED, FOLDER, running_lock
from pipeline.retention.holding import lift_hold, place_hold
from pipeline.retention.policy import Kind, Period, Retention
from pipeline.retention.purge import Asked, Plan, carry_out, months_before, plan_purge
from pipeline.retention.register import PURGED, gone, read_retention
from schemas.errors import IntegrityError, LockedError, UsageError
from tests.upgrade.kept import kept_outputs


FAR = date(2099, 1, 1)
LATER, STILL_LATER = date(2014, 5, 1), date(2014, 9, 1)
"""When the earlier of the two runs is older than half a year, and when both are."""

HALF_A_YEAR = Period(months=6, source="the council's schedule", confidence="confirmed")


def of(*kinds: Kind) -> Retention:
    return Retention(**{kind: HALF_A_YEAR for kind in kinds if kind is not Kind.TEMP})


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Two runs of the same extracts, the second after the first, as the version before left them."""
    return kept_outputs(tmp_path)


def runs(outputs: Path) -> list[Path]:
    return sorted(path for path in outputs.iterdir() if (path / "manifest.json").exists())


def purge(outputs: Path, policy: Retention, day: date = LATER, **asked) -> Plan:
    wanted = Asked(day, policy, **asked)
    return carry_out(outputs, wanted, plan_purge(outputs, wanted).digest)


def every_file(outputs: Path) -> set[str]:
    return {path.relative_to(outputs).as_posix() for path in outputs.rglob("*") if path.is_file()}


def test_nothing_goes_without_a_period(outputs: Path) -> None:
    assert plan_purge(outputs, Asked(FAR, Retention())).goes == ()


def test_a_plan_removes_nothing(outputs: Path) -> None:
    before = every_file(outputs)
    plan = plan_purge(outputs, Asked(LATER, of(*Kind)))
    assert plan.goes
    assert every_file(outputs) == before


def test_what_is_older_than_its_period_goes_and_what_is_not_stays(outputs: Path) -> None:
    old, young = runs(outputs)
    before = every_file(outputs)
    plan = purge(outputs, of(Kind.RESTRICTED, Kind.LISTS))
    gone = before - every_file(outputs)
    assert gone == {one.thing.path for one in plan.goes} != set()
    assert not (old / "master_list.xlsx").exists()
    assert not list((old / "restricted").glob("*.parquet"))
    assert (old / "tables/master_list.parquet").exists()
    assert (young / "master_list.xlsx").exists()


def test_a_purged_file_is_a_note_and_a_lost_one_is_not(outputs: Path) -> None:
    old, _ = runs(outputs)
    whole = verify_run(old).files
    plan = purge(outputs, of(Kind.LISTS))
    found = verify_run(old)
    assert found.files == whole - len(plan.goes)
    assert any("purged on" in note and "[retention] lists" in note for note in found.notes)
    (old / "tables/members.parquet").unlink()
    with pytest.raises(IntegrityError, match="missing: tables/members.parquet"):
        verify_run(old)


def test_a_class_that_is_asked_for_goes_alone(outputs: Path) -> None:
    plan = plan_purge(outputs, Asked(FAR, of(*Kind), (Kind.LISTS, Kind.PACKS)))
    assert {one.thing.kind for one in plan.goes} == {Kind.LISTS, Kind.PACKS}


def test_packs_reports_and_replays_go_each_as_what_it_is(outputs: Path) -> None:
    old, young = runs(outputs)
    packs, reports = outputs / "claims/2013-14-Q3/packs", outputs / "reports/costs"
    for path in (packs / "C1.pdf", packs / "index.csv", reports / "costs.csv", reports / ".costs.csv.aside"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    for number, asked in enumerate(({"run": old.name}, {"run": young.name}, None), start=1):
        place = outputs / FOLDER / f"{number:04d}"
        place.mkdir(parents=True)
        (place / "progress.jsonl").touch()
        if asked:
            (place / ASKED).write_text(json.dumps(asked), encoding="utf-8")
    place_hold(outputs, young.name, "an appeal")
    policy = of(Kind.PACKS, Kind.REPORTS, Kind.REPLAYS)
    pack = f"packs/C1-{young.name}.pdf"
    went = {"claims/2013-14-Q3/packs", "reports/costs/costs.csv", "pages/replays/0001", "pages/replays/0003"}
    plan = purge(outputs, policy, FAR)
    assert {one.thing.path for one in plan.goes} == went
    assert {thing.path for thing in plan.held} == {pack, "pages/replays/0002"}
    assert not [path for path in went if (outputs / path).exists()]
    assert (outputs / pack).exists()
    assert gone(outputs).runs == gone(outputs).archived == {}, "neither a run nor an extract is said to be purged"
    assert {run for run, _ in gone(outputs).files} == {old.name}
    assert verify_run(old).notes == verify_run(young).notes == ()


def test_nothing_is_purged_while_a_replay_is_at_work(outputs: Path) -> None:
    (outputs / FOLDER).mkdir(parents=True)
    asked = Asked(LATER, of(Kind.LISTS))
    plan, before = plan_purge(outputs, asked), every_file(outputs)
    with FileLock(running_lock(outputs)), pytest.raises(LockedError, match="A replay is running. Wait for it"):
        carry_out(outputs, asked, plan.digest)
    assert before <= every_file(outputs)


def test_an_encrypted_list_and_extract_are_purged_as_clear_ones_are(outputs: Path, monkeypatch) -> None:
    old, _ = runs(outputs)
    run_key = pyrage.x25519.Identity.generate()
    monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", str(run_key))
    recipients = Recipients((str(run_key.to_public()),))
    protect_lists(old, recipients)
    first, *_ = plan_purge(outputs, Asked(STILL_LATER, of(Kind.EXTRACTS))).goes
    clear = outputs / first.thing.path
    encrypt_file(clear, clear.with_name(f"{clear.name}.age"), recipients)
    clear.unlink()
    plan = purge(outputs, of(Kind.LISTS, Kind.EXTRACTS), STILL_LATER)
    assert not [path for path in old.rglob("*") if path.name.endswith((".xlsx.age", ".csv.age"))]
    assert not clear.with_name(f"{clear.name}.age").exists()
    assert len(verify_run(old).notes) == 3
    assert len(plan.goes) > 20


def test_a_purged_file_that_comes_back_changed_is_found(outputs: Path) -> None:
    old, _ = runs(outputs)
    purge(outputs, of(Kind.LISTS))
    (old / "master_list.csv").write_text("another list")
    with pytest.raises(IntegrityError, match="changed: master_list.csv"):
        verify_run(old)


def test_a_run_without_its_extracts_verifies_and_is_not_replayed(outputs: Path) -> None:
    old, young = runs(outputs)
    assert purge(outputs, of(Kind.EXTRACTS)).goes == (), "the later run read them, and is young"
    assert len(purge(outputs, of(Kind.EXTRACTS), STILL_LATER).goes) == 8
    for run in (old, young):
        assert "Without its extracts this run cannot be replayed." in verify_run(run).notes
        with pytest.raises(UsageError, match="cannot be replayed. 8 extract files of it: purged on"):
            replay_run(run)
    again = outputs.parent / "again"
    shutil.copytree(outputs, again)
    (again / "retention.jsonl").unlink()
    with pytest.raises(IntegrityError, match=r"retention.jsonl"):
        verify_run(again / old.name)


def test_a_purged_run_is_said_to_be_purged(outputs: Path) -> None:
    old, young = runs(outputs)
    plan = purge(outputs, of(Kind.RUNS))
    assert [one.thing.path for one in plan.goes] == [old.name]
    assert not old.exists()
    with pytest.raises(UsageError, match=f"{old.name} was purged on"):
        open_run(outputs, old.name.split("-", 3)[-1])
    (note,) = verify_run(young).notes
    assert note.startswith(f"{old.name} was purged on")
    with pytest.raises(UsageError, match="was purged on"):
        replay_run(young)


def test_the_latest_run_never_goes(outputs: Path) -> None:
    for _ in range(2):
        purge(outputs, of(Kind.RUNS), STILL_LATER)
    assert len(runs(outputs)) == 1


def test_a_run_goes_by_name_whatever_its_age(outputs: Path) -> None:
    old, young = runs(outputs)
    purge(outputs, Retention(), runs=(old.name, young.name))
    assert runs(outputs) == [young]
    assert "because somebody asked" in str(verify_run(young).notes)


def test_a_run_that_a_claim_was_made_from_is_named(outputs: Path) -> None:
    old, _ = runs(outputs)
    append_events(outputs, [("prepared", {"window": "2013/14-Q2", "run": old.name})])
    assert plan_purge(outputs, Asked(LATER, of(Kind.RUNS))).claimed == (old.name,)
    assert plan_purge(outputs, Asked(LATER, of(Kind.LISTS))).claimed == ()


def test_another_plan_than_was_shown_removes_nothing(outputs: Path) -> None:
    before = every_file(outputs)
    shown = plan_purge(outputs, Asked(LATER, of(Kind.LISTS)))
    for digest in (shown.digest, shown.digest[:4], ""):
        with pytest.raises(UsageError, match="not what that plan listed"):
            carry_out(outputs, Asked(LATER, of(Kind.LISTS, Kind.RESTRICTED)), digest)
    assert every_file(outputs) - {".wash.lock"} == before - {".wash.lock"}


def test_a_hold_on_a_run_keeps_all_of_it_and_what_it_was_washed_from(outputs: Path) -> None:
    old, young = runs(outputs)
    place_hold(outputs, old.name, "an appeal")
    everything = Asked(STILL_LATER, of(*Kind))
    plan = plan_purge(outputs, everything)
    assert {one.thing.run for one in plan.goes if one.thing.kind is not Kind.PACKS} == {young.name}
    assert {thing.kind for thing in plan.held} == {Kind.RUNS, Kind.EXTRACTS}
    lift_hold(outputs, old.name, "settled")
    assert {one.thing.kind for one in plan_purge(outputs, everything).goes} > {Kind.RUNS, Kind.EXTRACTS}


def test_a_run_of_another_folder_is_not_held_here(outputs: Path, tmp_path: Path) -> None:
    old, _ = runs(outputs)
    elsewhere = shutil.copytree(old, tmp_path / "elsewhere" / old.name)
    with pytest.raises(UsageError, match=f"{old.name} does not stand in"):
        place_hold(outputs, str(elsewhere), "an appeal")
    assert read_retention(outputs) == ()


def test_a_hold_on_a_family_keeps_its_runs_and_packs(outputs: Path) -> None:
    pack, other = outputs / "packs/F0000001-x.pdf", outputs / "packs/F0000009-x.pdf"
    for path in (pack, other):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"a pack")
    place_hold(outputs, "f0000001", "a complaint")
    plan = plan_purge(outputs, Asked(FAR, of(*Kind)))
    assert [one.thing.path for one in plan.goes] == ["packs/F0000009-x.pdf"]
    with pytest.raises(UsageError, match="on hold already"):
        place_hold(outputs, "F0000001", "again")
    with pytest.raises(UsageError, match="not on hold"):
        lift_hold(outputs, "F0000002", "no")


def test_what_went_is_written_down_with_digest_and_counts_and_no_name_of_a_person(outputs: Path) -> None:
    plan = purge(outputs, of(Kind.LISTS))
    entries = [entry for entry in read_retention(outputs) if entry["event"] == PURGED]
    assert [(entry["sha256"], entry["bytes"]) for entry in entries] == [(one.sha256, one.bytes) for one in plan.goes]
    assert {(entry["months"], entry["source"]) for entry in entries} == {(6, "the council's schedule")}
    (event,) = read_events(outputs, "purged")
    assert (event["things"], event["files"]) == (len(plan.goes), len(plan.goes))
    assert "Ashdown" not in (outputs / "retention.jsonl").read_text()


def test_a_purge_that_died_after_it_wrote_is_finished_by_the_next(outputs: Path, monkeypatch) -> None:
    asked = Asked(LATER, of(Kind.LISTS))
    with monkeypatch.context() as during:
        during.setattr("pipeline.retention.purge._remove", lambda path: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            carry_out(outputs, asked, plan_purge(outputs, asked).digest)
    old, _ = runs(outputs)
    assert verify_run(old).notes == (), "nothing is gone yet"
    carry_out(outputs, asked, plan_purge(outputs, asked).digest)
    assert plan_purge(outputs, asked).goes == ()
    verify_run(old)


def test_leftovers_of_interrupted_commands_go(outputs: Path) -> None:
    (outputs / "2013-09-30-dead.part/tables").mkdir(parents=True)
    (outputs / "archive/.abc.part").write_bytes(b"half")
    (outputs / "claims/2013-14-Q3/.packs.part").mkdir()
    (outputs / "claims/2013-14-Q3/.packs.part/C1.pdf").write_bytes(b"half")
    assert purge(outputs, Retention()).left == 3
    assert not list(outputs.glob("*.part")) + list(outputs.glob("*/.*.part")) + list(outputs.glob("claims/*/.packs*"))


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2014, 3, 31), 1, date(2014, 2, 28)),
        (date(2012, 2, 29), 12, date(2011, 2, 28)),
        (date(2014, 1, 15), 1, date(2013, 12, 15)),
        (date(2014, 1, 15), 0, date(2014, 1, 15)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_a_period_wants_its_source() -> None:
    with pytest.raises(ValueError, match="wants its source"):
        Period(months=6)
