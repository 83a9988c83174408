"""How far a wash is, on stderr: counts as each stage ends, and a moving line on a terminal; never a value."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from cli.say import clean, many, remark
from pipeline.record.manifest import Manifest
from pipeline.record.run import StageRecord


Step = Callable[..., Any]


class Display(NamedTuple):
    """Where it is shown that a stage has started, and what it counted when it ended."""

    started: Callable[[str], None]
    ended: Callable[[str], None]


@contextmanager
def shown() -> Iterator[Step]:
    """A step that shows each stage as it starts and what it counted as it ends."""
    with _display() as display:

        def step(stage: Callable[..., Any], *args: Any) -> Any:
            display.started(stage_title(stage.__name__, args))
            done = stage(*args)
            display.ended(stage_line(done))
            return done

        yield step


def stage_title(stage: str, args: tuple[Any, ...]) -> str:
    """`ingest attendance`, `link`: a stage with what it works on."""
    extract = extract_of(args)
    return f"{stage} {extract}" if extract else stage


def extract_of(args: tuple[Any, ...]) -> str | None:
    """The extract that a stage called with `args` works on; None for a stage that works on the whole run."""
    return getattr(args[1], "extract", None) if len(args) > 1 else None


def stage_line(done: StageRecord | Manifest) -> str:
    """What a finished stage counted, in a line."""
    if isinstance(done, Manifest):
        return f"publish: {many(done.table('master_list').rows, 'family', 'families')} on the master list"
    return f"{done.name}: {_counted(done)} ({done.seconds:.1f} s)"


def _counted(done: StageRecord) -> str:
    rows = {table.name: table.rows for table in done.tables}
    counts = done.counts
    if done.name.startswith("ingest"):
        read, left = counts["rows_read"], counts["rows_quarantined"]
        erased = f", {counts['rows_erased']:,} erased" if counts.get("rows_erased") else ""
        return f"{many(read, 'row')} read, {counts['rows_accepted']:,} accepted, {left:,} quarantined{erased}"
    if done.name == "link":
        return f"{counts['records']:,} mentions of {rows['people']:,} people in {many(rows['households'], 'household')}"
    return (
        f"{many(rows['evidence'], 'fact')} of evidence, {many(rows['families'], 'family', 'families')} eligible, "
        f"{rows['undetermined']:,} undetermined"
    )


@contextmanager
def _display() -> Iterator[Display]:
    if not sys.stderr.isatty():
        yield Display(lambda title: None, remark)
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    console = Console(stderr=True, markup=False, highlight=False)
    with Progress(*columns, console=console, transient=True) as moving:
        task = moving.add_task("reading the folder", total=None)
        started, ended = partial(moving.reset, task), partial(console.print, soft_wrap=True)
        yield Display(lambda title: started(description=title), lambda line: ended(clean(line)))
