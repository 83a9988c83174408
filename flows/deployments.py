"""The flows that a Prefect server can start, and when: a table of deployments, and serving them; decides no result."""

import _thread
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from prefect import Flow, serve
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.deployments.runner import EntrypointType, RunnerDeployment
from prefect.schedules import Cron

from flows.replay import replay_flow
from flows.scheduled import scheduled_wash
from flows.server import Server, kept_server
from pipeline.config import Schedule, load_settings
from schemas.errors import SettingsError, StorageError


@dataclass(frozen=True)
class Deployment:
    """A flow that a server can start: with which parameters, when if by itself, and how many at once."""

    name: str
    flow: Flow[..., Any]
    parameters: dict[str, str]
    cron: str | None = None
    timezone: str = "Europe/London"
    limit: int = 1


def deployments(settings: Path | None, outputs: Path) -> tuple[Deployment, ...]:
    """The table of what a council's server can start. SettingsError if the settings cannot be read."""
    schedule = load_settings(settings).schedule
    place = {"outputs": str(outputs.resolve())}
    council = place | ({"settings": str(settings.resolve())} if settings else {})
    return (
        Deployment("monthly-wash", scheduled_wash, council, schedule.cron, schedule.timezone),
        Deployment("replay", replay_flow, place),
    )


def serve_schedule(settings: Path | None, outputs: Path, say: Callable[[str], None] | None = None) -> None:
    """Serve the deployments until stopped, on the configured server or on one of our own that is kept for as long.

    `say` is told, in a line, what is served and where (default: stderr). Raises SettingsError for a schedule that
    makes no sense, StorageError if the server does not answer or stops.
    """
    rows = deployments(settings, outputs)
    served = [to_prefect(row) for row in rows]
    with kept_server(outputs) as server:
        (say or _say)(_serving(rows, server))
        _serve_while_it_lasts(served, server)


def to_prefect(row: Deployment) -> RunnerDeployment:
    """A row of the table as Prefect has it: one at a time, a new one that would overlap is cancelled."""
    return row.flow.to_deployment(
        row.name,
        parameters=row.parameters,
        schedules=[_cron(row)] if row.cron else [],
        concurrency_limit=ConcurrencyLimitConfig(
            limit=row.limit, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _cron(row: Deployment) -> Any:
    try:
        return Cron(row.cron or "", timezone=row.timezone)
    except ValueError:
        usual = Schedule().cron
        raise SettingsError(
            f"[schedule]: cron = {row.cron!r} or timezone = {row.timezone!r} is not understood. The usual is "
            f"{usual!r}: minute, hour, day of the month, month, day of the week."
        ) from None


def _serving(rows: tuple[Deployment, ...], server: Server) -> str:
    when = [f"{row.name} ({f'{row.cron}, {row.timezone}' if row.cron else 'on demand'})" for row in rows]
    return f"Serving {', '.join(when)} on {server.url} until stopped (Ctrl-C)."


def _serve_while_it_lasts(served: list[RunnerDeployment], server: Server) -> None:
    """Serve until stopped; if a server of our own ends before that, stop and say so."""
    done, ended = threading.Event(), threading.Event()
    if server.process:
        threading.Thread(target=_stop_when_it_ends, args=(server.process, done, ended), daemon=True).start()
    try:
        serve(*served, pause_on_shutdown=False, print_starting_message=False, limit=len(served))
    finally:
        done.set()
    if ended.is_set():
        raise StorageError("Our own Prefect server stopped; see server.log beside it. Start the schedule again.")


def _stop_when_it_ends(process: subprocess.Popen[str], done: threading.Event, ended: threading.Event) -> None:
    process.wait()
    if not done.is_set():
        ended.set()
        _thread.interrupt_main()


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
