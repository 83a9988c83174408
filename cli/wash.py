"""`datawash wash`: from what was asked to a published run and what is said of it; decides nothing about data."""

from datetime import date
from pathlib import Path

from cli.engine import engine_for, run_wash
from cli.say import Report
from cli.summary import facts_of, in_words
from pipeline.prepare import Request
from schemas.errors import UsageError
from schemas.extracts import EXTRACTS
from schemas.nearest import nearest


def wash_folder(prefect: bool | None, *, folder: Path, as_of: date, **asked: object) -> Report:
    """Wash the extracts in `folder` and report the run; `asked` are the other fields of a request.

    Raises a DataWashError whose text is for the person.
    """
    request = Request(folder, as_of, **asked)  # type: ignore[arg-type]
    for name in request.without:
        _check_extract(name)
    engine = engine_for(prefect)
    washed = run_wash(request._replace(without=tuple(sorted(set(request.without)))), engine)
    facts = facts_of(washed.folder, washed.manifest)
    return Report({"already": washed.already, "engine": engine.value} | facts, in_words(facts, already=washed.already))


def _check_extract(name: str) -> None:
    if name not in EXTRACTS:
        near = nearest(name, EXTRACTS)
        hint = f"Did you mean {near}?" if near else f"There are: {', '.join(EXTRACTS)}."
        raise UsageError(f"--without {name}: there is no such extract. {hint}")
