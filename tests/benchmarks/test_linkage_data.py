"""Data sets for measuring linkage, what the peer is handed, and one run from records to figures."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from benchmarks.linkage.data_sets import FOREIGN, make
from benchmarks.linkage.figures import read_figures
from benchmarks.linkage.handover import peer_columns
from benchmarks.linkage.page import render
from benchmarks.linkage.rounds import ROOT
from benchmarks.mentions import make_mentions


PEER = ROOT / ".venv-splink/bin/python"


def test_names_of_other_origins_only() -> None:
    foreign, usual = make_mentions(3000, seed=1, origins=FOREIGN), make_mentions(3000, seed=1)
    told = {name.upper() for name in foreign["surname"].dropna()}
    assert not told & {"SMITH", "JONES", "TAYLOR"}
    assert {"SMITH", "JONES", "TAYLOR"} <= {name.upper() for name in usual["surname"].dropna()}


def test_one_source_has_no_dates_of_birth() -> None:
    frame, about = make("no_birth_date-2000")
    assert about.label == "no date of birth in one source"
    known = frame["date_of_birth"].notna().groupby(frame["source"]).mean()
    assert known["housing"] == 0
    assert known.drop("housing").min() > 0.5


def test_nobody_has_a_postcode() -> None:
    assert make("no_postcode-500")[0]["postcode"].isna().all()


def test_febrl_4_counts_pairs_between_sources_only() -> None:
    frame, about = make("febrl4")
    assert about.between_sources
    assert frame.groupby("source").size().tolist() == [5000, 5000]
    assert frame["true_person_id"].nunique() == 5000


def test_what_the_peer_is_handed() -> None:
    records = pd.DataFrame(
        {
            "record_id": ["a", "b"],
            "source": ["school", "housing"],
            "forename": ["Liz", None],
            "surname": ["O'Brien-Smith", "Ng"],
            "date_of_birth": ["2001-02-03", None],
            "address": ["Flat 2, 14 High St", None],
            "postcode": ["zb1 2cd", None],
            "sex": ["F", "U"],
        }
    )
    first, second = peer_columns(records).to_pylist()
    assert (first["id"], first["forename"], first["surname"]) == (0, "liz", "obriensmith")
    assert first["surname_parts"] == ["obrien", "smith"]
    assert first["surname_double"]
    assert set(first["forms"]) & set(peer_columns(records.assign(forename="Elizabeth")).to_pylist()[1]["forms"])
    assert (first["birth_year"], first["birth_month"], first["birth_day"]) == (2001, 2, 3)
    assert first["dwelling"] == "2|14|HIGH STREET|ZB1 2CD"
    assert (first["sector"], first["postcode_area"], first["sex"]) == ("ZB12", "ZB1", "f")
    nothing = ("forename", "forms", "full_name", "birth_year", "dwelling", "postcode", "sex", "upn")
    assert [second[name] for name in nothing] == [None] * len(nothing)


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run of every tool that is installed here on 1,000 mentions."""
    place = tmp_path_factory.mktemp("measured")
    tools = ["ours", "m5_fast"] if PEER.exists() else ["ours"]
    command = [sys.executable, "-m", "benchmarks.linkage", "--data", "mentions-1000", "--rounds", "1"]
    places = ["--folder", str(place / "data"), "--figures", str(place / "figures"), "--on", "2013-09-30"]
    subprocess.run([*command, *places, "--tools", *tools], cwd=ROOT, check=True, capture_output=True)
    return place / "figures"


@pytest.mark.slow
def test_from_records_to_figures(measured: Path) -> None:
    figures = read_figures(measured)["mentions-1000"]
    ours = figures["tools"]["ours"]
    assert figures["on"] == "2013-09-30"
    assert ours["people"]["f1"] > 0.97
    assert ours["households"]["own"]["f1"] > figures["address_rules"]["raw_address"]["f1"] + 0.05
    assert ours["link_s"]["median"] < ours["whole_s"]["median"]
    assert ours["peak_mb"]["median"] > 100
    assert "council records, 1,000 | linkage.link, default settings" in render({"mentions-1000": figures})


@pytest.mark.slow
@pytest.mark.skipif(not PEER.exists(), reason="Splink has an environment of its own, which `make bench-linkage` makes")
def test_the_peer_is_measured_in_the_same_way(measured: Path) -> None:
    figures = json.loads((measured / "mentions-1000.json").read_text(encoding="utf-8"))
    peer = figures["tools"]["m5_fast"]
    assert peer["candidate_pairs"] > 0
    assert peer["best_clusters"]["f1"] >= peer["people"]["f1"] > 0.9
    assert figures["peer"]["splink"] == "5.0.0"
