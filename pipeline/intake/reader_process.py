"""The process in which files of strangers are parsed, started by `reader`: one request a line in, an answer out.

Where the system can, each file is read by a copy of this process that has never seen another file, and that may take
so much memory and time, write no file, and leave no core dump. It says nothing but its answers; what a library prints
goes nowhere.
"""

import json
import os
import signal
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.intake.asked import Asked
from pipeline.intake.contents import read_contents, read_sheet_names
from pipeline.intake.unreadable import Limits, UnreadableError
from schemas.bugs import place_of
from schemas.errors import StorageError


FELL = 200
"""The exit code where the copy that read a file ended by itself; by a signal, that much more."""

NUMBERS = "row_numbers"
_OPEN_FILES = 64


class _WithoutPandas(MetaPathFinder):
    """Keeps pyarrow from importing pandas, which is not used here and takes longer than most files do."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        """Raise ImportError where pandas is meant."""
        if fullname == "pandas":
            raise ImportError(fullname)


def main() -> None:
    """Answer requests until there are no more, or the copy that reads a file ends before it has answered."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sys.meta_path.insert(0, _WithoutPandas())
    pc.is_null(pa.array(np.zeros(1)))  # so that pyarrow has its functions at hand, and no copy looks them up again
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        if hasattr(os, "fork"):
            _apart(request, answers)
        else:
            answer(request, answers)


def _apart(request: dict[str, Any], answers: IO[bytes]) -> None:
    """Have a copy of this process answer, within its limits; end as it ends where it does not."""
    child = os.fork()
    if child == 0:
        try:
            limit(Limits(*request["limits"]))
            answer(request, answers)
            os._exit(0)
        finally:
            os._exit(FELL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if ended:
        os._exit(ended if ended > 0 else FELL - ended)


def limit(limits: Limits) -> None:
    """Let this process take no more than `limits` say, for good."""
    import resource

    wanted = {
        resource.RLIMIT_AS: (limits.memory, 0),
        resource.RLIMIT_CPU: (limits.processor_seconds, 1),
        resource.RLIMIT_NOFILE: (_OPEN_FILES, 0),
        resource.RLIMIT_FSIZE: (0, 0),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (most, grace) in wanted.items():
        hard = resource.getrlimit(kind)[1]
        least = [most] if hard == resource.RLIM_INFINITY else [most, hard - grace]
        resource.setrlimit(kind, (min(least), min(least) + grace))
    signal.alarm(limits.seconds)


def answer(request: dict[str, Any], answers: IO[bytes]) -> None:
    """Read what `request` asks for, and write a line that says what came of it, then the table if there is one."""
    asked = Asked(Path(request["path"]), request["name"], *request["how"])._replace(limits=Limits(*request["limits"]))
    table = None
    try:
        if request["sheets"]:
            said: dict[str, Any] = {"sheets": read_sheet_names(asked)}
        else:
            contents = read_contents(asked)
            table, said = contents.table, {"found": contents[2:]}
    except UnreadableError as problem:
        said = {"unreadable": problem.parts}
    except StorageError as problem:
        said = {"storage": str(problem)}
    except MemoryError:
        said = {"memory": True}
    except Exception as error:
        said = {"slip": f"{type(error).__name__} at {place_of(error)}"}
    answers.write(json.dumps(said).encode() + b"\n")
    if table is not None:
        _send(table.append_column(NUMBERS, pa.array(contents.row_numbers)), answers)
    answers.flush()


def _send(table: pa.Table, answers: IO[bytes]) -> None:
    with pa.ipc.new_stream(answers, table.schema) as stream:
        stream.write_table(table)


if __name__ == "__main__":
    main()
