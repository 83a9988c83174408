"""How the database engine is opened: in memory, nothing fetched from outside, nothing printed; holds no state."""

import duckdb


def open_engine() -> duckdb.DuckDBPyConnection:
    """An empty in-memory DuckDB for use inside one function, as a context manager."""
    engine = duckdb.connect(config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"})
    engine.execute("SET enable_progress_bar = false")
    return engine
