"""The database of our own Prefect server, made quickly the first time; decides nothing that it holds."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aiosqlite.core
from prefect.server.database import provide_database_interface


def make_database() -> None:
    """Bring the database up to date by Prefect's own migrations, some 34,000 statements when there is none yet.

    aiosqlite hands every statement to another thread and waits; taking them at once saves two thirds of the time.
    """
    with _statements_at_once():
        asyncio.run(_migrated())


async def _migrated() -> None:
    database = provide_database_interface()
    await database.create_db()
    await (await database.engine()).dispose()


@contextmanager
def _statements_at_once() -> Iterator[None]:
    """Let aiosqlite act in the thread that asks, in the body."""

    async def at_once(self: Any, act: Any, *args: Any, **options: Any) -> Any:
        return act(*args, **options)

    connection: Any = aiosqlite.core.Connection
    handed_over = connection._execute
    connection._execute = at_once
    try:
        yield
    finally:
        connection._execute = handed_over
