"""For `make coverage` alone: a process that reads a file may write none, so what it runs would not be counted.

While the reading of files is tested, they are read in the test's own process instead; how that process is kept within
its limits is tested as it is.
"""

from collections.abc import Iterator

import pytest

from pipeline.intake import reading
from pipeline.intake.contents import read_contents, read_sheet_names


APART = "test_reader.py"


@pytest.fixture(autouse=True)
def read_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read in this process what a test of `tests/pipeline/intake` has read."""
    if request.path.parent.name == "intake" and request.path.name != APART:
        monkeypatch.setattr(reading, "ask_for_rows", read_contents)
        monkeypatch.setattr(reading, "ask_for_sheets", read_sheet_names)
    yield
