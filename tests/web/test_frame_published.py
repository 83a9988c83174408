"""The latest run as pages read it: found when it comes, held to its manifest, and never by a path."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.record.manifest import MANIFEST
from pipeline.record.run import published_runs
from schemas.errors import DataWashError, IntegrityError, UsageError
from web.published import Published, latest, run_called
from web.warming import keep_ready


def opened(folder: Path) -> Published:
    """A run that no other test has read."""
    run = latest(folder)
    assert run is not None
    return run


def test_where_nothing_was_washed_there_is_no_latest_run(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    assert latest(tmp_path / "not there") is None


def test_the_latest_run_is_found_once_and_again_when_another_comes(own_outputs: Path, tmp_path: Path) -> None:
    september = opened(own_outputs).folder
    aside = shutil.move(september, tmp_path / september.name)
    august = opened(own_outputs)
    assert august.folder == published_runs(own_outputs)[-1]
    assert opened(own_outputs) is august
    shutil.move(aside, september)
    assert opened(own_outputs).folder == september


def test_a_table_is_read_once_and_is_what_the_run_published(outputs: Path) -> None:
    run = opened(outputs)
    families = run.table("master_list")
    assert run.table("master_list") is families
    assert len(families) == run.manifest.table("master_list").rows
    assert list(run.table("master_list", ["family_id", "rank"])) == ["family_id", "rank"]


def test_a_table_that_was_changed_is_not_shown(own_outputs: Path) -> None:
    run = opened(own_outputs)
    path = run.folder / "tables" / "people.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(IntegrityError, match="people.parquet of .* is not what its manifest.json says"):
        run.table("people")


def test_a_table_that_no_stage_made_is_asked_for_in_vain(outputs: Path) -> None:
    with pytest.raises(UsageError, match="no table recipes"):
        opened(outputs).table("recipes")


def test_a_run_is_called_by_its_name_its_id_or_the_start_of_it(outputs: Path) -> None:
    run = opened(outputs)
    assert run_called(outputs, run.folder.name) is run
    assert run_called(outputs, run.run_id) is run
    assert run_called(outputs, run.run_id[:6]) is run
    assert run_called(outputs, "latest") is run


@pytest.mark.parametrize("name", ["..", "/etc", "../outputs", "nobody", ""])
def test_a_run_is_never_called_by_a_path(outputs: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = opened(outputs).folder / "tables"
    monkeypatch.chdir(inside)
    with pytest.raises(UsageError):
        run_called(outputs, name)


def test_a_damaged_manifest_is_told_by_the_name_of_its_run(own_outputs: Path) -> None:
    folder = published_runs(own_outputs)[-1]
    (folder / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(IntegrityError, match=folder.name):
        latest(own_outputs)


def test_without_its_settings_a_run_is_still_marked(own_outputs: Path) -> None:
    run = opened(own_outputs)
    settings = run.manifest.settings_file
    assert settings is not None
    (own_outputs / "archive" / settings.sha256).unlink()
    assert run.authority.marking == "OFFICIAL-SENSITIVE"
    with pytest.raises(DataWashError):
        _ = run.settings


def test_the_settings_of_a_run_are_those_it_was_washed_with(outputs: Path) -> None:
    run = opened(outputs)
    assert run.authority.name == run.settings.authority.name != "The council"
    assert run.cover("The list").run_id == json.loads((run.folder / MANIFEST).read_text())["run_id"]


def test_the_latest_run_and_each_that_comes_is_made_ready(own_outputs: Path, tmp_path: Path) -> None:
    september = opened(own_outputs).folder
    aside = shutil.move(september, tmp_path / september.name)
    stopped = keep_ready(own_outputs, every=0.02)
    try:
        assert _until(lambda: "tables/master_list.parquet" in opened(own_outputs)._sound)
        shutil.move(aside, september)
        assert _until(lambda: opened(own_outputs).folder == september)
        assert _until(lambda: "tables/people.parquet" in opened(own_outputs)._sound)
    finally:
        stopped.set()


def test_a_damaged_run_stops_nobody_who_makes_it_ready(own_outputs: Path) -> None:
    folder = published_runs(own_outputs)[-1]
    manifest = (folder / MANIFEST).read_bytes()
    (folder / MANIFEST).write_text("{", encoding="utf-8")
    stopped = keep_ready(own_outputs, every=0.02)
    try:
        time.sleep(0.1)
        (folder / MANIFEST).write_bytes(manifest)
        assert _until(lambda: "tables/people.parquet" in opened(own_outputs)._sound)
    finally:
        stopped.set()


def _until(true: Callable[[], bool]) -> bool:
    """Whether it became true within twenty seconds."""
    end = time.monotonic() + 20
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.02)
    return found
