"""The house rules that a machine can hold: floors, sizes, and words that must not be in the project."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest


ROOT = Path(__file__).parents[1]
ROOMS = ("cli", "web", "flows", "pipeline", "reports", "linkage", "criteria", "schemas")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 350, 60


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_modules_are_small_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    long = [node.name for node in functions(path) if node.end_lineno - node.lineno >= LONGEST_FUNCTION]
    assert ast.get_docstring(ast.parse(text)), "a module says in a line what it decides"
    assert text.count("\n") <= LONGEST_MODULE
    assert long == []


def test_public_functions_have_docstrings() -> None:
    bare = [
        f"{path.relative_to(ROOT).as_posix()}:{node.name}"
        for path in MODULES
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert bare == []


def test_rooms_import_only_from_floors_below() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout


AS_FAR_AS_IT_MAY = {
    *("pipeline/record/listing.py", "pipeline/record/files.py", "pipeline/record/scratch.py"),
    *("pipeline/backup/writing.py", "web/serving.py", "web/static_files.py"),
}
"""Modules that sweep or look around: nothing is decided by what they do not see."""


def test_a_folder_that_may_not_be_looked_into_is_never_taken_for_an_empty_one() -> None:
    """`glob`, `rglob` and `os.walk` pass over one in silence: whoever decides by what stands there asks `listing`."""
    silent = {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in ("glob", "rglob") or ast.unparse(node.func) == "os.walk"
    }
    assert silent == AS_FAR_AS_IT_MAY


def test_no_registry_host_and_no_machine_path_is_named() -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    hosts = ("pypi" + r"\.org", r"files\.python" + "hosted", r"registry\.npm" + "js", "--(extra-)?index-" + "url")
    word = re.compile("|".join((*hosts, "/ro" + "ot/", "/wo" + "rk/")))
    texts = {name: (ROOT / name).read_text(errors="ignore") for name in files if (ROOT / name).is_file()}
    assert [name for name, text in texts.items() if word.search(text)] == []
