"""A stage as a Prefect task; decides that nothing but counts and clean words can reach Prefect."""

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from pipeline.record.files import plain_storage_errors
from pipeline.wash import Step, call
from schemas.errors import DataWashError, StorageError


ROOMS = ("flows", "pipeline", "reports", "linkage", "criteria", "schemas")
SERVER = ("prefect", "httpx", "httpcore")


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


def cleanly(act: Callable[..., Any], *args: Any) -> Any:
    """What `act` returns; an error of its own making is raised anew, without the errors and frames behind it."""
    try:
        return act(*args)
    except Exception as error:
        clean = cleaned(error)
    raise clean


def cleaned(error: Exception) -> DataWashError:
    """`error` in words that hold no value from a row: its own if it is ours, else its kind and where it arose."""
    if isinstance(error, DataWashError):
        return type(error)(*error.args)
    kind = type(error)
    if kind.__module__.split(".")[0] in SERVER:
        return StorageError(
            f"The Prefect server stopped answering as it should ({kind.__name__}). Nothing was published. "
            "Look after the server and run the command again, or wash with --plain."
        )
    return DataWashError(
        f"A bug in Data Wash: {kind.__name__} at {_place(error)}. Nothing was published. "
        "Please report this line; it holds nothing from your data."
    )


def forget_error(flow: Any, flow_run: Any, state: Any) -> None:
    """Remove the copy of its error that Prefect stores of a failed flow, even of one that is to store nothing."""
    stored = getattr(getattr(state.data, "metadata", None), "storage_key", None)
    if stored and Path(stored).is_absolute():
        Path(stored).unlink(missing_ok=True)


def _plainly(inner: Step, stage: Callable[..., Any], *args: Any) -> Any:
    with plain_storage_errors("The wash"):
        return inner(stage, *args)


def _place(error: Exception) -> str:
    """The innermost line of ours that the error passed, as module and line."""
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in steps if module.split(".")[0] in ROOMS]
    module, line = (ours or steps or [("an unknown place", 0)])[-1]
    return f"{module}:{line}"
