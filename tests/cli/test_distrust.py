"""What linkage does not believe is a warning of the run that names no value; the wash goes on without it."""

import json
import shutil
from pathlib import Path

import pandas as pd

from tests.builders import AS_OF
from tests.cli.conftest import Command


SAMPLE = Path(__file__).parents[2] / "data" / "sample"
DAY = "1972-02-03"


def test_dates_typed_for_not_known_are_warned_of(look: Command, tmp_path: Path) -> None:
    folder = tmp_path / "extracts"
    shutil.copytree(SAMPLE, folder)
    indicators = pd.read_csv(folder / "local_indicators.csv", dtype=str, keep_default_na=False)
    indicators.loc[indicators.index % 4 == 0, "date_of_birth"] = DAY
    indicators.to_csv(folder / "local_indicators.csv", index=False)
    ran = look("wash", folder, "--as-of", AS_OF, "--outputs", tmp_path / "outputs", "--plain")
    assert ran.code == 0, ran.err
    (run,) = (tmp_path / "outputs").glob(f"{AS_OF}-*")
    (link,) = [stage for stage in json.loads((run / "manifest.json").read_text())["stages"] if stage["name"] == "link"]
    typed = link["counts"]["default_date_of_birth"]
    assert 50 <= typed <= (indicators["date_of_birth"] == DAY).sum()
    (warning,) = link["warnings"]
    assert warning.startswith(f'Linkage takes the date of birth of {typed:,} records for "not known"')
    assert f"Warning: {warning}" in ran.out
    assert DAY not in ran.out + ran.err
    assert not (pd.read_parquet(run / "tables" / "people.parquet")["date_of_birth"] == pd.Timestamp(DAY)).any()


def test_the_sample_is_believed(look: Command, tmp_path: Path) -> None:
    ran = look("wash", SAMPLE, "--as-of", AS_OF, "--outputs", tmp_path, "--plain")
    assert ran.code == 0, ran.err
    assert "Linkage takes" not in ran.out and "Linkage lets" not in ran.out
