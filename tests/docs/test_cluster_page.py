"""The commands and settings of docs/more-than-one-machine.md are what the programs take; tests/flows runs the like."""

import shlex
import tomllib

import pytest
from distributed.cli import dask_scheduler, dask_worker

from pipeline.config import parse_settings
from tests.docs.guides import DOCS, SET_UP, blocks


PAGE = DOCS / "more-than-one-machine.md"
KNOWN = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}


def _commands() -> list[list[str]]:
    lines = [line for block in blocks(PAGE) if block.mark == SET_UP for line in block.text.splitlines()]
    return [shlex.split(line)[1:] for line in lines if "/dask " in line]


@pytest.mark.parametrize("words", _commands(), ids=lambda words: words[0])
def test_dask_knows_the_options(words: list[str]) -> None:
    known = {option for param in KNOWN[words[0]].params for option in (*param.opts, *param.secondary_opts)}
    assert {word for word in words if word.startswith("--")} <= known
    assert {"--no-dashboard", "--tls-ca-file", "--tls-cert", "--tls-key"} <= set(words)


def test_workers_are_told_to_keep_off_the_disk() -> None:
    (worker,) = (words for words in _commands() if words[0] == "worker")
    assert worker[worker.index("--memory-limit") + 1] == "0"


def test_the_settings_are_settings() -> None:
    (shown,) = (block for block in blocks(PAGE) if block.mark == "toml")
    assert parse_settings(tomllib.loads(shown.text), PAGE.name).cluster.scheduler in _commands()[1]
