"""`datawash pack`: the evidence pack of a family; says where it stands."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report
from pipeline.evidence_pack import write_pack
from pipeline.record.files import plain_storage_errors


def pack_family(outputs: Path, name: str, who: str, out: Path | None, workbook: Path | None) -> Report:
    """Write the pack of the family or case `who` of the run that `name` means."""
    folder = find_run(outputs, name)
    with plain_storage_errors("Writing the pack"):
        written = write_pack(folder, who, out, workbook)
    files = [str(file) for file in written.files]
    lines = [f"The evidence pack of {who} stands in {' and '.join(files)}"]
    return Report({"run": folder.name, "files": files, "sha256": written.sha256}, lines)
