"""How a wash is run: as a Prefect flow or at once; decides which, and changes no result."""

import os
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

from cli.progress import Step, extract_of, shown
from cli.say import remark
from pipeline.config import load_settings
from pipeline.prepare import Request
from pipeline.wash import Washed, wash_extracts
from schemas.errors import ExtractRefusedError


REQUIRED = "attendance"
OFFER = "To go on without it, add --without {}: what needs it is then unknown, and the lists say so."


class Engine(StrEnum):
    """What takes the steps of a wash."""

    PREFECT = "prefect"
    PLAIN = "plain"

    @property
    def said(self) -> str:
        """The engine in words."""
        return "as a Prefect flow" if self is Engine.PREFECT else "at once, without Prefect"


def engine_for(prefect: bool | None, settings: Path | None = None) -> Engine:
    """The engine that was asked for; else Prefect if a server or, in `settings`, a cluster is named; else none."""
    wanted = prefect
    if prefect is None:
        wanted = bool(os.environ.get("PREFECT_API_URL")) or load_settings(settings).cluster.scheduler is not None
    return Engine.PREFECT if wanted else Engine.PLAIN


def run_wash(request: Request, engine: Engine) -> Washed:
    """Wash what `request` asks for with `engine`, showing progress on stderr."""
    remark(f"Washing {request.folder.name or request.folder} {engine.said}.")
    with shown() as step:
        return _wash(request, engine, offering_to_go_on(step))


def offering_to_go_on(step: Step) -> Step:
    """`step`, where the refusal of an optional extract also says how to wash without it."""

    def careful(stage: Callable[..., Any], *args: Any) -> Any:
        try:
            return step(stage, *args)
        except ExtractRefusedError as error:
            extract = extract_of(args)
            if extract in (None, REQUIRED):
                raise
            raise ExtractRefusedError(f"{error}\n{OFFER.format(extract)}") from None

    return careful


def _wash(request: Request, engine: Engine, step: Step) -> Washed:
    if engine is Engine.PLAIN:
        return wash_extracts(request, step)
    from flows.data_wash import run_flow

    return run_flow(request, step)
