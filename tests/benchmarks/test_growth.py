"""How the cost grows: measured on few mentions, and the page says what was measured."""

import shutil
from pathlib import Path

from benchmarks.growth import make, measure
from benchmarks.growth_page import PAGE, cost, read_figures, rules, write_page


def test_a_few_mentions_are_measured_and_shown(tmp_path: Path) -> None:
    path = make(1500, tmp_path)
    assert make(1500, tmp_path) == path
    found = measure(path, None)
    figures = {"links": {"1500 0": found | {"workers": 0}}, "machine": "a machine"}
    assert f"| 1,500 | {found['counts']['distinct_mentions']:,} |" in cost(figures)
    assert "| `postcode+forename_root` |" in rules(figures)


def test_the_page_shows_the_figures_that_are_kept(tmp_path: Path) -> None:
    copy = Path(shutil.copy(PAGE, tmp_path))
    write_page(read_figures(), copy)
    assert copy.read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
