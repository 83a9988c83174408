"""A folder as a reader of a guide has it, and its commands run there in a shell; decides nothing of what they say."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from flows.notify import news_of, tell
from pipeline import wash
from pipeline.config import Notify, parse_settings
from pipeline.record.manifest import read_manifest
from pipeline.record.run import published_runs
from tests.docs.guides import NEWS, PAGES, ROOT, RUN, SAID, SETTINGS, Block
from web.settings import load_pages_settings


PATIENCE = 240
FIRST_WASH = "datawash wash data/sample --as-of 2013-09-30"
FAMILY = r"\bF\d{7}\b"
RECORD = r"\b[a-z_]+:[0-9a-f]{10}:\d+(?:#child)?"


class Said(NamedTuple):
    """How a command ended, and what it said on either stream."""

    code: int
    text: str


class Place(NamedTuple):
    """A folder in which commands are run, and the folder of the command that they mean."""

    folder: Path
    tools: Path

    def run(self, script: str) -> Said:
        """Run lines of a shell, up to the first that fails."""
        done = subprocess.run(
            ["sh", "-ec", script],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=self._environment(),
            timeout=PATIENCE,
            check=False,
        )
        return Said(done.returncode, done.stdout.decode("utf-8", "replace"))

    def _environment(self) -> dict[str, str]:
        """This process's environment, without what would steer the command, and with the project's own tools."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "DATAWASH"))}
        tools = [str(self.tools), str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]
        return kept | {"PATH": os.pathsep.join(tools), "PYTHONPATH": str(ROOT)}

    def meaning(self, block: Block) -> dict[str, str]:
        """What the ids in a block stand for: each with the one that it has in the last run here."""
        if block.stands_for("family"):
            first = self._latest("master_list").sort_values("rank").iloc[0]
            return dict.fromkeys(re.findall(FAMILY, block.text), first["family_id"])
        if block.stands_for("pair"):
            queue = self._latest("review_queue")
            first = queue[(queue["kind"] == "pair") & queue["settled"].isna()].iloc[0]
            return dict(zip(re.findall(RECORD, block.text), (first["left_id"], first["right_id"]), strict=True))
        return {}

    def _latest(self, table: str) -> pd.DataFrame:
        run = published_runs(self.folder / "outputs")[-1]
        return pd.read_parquet(run / "tables" / f"{table}.parquet")


class Washed(NamedTuple):
    """The folder in which the sample was washed, and what the wash said."""

    place: Place
    said: Said

    @property
    def run(self) -> Path:
        """The published run."""
        (run,) = (self.place.folder / "outputs").glob("2013-09-30-*")
        return run


class Shown(NamedTuple):
    """A block that shows what a command says and what it did say."""

    block: Block
    said: str


def make_tools(folder: Path) -> Path:
    """A folder with the `datawash` of this source tree, however the project is installed."""
    folder.mkdir(exist_ok=True)
    command = folder / "datawash"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli.main "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder


def with_sample(folder: Path) -> Path:
    """Put data/sample where a clone of the project has it."""
    shutil.copytree(ROOT / "data" / "sample", folder / "data" / "sample")
    return folder


def wash_sample(folder: Path, tools: Path) -> Washed:
    """Wash the sample as the guides do, in a folder of its own."""
    place = Place(with_sample(folder), tools)
    said = place.run(FIRST_WASH)
    assert said.code == 0, said.text
    return Washed(place, said)


def news_of_sample(first: Washed, folder: Path) -> str:
    """What a scheduled wash of the sample tells people, by way of a file in `folder`."""
    news = news_of(wash.Washed(first.run, read_manifest(first.run), already=False), ["referrals"])
    tell(Notify(file="news.txt"), folder, news, datetime(2013, 10, 2, 5, 0, 41, tzinfo=UTC))
    return (folder / "news.txt").read_text(encoding="utf-8")


def follow(guide: list[Block], place: Place, first: Washed) -> list[Shown]:
    """Do in `place`, in order, what a guide says; what its commands said beside what it shows of it.

    The first wash of the sample is not washed again: its outputs are lent. AssertionError for another exit code.
    """
    said: Said | None = None
    shown = []
    for block in guide:
        if block.mark == RUN:
            said = _run(block, place, first)
            assert said.code == block.exit_code, f"{block.place}: exit code {said.code}\n{said.text}"
        elif block.mark == SETTINGS:
            _write(block, place.folder)
        elif block.mark == PAGES:
            _write_pages(block, place.folder)
        elif block.mark == NEWS:
            shown.append(Shown(block, news_of_sample(first, place.folder)))
        elif block.mark == SAID:
            assert said is not None, f"{block.place} shows what no command said"
            shown.append(Shown(block, said.text))
    return shown


def _run(block: Block, place: Place, first: Washed) -> Said:
    if block.text.strip() == FIRST_WASH and not (place.folder / "outputs").exists():
        shutil.copytree(first.place.folder / "outputs", place.folder / "outputs")
        return first.said
    return place.run(script_of(block, place))


def script_of(block: Block, place: Place) -> str:
    """What a block says to run, with the ids that it means."""
    script = block.text
    for shown, meant in place.meaning(block).items():
        script = script.replace(shown, meant)
    return script


def _write(block: Block, folder: Path) -> None:
    """Put settings into the file that the block names, after what is there already; the whole must make sense."""
    before = ""
    if block.rest and (folder / block.rest).exists():
        before = (folder / block.rest).read_text(encoding="utf-8")
    parse_settings(tomllib.loads(before + block.text), block.place)
    if block.rest:
        (folder / block.rest).write_text(before + block.text, encoding="utf-8")


def _write_pages(block: Block, folder: Path) -> None:
    """Put settings of the pages into the file that the block names; each block is a whole file."""
    path = folder / (block.rest or "pages.toml")
    path.parent.mkdir(exist_ok=True)
    path.write_text(block.text, encoding="utf-8")
    load_pages_settings(folder, path)
