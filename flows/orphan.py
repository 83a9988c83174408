"""A process that has lost its parent, and what ends it; decides nothing else.

Where the system is not POSIX a process keeps the number of a parent that is gone: a pipe says it then.
"""

import os
import signal
import threading
import time


LOOK = 0.5
GRACE = 10.0


def orphaned(parent: int) -> bool:
    """Whether the process `parent`, which started this one, is gone."""
    return os.name == "posix" and os.getppid() != parent


def end_with_runner() -> None:
    """If a schedule started this process to run a flow, let the flow end when the schedule is killed."""
    if "PREFECT__FLOW_RUN_ID" in os.environ and os.name == "posix":
        threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()


def _end_with(parent: int) -> None:
    while not orphaned(parent):
        time.sleep(LOOK)
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(GRACE)
    os._exit(1)
