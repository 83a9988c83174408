"""From an error to what the person reads and the exit code; decides that no message can carry a value from a row."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import click

from cli.say import remark
from schemas.bugs import place_of
from schemas.errors import DataWashError, StorageError


BUG = 1
STOPPED = 130


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
        f"A bug in Data Wash: {type(error).__name__} at {place_of(error)}. What was being done is not finished. "
        "Please report this line; it holds nothing from your data."
    )


def quiet_hooks() -> None:
    """Make errors outside the guard (in threads, while closing down) as discreet as those inside it."""
    sys.excepthook = lambda kind, error, trace: remark(bug(error))
    threading.excepthook = lambda args: remark(bug(args.exc_value or args.exc_type()))
    sys.unraisablehook = lambda unraisable: None


def _storage(error: OSError) -> str:
    name = f" ({Path(error.filename).name})" if isinstance(error.filename, str) else ""
    reason = error.strerror or type(error).__name__
    trouble = f"The disk or a folder gave trouble{name}: {reason}. Nothing was published."
    if isinstance(error, PermissionError):
        return f"{trouble} Ask whoever looks after that folder for the right to it, or name another."
    return f"{trouble} Look at the disk, then run the command again."
