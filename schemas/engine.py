"""How the database engine is opened: in memory, shut off from every file but its own spill; holds no other state.

What it is asked reads the tables that are handed to it, and nothing else: no file, no address, no extension, whatever
stands in a query. What its memory does not hold goes to the folder that the work names, or nowhere.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import duckdb


NOWHERE = ""
CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "enable_external_access": "false",
}
_spill: ContextVar[str] = ContextVar("spill", default=NOWHERE)


def open_engine() -> duckdb.DuckDBPyConnection:
    """An empty in-memory DuckDB for use inside one function, as a context manager; its settings are locked."""
    engine = duckdb.connect(config=CLOSED | {"temp_directory": _spill.get()})
    engine.execute("SET enable_progress_bar = false")
    engine.execute("SET lock_configuration = true")
    return engine


@contextmanager
def spilling_into(folder: Path) -> Iterator[None]:
    """Let engines that are opened in the body write to `folder` what their memory does not hold.

    The folder is made when that happens; what stands in it is removed with the engine. It is the caller's to remove.
    """
    before = _spill.set(str(folder))
    try:
        yield
    finally:
        _spill.reset(before)
