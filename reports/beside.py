"""Writes a large workbook in a process of its own while other work goes on; what stands in it is decided elsewhere."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from reports.workbook import Cover, Sheet, write_workbook


LARGE = 10_000
"""Rows; with fewer a process would take longer to start than the workbook to write."""


@contextmanager
def written_beside(path: Path, cover: Cover, sheets: list[Sheet], *, large: int = LARGE) -> Iterator[None]:
    """Write a workbook (`write_workbook`) while the body runs: it is there when the body has ended.

    What its process cannot write, perhaps for want of memory, is written here: that raises what `write_workbook` does.
    """
    if sum(len(sheet.table) for sheet in sheets) < large:
        write_workbook(path, cover, sheets)
        yield
        return
    with ThreadPoolExecutor(1) as aside:
        ended = aside.submit(_in_a_process, path, cover, sheets)
        yield
    if ended.result() != 0:
        write_workbook(path, cover, sheets)


def _in_a_process(path: Path, cover: Cover, sheets: list[Sheet]) -> int | None:
    """How it ended: 0 where the workbook is written, None where it could not be started."""
    process = get_context("spawn").Process(target=_write, args=(path, cover, sheets))
    try:
        process.start()
    except OSError:
        return None
    process.join()
    return process.exitcode


def _write(path: Path, cover: Cover, sheets: list[Sheet]) -> None:
    try:
        write_workbook(path, cover, sheets)
    except BaseException:
        raise SystemExit(1) from None
