"""A small invented borough to wash, its files in another dress, and a run seen without where its rows stood.

`world(seed)` gives tables of text by file. `dressed` writes them: rows, columns, files and the way they are written as
chance has it. `seen` gives a run's tables with every record named by what it says, so that two runs of the same rows
can be held against each other whatever the files looked like.
"""

import csv
import hashlib
import random
import re
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from benchmarks.borough import make_borough
from benchmarks.town.writing import canonical_columns
from pipeline.prepare import NONE, Request
from pipeline.wash import wash_extracts
from tests.builders import AS_OF, Row, four_families


DAY = date.fromisoformat(AS_OF)
SETTINGS = "[extracts]\nmax_quarantined_share = 1.0\n"
RECORD = re.compile(r"([a-z_]+):([0-9a-f]{10}):(\d+)((?:#\w+)?)")
PLACES = ("file", "file_sha256", "row_number", "row_numbers", "review_id", "left_hash", "right_hash")
BY_LOT = ("review_pairs", "review_records", "pairs_set_aside")
OF_LIKE_RECORDS = ("person_parts",)
"""One record stands there for all that say the same of a person."""
QUESTIONS = ("questions", "review_queue")
Tables = dict[str, list[Row]]


class World(NamedTuple):
    """Rows by extract."""

    tables: Tables

    def extended(self, extract: str, *rows: Row) -> "World":
        """The same world with more rows in one extract."""
        return World(self.tables | {extract: [*self.tables.get(extract, []), *rows]})


@cache
def world(seed: int, residents: int) -> World:
    """A borough of so many people, and the four families of the builders among them."""
    borough = make_borough(residents, seed=seed, as_of=DAY, lift=0.5)
    tables: Tables = {}
    for extract, frame in borough.extracts.items():
        rows = frame[canonical_columns(frame)].astype("object")
        tables[extract] = [_filled(row) for row in rows.to_dict("records")]
    for extract, more in four_families().items():
        flat = [row for one in more for row in ([one] if isinstance(one, dict) else one)]
        tables.setdefault(extract, []).extend(map(_filled, flat))
    return World({extract: rows for extract, rows in tables.items() if rows})


def _filled(row: dict[str, object]) -> Row:
    return {name: value for name, value in row.items() if isinstance(value, str) and value}


