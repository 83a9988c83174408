"""`datawash claims pack`: the evidence packs of a whole claim window; says where they stand."""

from pathlib import Path

from cli.say import Report, many
from pipeline.claims.window import read_window
from pipeline.evidence_packs import pack_window
from pipeline.record.files import plain_storage_errors


def pack_claims(outputs: Path, window: str) -> Report:
    """Write the pack of every claim that was prepared for a window."""
    with plain_storage_errors("Writing the packs"):
        packed = pack_window(outputs, read_window(window))
    size = f"{packed.bytes / 1_000_000:,.1f} MB"
    lines = [f"{many(packed.packs, 'evidence pack')} ({size}) with an index stand in {packed.folder}"]
    return Report({"packs": packed.packs, "bytes": packed.bytes, "path": str(packed.folder)}, lines)
