"""The page about security promises nothing without a test: every row of its tables names tests that there are."""

import ast
import re
from pathlib import Path

import pytest

from tests.docs.guides import DOCS, ROOT, tables_after


PAGE = DOCS / "security.md"
THEMES = (
    "Faults",
    "Hostile input",
    "The same result",
    "Privacy",
    "At rest and in transit",
    "Audit log",
    "Retention and rights",
    "Upgrade and restore",
    "The door",
)
TEST = re.compile(r"`(?P<file>tests/[\w/]+\.py)::(?P<name>test_\w+)`(?P<long> \(long\))?")


def _rows(theme: str) -> list[list[str]]:
    """The rows of promises of a theme."""
    (table,) = tables_after(PAGE, f"promises: {theme.lower()}")
    return table


def _tests_in(path: Path) -> dict[str, bool]:
    """The tests in a file, and whether each is left out of the short form."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return {one.name: any("skipif(not ALL" in ast.unparse(mark) for mark in one.decorator_list) for one in functions}


@pytest.mark.parametrize("theme", THEMES)
def test_every_promise_has_a_control_and_tests_that_there_are(theme: str) -> None:
    rows = _rows(theme)
    assert rows, f"{theme} promises nothing"
    for promise, control, tests in rows:
        assert promise, f"a row of {theme} promises nothing"
        assert control, promise
        named = list(TEST.finditer(tests))
        assert named, f"{promise}: no test is named"
        assert TEST.sub("", tests).strip(" ,") == "", f"{promise}: {tests} is no list of tests"
        for one in named:
            there = _tests_in(ROOT / one["file"])
            assert one["name"] in there, f"{promise}: there is no {one[0]}"
            assert there[one["name"]] == bool(one["long"]), f"{promise}: {one[0]} runs otherwise than the page says"


def test_no_promise_is_made_outside_the_themes() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^### (.+)$", page, re.MULTILINE) == list(THEMES)
    assert len(TEST.findall(page)) == sum(len(TEST.findall(tests)) for theme in THEMES for *_, tests in _rows(theme))
