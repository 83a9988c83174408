"""Finding a run by what a person calls it; decides nothing about it."""

from pathlib import Path

from pipeline.record.run import open_run, published_runs
from schemas.errors import UsageError
from schemas.nearest import nearest


def find_run(outputs: Path, name: str) -> Path:
    """The published run that `name` means; UsageError, with the nearest there is, when it means none."""
    try:
        return open_run(outputs, name)
    except UsageError as error:
        names = [run.name for run in published_runs(outputs)]
        ids = {run.split("-", 3)[-1]: run for run in names}
        near = nearest(name, [*names, *ids], at_least=0)
        if near is None:
            raise UsageError(f"No run has been published below {outputs} yet.") from None
        raise UsageError(f"{error} Did you mean {ids.get(near, near)}?") from None
