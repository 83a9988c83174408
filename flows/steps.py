"""A stage as a Prefect task; decides that nothing but counts and clean words can reach Prefect."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from flows.clean import cleanly
from pipeline.record.files import plain_storage_errors
from pipeline.wash import Step, call


def task_step(inner: Step = call) -> Step:
    """A step that takes each stage as a Prefect task named after it, by way of `inner`; no result is stored.

    The task has no parameters, so that Prefect has nothing to walk through, to hash or to tell.
    """

    def step(stage: Callable[..., Any], *args: Any) -> Any:
        name = task_name(stage, args)

        @task(name=name, task_run_name=name, cache_policy=NO_CACHE, persist_result=False, log_prints=False)
        def take() -> Any:
            return cleanly(_plainly, inner, stage, *args)

        return take()

    return step


def task_name(stage: Callable[..., Any], args: tuple[Any, ...]) -> str:
    """`ingest attendance`, `link`: a stage with the extract it works on."""
    extract = getattr(args[1], "extract", None) if len(args) > 1 else None
    return f"{stage.__name__} {extract}" if extract else stage.__name__


def forget_error(flow: Any, flow_run: Any, state: Any) -> None:
    """Remove the copy of its error that Prefect stores of a failed flow, even of one that is to store nothing."""
    stored = getattr(getattr(state.data, "metadata", None), "storage_key", None)
    if stored and Path(stored).is_absolute():
        Path(stored).unlink(missing_ok=True)


def _plainly(inner: Step, stage: Callable[..., Any], *args: Any) -> Any:
    with plain_storage_errors("The wash"):
        return inner(stage, *args)
