"""Where the `datawash` command starts: a private process, a guard around it, then the command that was asked for."""

import io
import sys
import warnings

from cli.commands import datawash
from cli.guard import guarded, quiet_hooks
from schemas.process import be_private


def main() -> None:
    """Run the command line and leave with its exit code."""
    settle()
    sys.exit(guarded(_run))


def settle() -> None:
    """Files for this user alone and no core dump; no library's warning or traceback on the screen."""
    be_private()
    quiet_hooks()
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run() -> int:
    return datawash.main(prog_name="datawash", standalone_mode=False) or 0


if __name__ == "__main__":
    main()
