"""`datawash report`: a run in pictures; says where the file stands."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report
from pipeline.record.files import plain_storage_errors
from pipeline.run_report import report_run


def report_in_pictures(outputs: Path, name: str, out: Path | None) -> Report:
    """Say where the report of the run that `name` means stands, or draw it to `out`."""
    folder = find_run(outputs, name)
    with plain_storage_errors("Writing the report"):
        path = report_run(folder, out)
    return Report({"run": folder.name, "report": str(path)}, [f"The run {folder.name} is drawn in {path}"])
