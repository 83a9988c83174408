"""The wash as a Prefect flow: the stages as tasks, a summary in counts; decides no result and shows no value."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow

from flows.clean import cleanly
from flows.cluster import cluster_map
from flows.server import any_server
from flows.steps import forget_error, task_step
from flows.summary import publish_summary
from pipeline.config import load_settings
from pipeline.prepare import Request, settings_path
from pipeline.wash import Step, Washed, call, wash_extracts
from schemas.process import be_private


@flow(
    name="data-wash",
    flow_run_name="wash-{as_of}",
    persist_result=False,
    log_prints=False,
    on_failure=[forget_error],
)
def data_wash(
    folder: str,
    as_of: date,
    outputs: str,
    settings: str | None = None,
    previous: str | None = None,
    judgements: str | None = None,
    without: list[str] | None = None,
) -> Washed:
    """Wash the extracts in `folder` as of a date, into a run in `outputs`."""
    be_private()
    request = Request(
        folder=Path(folder),
        as_of=as_of,
        outputs=Path(outputs),
        settings=_path(settings),
        previous=previous,
        judgements=_path(judgements),
        without=tuple(without or ()),
    )
    return cleanly(_washed, request)


def run_flow(request: Request, progress: Step | None = None) -> Washed:
    """Run the wash as a flow in this process, on the configured Prefect server or on one of our own.

    `progress` takes each stage inside its task, and may show it. Raises a DataWashError whose text is for the person.
    """
    with any_server(request.outputs), shown_by(progress or call):
        return cleanly(lambda: data_wash(**_parameters(request)))


@contextmanager
def shown_by(step: Step) -> Iterator[None]:
    """Let the flows that run in the body take each stage, inside its task, by way of `step`."""
    before = _SHOWN_BY.set(step)
    try:
        yield
    finally:
        _SHOWN_BY.reset(before)


def current_step() -> Step:
    """The step of a flow: a task for each stage, shown by whoever asked to see it."""
    return task_step(_SHOWN_BY.get())


_SHOWN_BY: ContextVar[Step] = ContextVar("shown_by", default=call)


def _washed(request: Request) -> Washed:
    path = settings_path(request)
    with cluster_map(load_settings(path).cluster, path.parent if path else Path()) as run_parts:
        washed = wash_extracts(request, current_step(), run_parts)
    publish_summary(washed)
    return washed


def _parameters(request: Request) -> dict[str, Any]:
    return {
        "folder": str(request.folder),
        "as_of": request.as_of,
        "outputs": str(request.outputs),
        "settings": _text(request.settings),
        "previous": request.previous,
        "judgements": _text(request.judgements),
        "without": list(request.without) or None,
    }


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)
