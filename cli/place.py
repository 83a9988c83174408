"""What is said of the outputs folder as something long begins: each doubt, on stderr; refuses nothing itself."""

from pathlib import Path

from cli.say import remark
from pipeline.record.places import doubts


def warn_of_place(outputs: Path) -> None:
    """Say what is not as it should be with the place for families' data, and what to do about it."""
    for doubt in doubts(outputs):
        remark(f"Careful: {doubt}")
