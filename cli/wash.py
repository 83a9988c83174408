"""`datawash wash`: from what was asked to a published run and what is said of it; decides nothing about data."""

from datetime import date
from pathlib import Path

from cli.engine import engine_for, run_wash
from cli.place import warn_of_place
from cli.say import Report
from cli.summary import facts_of, in_words
from pipeline.prepare import Request, settings_path


def wash_folder(prefect: bool | None, *, folder: Path, as_of: date, **asked: object) -> Report:
    """Wash the extracts in `folder` and report the run; `asked` are the other fields of a request.

    Raises a DataWashError whose text is for the person.
    """
    request = Request(folder, as_of, **asked)  # type: ignore[arg-type]
    engine = engine_for(prefect, settings_path(request))
    warn_of_place(request.outputs)
    washed = run_wash(request._replace(without=tuple(sorted(set(request.without)))), engine)
    facts = facts_of(washed.folder, washed.manifest)
    return Report({"already": washed.already, "engine": engine.value} | facts, in_words(facts, already=washed.already))
