"""What a reader of a run is warned of, in lines; decides no warning, only how many are said at once."""

from typing import Any

from cli.say import many
from pipeline.record.manifest import Manifest


MOST = 5


def warned(manifest: Manifest) -> dict[str, Any]:
    """A run's warnings, and with what its linkage model was compared."""
    warnings = [warning for stage in manifest.stages for warning in stage.warnings]
    return {"warnings": warnings, "compared": manifest.model.get("compared")}


def warning_lines(found: dict[str, Any]) -> list[str]:
    """The first few warnings, and where the rest stands."""
    lines = [f"Warning: {warning}" for warning in found["warnings"][:MOST]]
    more = len(found["warnings"]) - len(lines)
    return [
        *lines,
        *([f"{many(more, 'more warning')} in manifest.json and tables/model_drift.parquet."] if more else []),
    ]


def compared_line(found: dict[str, Any]) -> str:
    """With what the linkage model was compared, and what came of it."""
    compared = found["compared"] or "none: this run is of an older version of Data Wash"
    if compared.startswith("none"):
        return f"compared with {compared}"
    return f"compared with {compared}: {many(len(found['warnings']), 'warning')}"
