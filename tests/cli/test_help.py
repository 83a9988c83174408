"""Help and usage: at once, because nothing slow is loaded; and a mistake in a call is answered with what to write."""

import subprocess
import sys

import pytest

from pipeline.record.code_version import code_version


COMMANDS = (
    *("wash", "check", "map", "runs", "show", "explain", "linkage", "verify", "replay", "claims", "costs", "profile"),
    *("pack", "schedule", "audit", "accounts", "serve", "report", "backup", "restore", "keys", "open"),
)
SLOW = ("pandas", "numpy", "pyarrow", "duckdb", "prefect", "pydantic", "rich", "recordlinkage", "pandera")
SCRIPT = """
import sys
from cli.commands import datawash
from cli import main
datawash.main(sys.argv[1:], prog_name="datawash", standalone_mode=False)
sys.stderr.write(" ".join(name for name in {slow} if name in sys.modules))
"""


@pytest.mark.parametrize("arguments", [["--help"], *([command, "--help"] for command in COMMANDS)], ids=" ".join)
def test_help_loads_nothing_slow(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(slow=SLOW), *arguments], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("Usage: datawash")
    assert done.stderr == ""


def test_help_names_every_command(datawash) -> None:
    listed = datawash("--help")
    assert listed.code == 0
    assert all(f"\n  {command}  " in listed.out for command in COMMANDS)
    assert "..." not in listed.out.split("Commands:")[1], "a command's line is cut"


@pytest.mark.parametrize("given", [["--as-of", "30/09/2013"], ["--as-of", "2013-02-30"], ["--as-of", ""], []], ids=str)
def test_a_wrong_or_missing_date_is_answered_with_a_right_one(datawash, tmp_path, given: list[str]) -> None:
    ran = datawash("wash", tmp_path, *given)
    assert ran.code == 2
    assert "--as-of wants a date like 2013-09-30" in ran.err
    assert ran.out == ""


def test_the_version_is_that_of_the_code_as_a_manifest_has_it(datawash) -> None:
    assert datawash("--version").out.endswith(f", code {code_version()}\n")


def test_an_unknown_command_is_a_mistake_in_the_call(datawash) -> None:
    ran = datawash("wsah")
    assert ran.code == 2
    assert "wsah" in ran.err
