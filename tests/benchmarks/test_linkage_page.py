"""docs/benchmarks.md: what is written between its marks is what the program makes of the kept figures."""

import json
from pathlib import Path

import pytest

from benchmarks.linkage.figures import judge, read_figures
from benchmarks.linkage.page import BEGIN, PAGE, render, summary
from benchmarks.written_page import END, put_between, table


def figures_of(people: float, other: float) -> dict:
    """One data set, with ours and one peer."""
    took = {"median": 2.0, "least": 1.0, "most": 3.0}
    score = {"precision": 1.0, "recall": people, "f1": people}
    bins = [{"from": low, "to": 1.0, "pairs": 100, "right": 50} for low in (0.0, 0.2, 0.8, 0.9)]
    tool = {"rounds": 3, "candidate_pairs": 10, "unlinkable": 0.01, "people": score, "calibration": bins}
    tool |= dict.fromkeys(("link_s", "link_cpu_s", "import_s", "whole_s", "peak_mb"), took)
    peer = {"label": "Splink M5", "best_pairs": {**score, "f1": other, "threshold": 0.99}, "households": {}}
    return {
        "about": {"name": "mentions", "label": "council records", "records": 100_000, "seed": 1},
        "address_rules": {}, "on": "2013-09-30", "peer": {"splink": "5"},
        "machine": {"cores": "2", "python": "3.11", "system": "Linux", "libraries": "none"},
        "tools": {
            "ours": {**tool, "label": "ours", "households": {}},
            "m5_fast": {**tool, "people": {**score, "f1": other}, **peer},
        },
    }  # fmt: skip


def test_the_page_is_what_the_program_writes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == put_between(page, BEGIN, render(read_figures()))


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks"):
        put_between("# Nothing\n", BEGIN, "figures")


def test_what_is_written_by_hand_stays() -> None:
    page = put_between(f"before\n{BEGIN}\nold\n{END}\nafter\n", BEGIN, "new")
    assert page == f"before\n{BEGIN}\n\nnew\n\n{END}\nafter\n"


def test_figures_stand_to_the_right() -> None:
    assert table(["data", "F1"], [["a", "0.9"], ["b", "–"]]).splitlines()[1] == "| --- | ---: |"
    assert table(["data", "tool"], [["a", "ours"]]).splitlines()[1] == "| --- | --- |"


@pytest.mark.parametrize(("other", "held"), [(0.96, True), (0.975, False)])
def test_a_target_that_is_missed_is_shown_as_missed(other: float, held: bool) -> None:
    figures = {"mentions-100000": figures_of(0.99, other)}
    targets = {target.what: target for target in judge(figures)}
    above = next(target for what, target in targets.items() if "0.02 above" in what)
    assert above.held is held
    assert ("**not held**" in render(figures).split(above.what)[1].splitlines()[0]) is not held
    assert "calibration" not in targets


def test_whole_washes_and_months_have_tables_and_targets() -> None:
    usual = {"on": "2013-09-30", "peer": {}, "machine": figures_of(1.0, 1.0)["machine"]}
    took = {"rows": 5, "megabytes": 1024.0, "stages": {"link": 9.0, "publish": 1.0}}
    washes = {size: {**took, "seconds": dict.fromkeys(("median", "least", "most"), seconds)}
              for size, seconds in (("100000", 6.0), ("1000000", 59.0))}
    kinds = [f"{kind}{span}" for kind in ("people", "households", "families") for span in ("", "_year")]
    months = dict.fromkeys(kinds, 0.9985) | {f"{kind}_counted": 2000.0 for kind in kinds} | {"households": 0.9993}
    figures = {
        "wash": {**usual, "about": {"name": "wash", "records": 1_000_000, "seed": 1}, "washes": washes},
        "months": {**usual, "about": {"name": "months", "records": 20_000, "seed": 1}, "months": months},
    }
    assert [target.held for target in judge(figures)] == [True, True, True, False]
    page = render(figures)
    assert "| 1,000,000 residents | 5 | 59.0 | 1.00 | link 9.0, publish 1.0 |" in page
    assert "| unchanged households, borough of 20,000 | 99.93% of 2,000 | 99.85% of 2,000 |" in page


def test_the_line_of_figures(tmp_path: Path) -> None:
    (tmp_path / "mentions-100000.json").write_text(json.dumps(figures_of(0.99, 0.96)), encoding="utf-8")
    line = summary(read_figures(tmp_path))
    assert line.endswith("100,000 records: people F1 0.9900; 2.0 s, 2 MB")
    assert "\n" not in line
