"""An error in words that hold no value from a row, whoever's mistake it was; decides nothing else.

Imports no Prefect: the workers of a cluster say their errors so too.
"""

import traceback
from collections.abc import Callable
from typing import Any

from schemas.errors import DataWashError, StorageError


ROOMS = ("flows", "pipeline", "reports", "linkage", "criteria", "schemas")
SERVER = ("prefect", "httpx", "httpcore")


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


def _place(error: Exception) -> str:
    """The innermost line of ours that the error passed, as module and line."""
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in steps if module.split(".")[0] in ROOMS]
    module, line = (ours or steps or [("an unknown place", 0)])[-1]
    return f"{module}:{line}"
