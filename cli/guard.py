"""From an error to what the person reads and the exit code; decides that no message can carry a value from a row."""

import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

import click

from cli.say import remark
from schemas.errors import DataWashError, StorageError


BUG = 1
STOPPED = 130
ROOMS = ("cli", "web", "flows", "pipeline", "reports", "linkage", "criteria", "schemas")


def guarded(command: Callable[[], int]) -> int:
    """Run `command` and return the exit code, having said on stderr what went wrong."""
    try:
        return command()
    except DataWashError as error:
        remark(str(error))
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        remark("Stopped. A wash that had not finished leaves nothing published.")
        return STOPPED
    except OSError as error:
        remark(_storage(error))
        return StorageError.exit_code
    except MemoryError:
        remark("The memory of this machine does not suffice. Nothing was published.")
        return StorageError.exit_code
    except Exception as error:
        remark(bug(error))
        return BUG


def bug(error: BaseException) -> str:
    """What is said of an error that is ours: its kind and the place in our code, never its message."""
    return (
        f"A bug in Data Wash: {type(error).__name__} at {_place(error)}. What was being done is not finished. "
        "Please report this line; it holds nothing from your data."
    )


def quiet_hooks() -> None:
    """Make errors outside the guard (in threads, while closing down) as discreet as those inside it."""
    sys.excepthook = lambda kind, error, trace: remark(bug(error))
    threading.excepthook = lambda args: remark(bug(args.exc_value or args.exc_type()))
    sys.unraisablehook = lambda unraisable: None


def _place(error: BaseException) -> str:
    """The innermost line of ours that the error passed, as module and line."""
    steps = [(frame.f_globals.get("__name__", ""), line) for frame, line in traceback.walk_tb(error.__traceback__)]
    ours = [(module, line) for module, line in steps if module.split(".")[0] in ROOMS]
    module, line = (ours or steps or [("an unknown place", 0)])[-1]
    return f"{module}:{line}"


def _storage(error: OSError) -> str:
    name = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
    return f"The disk or a folder gave trouble{name}: {error.strerror or type(error).__name__}. Nothing was published."
