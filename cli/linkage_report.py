"""`datawash linkage report`: a run's linkage as pictures; says where the file stands."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report
from pipeline.linkage_report import report_linkage
from pipeline.record.files import plain_storage_errors


def draw_report(outputs: Path, name: str, labels: Path | None, out: Path | None) -> Report:
    """Write the linkage report of the run that `name` means."""
    folder = find_run(outputs, name)
    with plain_storage_errors("Writing the report"):
        path = report_linkage(folder, labels, out)
    return Report({"run": folder.name, "report": str(path)}, [f"The linkage of {folder.name} is drawn in {path}"])
