"""The latest run read before anybody asks for it; decides nothing of what is shown, and says nothing where it fails.

What is wrong with a run is told to whoever opens a page of it.
"""

import threading
from contextlib import suppress
from pathlib import Path

from pipeline.record.rows import hold_tables
from schemas.errors import DataWashError
from web.families import search
from web.families.listing import LEFT, LISTED, UNDETERMINED, listing
from web.families.missing import missing
from web.published import Published, latest


LOOK_EVERY = 5.0


def keep_ready(outputs: Path, every: float = LOOK_EVERY) -> threading.Event:
    """Make ready the latest run below `outputs`, and each that comes, until the event that is returned is set."""
    stopped = threading.Event()
    threading.Thread(target=_keep_ready, args=(outputs, stopped, every), daemon=True).start()
    return stopped


def make_ready(run: Published) -> None:
    """Read of a run what most pages need: its tables, each held to the manifest, and the lists of families."""
    hold_tables(run.sound("tables"))
    for name in (LISTED, UNDETERMINED, LEFT):
        listing(run, name).seen(frozenset())
    missing(run, frozenset())
    search.make_ready(run)
    run.sound("clean")


def _keep_ready(outputs: Path, stopped: threading.Event, every: float) -> None:
    ready: Published | None = None
    while not stopped.is_set():
        with suppress(DataWashError, OSError):
            run = latest(outputs)
            if run is not None and run is not ready:
                ready = run
                make_ready(run)
        stopped.wait(every)
