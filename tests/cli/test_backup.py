"""`datawash backup` and `restore`: the drill, what is said of it, and how each ends."""

from pathlib import Path

import pytest

from cli import backup as asked
from pipeline.backup.restoring import restore_backup
from pipeline.record.audit_log import read_events
from pipeline.replay import Replayed
from tests.cli.conftest import Command
from tests.upgrade.kept import FIRST, SECOND, kept_outputs


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Outputs in use."""
    return kept_outputs(tmp_path)


def test_a_backup_goes_into_a_folder_under_a_name_of_its_own_and_the_drill_says_what_came_back(
    outputs: Path, tmp_path: Path, look: Command
) -> None:
    (tmp_path / "disk").mkdir()
    made = look("backup", tmp_path / "disk", "--outputs", outputs)
    assert made.code == 0, made.err
    (path,) = (tmp_path / "disk").iterdir()
    assert path.name.startswith("datawash-outputs-20")
    assert made.out.startswith(f"{path}: 2 runs, ")
    assert "It is not encrypted" in made.out
    before = sorted(one.name for one in outputs.iterdir())
    drill = look("restore", path, "--drill", "--outputs", outputs)
    assert drill.code == 0, drill.err
    assert "which is removed again" in drill.out
    assert "Everything is what it was." in drill.out
    assert sorted(one.name for one in outputs.iterdir() if one.name != ".opened") == before
    assert list((outputs / ".opened").iterdir()) == []


def test_a_drill_may_wash_the_latest_run_again(
    outputs: Path, tmp_path: Path, look: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How the replay comes out is not at issue here, but that it is asked for, of which run, and told."""
    washed: list[str] = []
    monkeypatch.setattr("cli.replay.replay_run", lambda run, into, step: washed.append(run.name) or Replayed(9, 8))
    look("backup", tmp_path / "b.tar", "--outputs", outputs)
    drill = look("restore", tmp_path / "b.tar", "--drill", "--replay", "--outputs", outputs)
    assert drill.code == 0, drill.err
    assert f"The replay of {SECOND} is equal: 9 tables" in drill.out
    assert washed == [SECOND]


def test_a_restored_folder_is_gone_on_with(outputs: Path, tmp_path: Path, look: Command) -> None:
    path = tmp_path / "b.tar"
    made = look("backup", path, "--outputs", outputs, "--json")
    assert (made.code, made.facts["runs"], made.facts["encrypted"], made.facts["amiss"]) == (0, 2, False, [])
    used = look("restore", path, "--outputs", outputs)
    assert used.code == 2
    assert "is not empty" in used.err
    back = look("restore", path, "--outputs", tmp_path / "back", "--json")
    assert back.code == 0, back.err
    assert back.facts["lines"]["claims/register.jsonl"] == 8
    assert look("verify", "latest", "--outputs", tmp_path / "back").code == 0
    runs = look("runs", "--outputs", tmp_path / "back", "--json").facts["runs"]
    assert [run["run"] for run in runs] == [FIRST, SECOND]
    assert look("accounts", "list", "--outputs", tmp_path / "back", "--json").code == 0
    assert [event["event"] for event in read_events(tmp_path / "back")][-2:] == ["restored", "verified"]


def test_what_was_damaged_is_said_by_both_with_an_exit_code_of_its_own(
    outputs: Path, tmp_path: Path, look: Command
) -> None:
    (outputs / FIRST / "left_list.csv").unlink()
    made = look("backup", tmp_path / "b.tar", "--outputs", outputs)
    assert made.code == 7
    assert "    missing: left_list.csv" in made.out
    back = look("restore", tmp_path / "b.tar", "--outputs", tmp_path / "back")
    assert back.code == 7
    assert "Not sound:" in back.out
    assert "    missing: left_list.csv" in back.out


def test_settings_that_name_two_keys_encrypt_it_and_nothing_stands_clear_on_the_way(
    outputs: Path, tmp_path: Path, look: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyrage

    run, escrow = (pyrage.x25519.Identity.generate() for _ in range(2))
    settings = tmp_path / "wash.toml"
    settings.write_text(
        f'[protection]\nrun_key = "{run.to_public()}"\nescrow_key = "{escrow.to_public()}"\n', encoding="utf-8"
    )
    made = look("backup", tmp_path / "b.tar.age", "--settings", settings, "--outputs", outputs)
    assert made.code == 0, made.err
    assert "not encrypted" not in made.out
    for key, name in ((run, "one"), (escrow, "two")):
        monkeypatch.setenv("DATAWASH_ENCRYPTION_KEY", str(key))
        assert restore_backup(tmp_path / "b.tar.age", tmp_path / name).found.amiss == ()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["b.tar.age", "one", "outputs", "two", "wash.toml"]


def test_an_outputs_folder_without_a_run_has_no_settings_to_encrypt_by(tmp_path: Path) -> None:
    assert asked._recipients(tmp_path, None) is None
