"""How the cost grows: measured on few mentions, and shown as a table."""

from pathlib import Path

import pytest

from benchmarks.growth import make, measure, show


def test_a_few_mentions_are_measured_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = make(1500, tmp_path)
    assert make(1500, tmp_path) == path
    found = measure(path, None)
    assert found["mentions"] == 1500
    show([found | {"workers": 0}])
    said = capsys.readouterr().out
    assert f"| 1,500 | none | {found['counts']['distinct_mentions']:,} |" in said
    assert "| `postcode+forename_root` |" in said
