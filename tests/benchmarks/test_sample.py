"""The committed sample is the one that the generator makes, byte for byte, and has all that it promises."""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.sample import AS_OF, FOLDER, write_sample
from pipeline.intake.ingest import Ingested, ingest_source
from pipeline.intake.settings import ExtractsSettings
from pipeline.intake.sources import find_sources


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ingested]:
    """The sample's extracts through the door, by its own settings."""
    settings = tomllib.loads((FOLDER / "wash.toml").read_text(encoding="utf-8"))["extracts"]
    found = find_sources(FOLDER, ExtractsSettings.model_validate(settings), tmp_path_factory.mktemp("archive"))
    return {source.extract: ingest_source(source, as_of=AS_OF) for source in found.sources}


def test_the_generator_makes_the_committed_bytes(tmp_path: Path) -> None:
    write_sample(tmp_path)
    made = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    readme = committed.pop(Path("README.md"))
    assert sorted(made) == sorted(committed)
    assert [path for path in made if made[path] != committed[path]] == []
    assert all(path.parts[0] in readme.decode() for path in made)


def test_settings_reach_every_row_of_every_layout(taken_in: dict[str, Ingested]) -> None:
    records = pd.read_csv(FOLDER / "truth" / "records.csv", dtype=str)
    for name, ingested in taken_in.items():
        rows = records[records["extract"] == name]
        assert sum(file.rows_read for file in ingested.files) == len(rows), name
        broken = (rows["note"] == "broken").sum()
        assert len(ingested.clean) >= len(rows) - broken, name


def test_records_of_the_truth_are_the_rows_of_the_files(taken_in: dict[str, Ingested]) -> None:
    records = pd.read_csv(FOLDER / "truth" / "records.csv").set_index(["extract", "file", "row_number"])
    people = pd.read_csv(FOLDER / "truth" / "people.csv", dtype=str).set_index("person_id")
    for name in ("attendance", "youth_offending", "dwp_benefits", "contacts"):
        clean = taken_in[name].clean
        keys = pd.MultiIndex.from_arrays([[name] * len(clean), clean["file"].astype(str), clean["row_number"]])
        right = people.loc[records.loc[keys, "person_id"], "date_of_birth"].to_numpy()
        found = clean["date_of_birth"].dt.strftime("%Y-%m-%d").to_numpy(dtype=object)
        same = pd.Series(found == right)[pd.notna(found)]
        assert same.mean() > 0.95, name


def test_there_is_something_to_quarantine(taken_in: dict[str, Ingested]) -> None:
    rejected = {name: len(ingested.quarantine) for name, ingested in taken_in.items()}
    assert sum(count > 0 for count in rejected.values()) >= 5
    assert sum(rejected.values()) < 50


def test_there_are_families_of_all_three_kinds() -> None:
    eligible = pd.read_csv(FOLDER / "truth" / "eligible.csv")
    verdicts = pd.read_csv(FOLDER / "truth" / "verdicts.csv")
    assert eligible["eligible"].sum() >= 10
    assert eligible["undetermined"].sum() >= 10
    assert set(eligible.loc[eligible["eligible"], "rule"]) == {"3_of_3", "2_plus_local"}
    assert verdicts["household_id"].nunique() > 10 * len(eligible)