def plain(made: World, folder: Path) -> Path:
    """Write a world with one CSV file an extract."""
    folder.mkdir(parents=True)
    (folder / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    for extract, rows in made.tables.items():
        _write(folder / f"{extract}.csv", rows, _columns(rows))
    return folder


def dressed(made: World, folder: Path, seed: int) -> Path:
    """The same rows in another order, in more files of other names, with their columns and their signs otherwise."""
    chance = random.Random(seed)
    folder.mkdir(parents=True)
    (folder / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    for extract, rows in made.tables.items():
        columns = _columns(rows)
        shuffled = chance.sample(rows, len(rows))
        cuts = sorted(chance.sample(range(1, len(rows)), min(len(rows) - 1, chance.randint(0, 2))))
        for start, end in zip([0, *cuts], [*cuts, len(rows)], strict=True):
            path = folder / f"{extract}-{chance.randrange(10**6)}.csv"
            _write(path, shuffled[start:end], chance.sample(columns, len(columns)), chance)
    return folder


def _columns(rows: Iterable[Row]) -> list[str]:
    return list(dict.fromkeys(column for row in rows for column in row))


def _write(path: Path, rows: list[Row], columns: list[str], chance: random.Random | None = None) -> None:
    choose: Callable[[list], object] = chance.choice if chance else lambda choices: choices[0]
    encoding, end = choose(["utf-8", "utf-8-sig"]), choose(["\n", "\r\n"])
    with path.open("w", encoding=str(encoding), newline="") as file:
        writer = csv.DictWriter(
            file, columns, restval="", lineterminator=str(end),
            delimiter=str(choose([",", ";", "\t"])), quoting=choose([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        )  # fmt: skip
        writer.writeheader()
        writer.writerows(rows)


def washed(folder: Path, outputs: Path, as_of: date = DAY) -> Path:
    """The run of a wash that follows no other."""
    run = wash_extracts(Request(folder, as_of, outputs, previous=NONE)).folder
    _made.append(run)
    return run


_made: list[Path] = []


def made() -> int:
    """How many washes this process has made."""
    return len(_made)


def clean_rows(run: Path) -> pd.DataFrame:
    """Every accepted row: record_id, extract, file_sha256, row_number, and what it says as a digest (`says`)."""
    parts = []
    for path in sorted((run / "clean").glob("*.parquet")):
        if not path.stem.endswith(".quarantine"):
            table = pd.read_parquet(path)
            said = table.drop(columns=["record_id", *PLACES], errors="ignore").astype("object")
            texts = ("\x1f".join("" if pd.isna(one) else str(one) for one in row) for row in said.to_numpy())
            says = [f"{path.stem}:{hashlib.sha256(text.encode()).hexdigest()[:16]}" for text in texts]
            place = table[["record_id", "file_sha256", "row_number"]].astype("object")
            parts.append(place.assign(extract=path.stem, says=says))
    return pd.concat(parts, ignore_index=True)


def facts_of(run: Path) -> set[tuple[str, ...]]:
    """Each row that evidence rests on, as what it says, with the criterion and the indicator it bears on."""
    evidence = pd.read_parquet(run / "tables" / "evidence.parquet").astype("object")
    evidence = evidence.assign(row_number=evidence["row_numbers"].str.split(";")).explode("row_number")
    evidence["row_number"] = evidence["row_number"].astype("int64")
    rows = clean_rows(run).astype({"row_number": "int64"})
    told = evidence.merge(rows, on=["extract", "file_sha256", "row_number"], validate="m:1")
    assert len(told) == len(evidence)
    return set(told[["criterion", "indicator", "says"]].itertuples(index=False, name=None))


def seen(run: Path, *, ids: bool = True) -> dict[str, pd.DataFrame]:
    """Every table of a run as text, in the order of its text, each record by what it says and no row by where it stood.

    A pair is of all records that say the same of its two people: it is named by those. Which pairs that were
    settled without people are asked about is drawn by lot, and so left out. Without `ids` neither people, households
    nor families are named: what is left is the same whoever else there is.
    """
    rows = clean_rows(run)
    said = dict(zip(rows["record_id"], rows["says"], strict=True))
    owners = pd.read_parquet(run / "tables" / "person_records.parquet").set_index("record_id")["person_id"].to_dict()
    tables = {}
    for path in sorted((run / "tables").glob("*.parquet")):
        table = pd.read_parquet(path)
        if path.stem in BY_LOT:
            continue
        if path.stem in QUESTIONS:
            table = table[table["settled"].isna()]
            table = table.assign(rank=table["rank"].rank(method="first"))
        names = owners if {"left_id", "right_id"} <= set(table) or path.stem in OF_LIKE_RECORDS else said
        dropped = [column for column in table if column in PLACES or (not ids and column.endswith(("_id", "_ids")))]
        text = table.drop(columns=dropped).astype("object").map(lambda value, names=names: _said(value, names))
        tables[path.stem] = _sorted_ends(text)
    return tables


def _sorted_ends(text: pd.DataFrame) -> pd.DataFrame:
    """The rows in order; of a pair, the two ends too."""
    for left in [column for column in text if column.startswith("left_")]:
        right = f"right_{left.removeprefix('left_')}"
        text[left], text[right] = text[[left, right]].min(axis=1), text[[left, right]].max(axis=1)
    return text.sort_values(list(text), kind="stable").reset_index(drop=True)


def _said(value: object, names: dict[str, str]) -> str:
    if value is None or (not isinstance(value, list) and pd.isna(value) is True):
        return ""
    return RECORD.sub(lambda found: _name(found, names), str(value))


def _name(found: re.Match[str], names: dict[str, str]) -> str:
    record = found[0]
    return names.get(record) or names.get(record.partition("#")[0], record) + found[4]
