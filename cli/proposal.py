"""`datawash map`: settings proposed for a file from its own headers, to be read and mended; applies nothing."""

from pathlib import Path

from cli.say import Report
from pipeline.intake.proposal import propose_mapping
from pipeline.intake.reading import read_rows


def propose_layout(file: Path, extract: str | None) -> Report:
    """The `[extracts.NAME]` that would read `file`, with a reason and the shape of the values for each column.

    Raises ExtractRefusedError for a file that cannot be read, UsageError where `extract` is none.
    """
    proposal = propose_mapping(read_rows(file, file.name), extract, file=file.name)
    columns = [column._asdict() for column in proposal.columns]
    return Report({"file": file.name} | proposal._asdict() | {"columns": columns}, proposal.toml.splitlines())
