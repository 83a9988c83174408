"""The wash: four stages in order. The first file to read; it decides the order, and nothing else.

    extracts -> ingest -> clean tables -> link -> people, households -> assess -> evidence, verdicts -> publish -> a run

Whoever calls says how a step is taken: at once (`call`), as a Prefect task (`flows`), or with progress shown (`cli`);
and what runs the parts of linkage: this machine, or others (`flows.cluster`).
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from linkage.memory import share_allocator
from pipeline.prepare import Request, prepare
from pipeline.record.files import plain_storage_errors
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import Run, discard_folder, only_wash, start_folder
from pipeline.record.wash_log import record_failed, record_killed, record_published, record_started
from pipeline.stages import assess, ingest, link, publish
from schemas.engine import spilling_into


Step = Callable[..., Any]
Map = Callable[..., Iterable[Any]]


class Washed(NamedTuple):
    """Where the run stands, its manifest, and whether it had been washed before."""

    folder: Path
    manifest: Manifest
    already: bool


def call(stage: Callable[..., Any], *args: Any) -> Any:
    """Take a step at once."""
    return stage(*args)


def wash(run: Run, step: Step = call, map: Map | None = None) -> Manifest:  # noqa: A002
    """Take the four stages in order; each leaves its tables and its record in the run's folder."""
    clean = [step(ingest, run, source) for source in run.sources]
    linked = step(link, run, clean, map)
    assessed = step(assess, run, linked)
    return step(publish, run, assessed)


def wash_extracts(request: Request, step: Step = call, map: Map | None = None) -> Washed:  # noqa: A002
    """Wash what `request` asks for and publish the run, or point at the run that did so already.

    `map` runs the parts of linkage, with the same result. Raises a DataWashError whose text is for the person:
    settings, extracts, locked, storage. Nothing half-published is left behind.
    """
    share_allocator()
    with plain_storage_errors("The wash"), only_wash(request.outputs):
        record_killed(request.outputs)
        run = prepare(request)
        if isinstance(run, Path):
            return Washed(run, read_manifest(run), already=True)
        record_started(run)
        try:
            start_folder(run)
            with spilling_into(run.spill):
                manifest = wash(run, step, map)
        except BaseException as error:
            discard_folder(run)
            record_failed(run, error)
            raise
        record_published(run)
        return Washed(run.final, manifest, already=False)
