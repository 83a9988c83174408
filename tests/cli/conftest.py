"""The command as a person runs it: a process of its own, its exit code, and what it says on either stream."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from cli import commands
from cli.guard import guarded
from tests.builders import AS_OF, write_four_families
from tests.claiming import AS_OF as CLAIMING_AS_OF
from tests.claiming import claiming_folder


class Ran(NamedTuple):
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        """The one JSON object on stdout."""
        return json.loads(self.out)


class Washed(NamedTuple):
    """A wash of the four families: its folder of extracts, its outputs, its run, and what was said."""

    extracts: Path
    outputs: Path
    run: Path
    ran: Ran

    def table(self, name: str) -> pd.DataFrame:
        """A published table."""
        return pd.read_parquet(self.run / "tables" / f"{name}.parquet")


Command = Callable[..., Ran]


def _environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in STEERING} | more


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    """This process's environment without what would steer the command, and with what is asked for."""
    return _environment


STEERING = ("PREFECT_API_URL", "DATAWASH_OUTPUTS")


def run_command(*arguments: object, cwd: Path | None = None, **options: Any) -> Ran:
    """Run `datawash` with `arguments` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=cwd,
        timeout=300,
        check=False,
        **{"env": _environment()} | options,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def datawash(tmp_path: Path) -> Command:
    """The command, run in an empty folder of its own."""

    def run(*arguments: object, **options: Any) -> Ran:
        return run_command(*arguments, cwd=tmp_path, **options)

    return run


@pytest.fixture
def look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command in this process, for what only looks: the same words and codes, and no interpreter to start."""
    monkeypatch.chdir(tmp_path)
    for name in STEERING:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        given = [str(argument) for argument in arguments]
        code = guarded(lambda: commands.datawash.main(given, prog_name="datawash", standalone_mode=False) or 0)
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture(scope="session")
def first_wash(tmp_path_factory: pytest.TempPathFactory) -> Washed:
    """The four families, washed once; not to be changed."""
    place = tmp_path_factory.mktemp("four-families")
    return _wash(write_four_families(place / "extracts"), AS_OF, place)


@pytest.fixture
def washed(first_wash: Washed, tmp_path: Path) -> Washed:
    """A copy of the washed four families, to be changed."""
    return _copied(first_wash, tmp_path / "outputs")


@pytest.fixture(scope="session")
def first_claiming(tmp_path_factory: pytest.TempPathFactory) -> Washed:
    """The claiming families, washed once; not to be changed."""
    place = tmp_path_factory.mktemp("claiming-families")
    return _wash(claiming_folder(place / "extracts"), CLAIMING_AS_OF, place)


@pytest.fixture
def claiming(first_claiming: Washed, tmp_path: Path) -> Washed:
    """A copy of the washed claiming families, to be changed."""
    return _copied(first_claiming, tmp_path / "outputs")


def _wash(extracts: Path, as_of: str, place: Path) -> Washed:
    outputs = place / "outputs"
    ran = run_command("wash", extracts, "--as-of", as_of, "--outputs", outputs, "--plain", cwd=place)
    assert ran.code == 0, ran.err
    (run,) = outputs.glob(f"{as_of}-*")
    return Washed(extracts, outputs, run, ran)


def _copied(first: Washed, outputs: Path) -> Washed:
    shutil.copytree(first.outputs, outputs)
    return first._replace(outputs=outputs, run=outputs / first.run.name)
