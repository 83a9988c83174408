"""The table of deployments: each fits its flow, runs one at a time, and stands where a server's process can find it."""

import inspect
from importlib import import_module
from pathlib import Path

import pytest
from prefect.client.schemas.objects import ConcurrencyLimitStrategy

from flows.deployments import deployments, serve_schedule, to_prefect
from schemas.errors import SettingsError


def _settings(folder: Path, text: str) -> Path:
    path = folder / "wash.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_parameters_of_each_deployment_fit_its_flow(tmp_path: Path) -> None:
    rows = deployments(_settings(tmp_path, ""), tmp_path / "outputs")
    assert [row.name for row in rows] == ["monthly-wash", "replay"]
    for row in rows:
        signature = inspect.signature(row.flow.fn)
        assert set(row.parameters) <= set(signature.parameters)
        assert all(isinstance(value, str) and Path(value).is_absolute() for value in row.parameters.values())
    signature.bind(run_id="0123456789ab", **rows[1].parameters)
    inspect.signature(rows[0].flow.fn).bind(**rows[0].parameters)


def test_the_month_is_washed_when_the_council_says_in_london(tmp_path: Path) -> None:
    monthly, replay = (to_prefect(row) for row in deployments(None, tmp_path))
    (usual,) = monthly.schedules
    assert (usual.schedule.cron, usual.schedule.timezone) == ("0 6 2 * *", "Europe/London")
    assert replay.schedules == []
    path = _settings(tmp_path, '[schedule]\ncron = "30 5 1 * *"\n')
    (own,) = to_prefect(deployments(path, tmp_path)[0]).schedules
    assert (own.schedule.cron, own.schedule.timezone) == ("30 5 1 * *", "Europe/London")


def test_each_runs_one_at_a_time_and_is_found_by_module(tmp_path: Path) -> None:
    for row in deployments(None, tmp_path):
        deployment = to_prefect(row)
        assert deployment.concurrency_limit == 1
        assert deployment.concurrency_options.collision_strategy is ConcurrencyLimitStrategy.CANCEL_NEW
        module, _, name = deployment.entrypoint.rpartition(".")
        assert getattr(import_module(module), name) is row.flow


def test_a_cron_that_makes_no_sense_is_told_before_anything_is_started(tmp_path: Path) -> None:
    path = _settings(tmp_path, '[schedule]\ncron = "at six"\n')
    with pytest.raises(SettingsError, match="'at six'"):
        serve_schedule(path, tmp_path / "outputs")
    assert not (tmp_path / "outputs").exists()
