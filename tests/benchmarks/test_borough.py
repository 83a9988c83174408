"""The invented borough: the same every time, in the contract's columns, and true to itself."""

from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.borough import Borough, answer_request, make_borough, write_borough
from benchmarks.town.rates import ERRORS, ErrorRates
from benchmarks.town.writing import canonical_columns
from schemas.extracts import EXTRACTS
from schemas.person import POSTCODE_PATTERN


AS_OF = date(2013, 9, 30)


@pytest.fixture(scope="module")
def borough() -> Borough:
    return make_borough(6000, seed=11, as_of=AS_OF)


def people_of(borough: Borough, extract: str) -> pd.DataFrame:
    """The rows of an extract that name somebody, beside the right values (`true_surname` and so on)."""
    rows = borough.extracts[extract]
    rows = rows[(rows["true_person"] >= 0) & (rows["note"] == "")].reset_index(drop=True)
    right = borough.truth["people"].iloc[rows["true_person"].astype(int)].reset_index(drop=True)
    return pd.concat([rows, right.add_prefix("true_").drop(columns="true_person_id")], axis=1)


def test_same_arguments_same_borough(borough: Borough) -> None:
    again = make_borough(6000, seed=11, as_of=AS_OF)
    for name, frame in borough.extracts.items():
        pd.testing.assert_frame_equal(frame, again.extracts[name])
    for name, frame in borough.truth.items():
        pd.testing.assert_frame_equal(frame, again.truth[name])


def test_another_seed_is_another_borough(borough: Borough) -> None:
    other = make_borough(6000, seed=12, as_of=AS_OF)
    assert not borough.truth["people"]["surname"].head(50).equals(other.truth["people"]["surname"].head(50))


def test_size_is_as_asked(borough: Borough) -> None:
    assert len(borough.truth["people"]) == pytest.approx(6000, rel=0.01)


@pytest.mark.parametrize("name", [name for name in EXTRACTS if name not in ("employment", "claims", "panel_forms")])
def test_columns_are_those_of_the_contract(borough: Borough, name: str) -> None:
    assert canonical_columns(borough.extracts[name]) == list(EXTRACTS[name].columns)


def test_members_partition_the_people(borough: Borough) -> None:
    members, people = borough.truth["members"], borough.truth["people"]
    assert members["person_id"].is_unique
    assert set(members["person_id"]) == set(people["person_id"])
    assert set(members["household_id"]) <= set(borough.truth["households"]["household_id"])


def test_spells_lead_without_a_gap_to_the_present_home(borough: Borough) -> None:
    spells = borough.truth["spells"]
    last = spells.groupby("person_id").tail(1)
    assert last["ended_on"].isna().all()
    homes = borough.truth["members"].merge(borough.truth["households"], on="household_id").set_index("person_id")
    assert (homes.loc[last["person_id"], "uprn"].to_numpy() == last["uprn"].to_numpy()).all()
    following = spells.groupby("person_id")["started_on"].shift(-1)
    inner = following.notna()
    assert (spells.loc[inner, "ended_on"] == following[inner]).all()


def test_people_move_part_and_share(borough: Borough) -> None:
    spells, town = borough.truth["spells"], borough.town
    assert 0.1 < spells["person_id"].duplicated().sum() / len(borough.truth["people"]) < 0.35
    followed = spells.groupby("person_id")["household_id"].nunique()
    assert (followed > 1).sum() > 20
    assert (town.people["absent"] >= 0).sum() > 50
    assert pd.Series(town.homes.now).duplicated().sum() > 5


def test_twins_and_namesakes_live_here(borough: Borough) -> None:
    people = borough.truth["people"].merge(borough.truth["members"], on="person_id")
    children = people[people["role"] == "child"]
    assert children.duplicated(["household_id", "date_of_birth"]).sum() >= 5
    assert people.duplicated(["household_id", "forename", "surname"]).sum() >= 1
    assert people.duplicated(["forename", "surname"]).sum() > 50


def test_postcodes_are_of_an_area_that_no_place_has(borough: Borough) -> None:
    codes = borough.truth["spells"]["postcode"]
    assert codes.str.match(POSTCODE_PATTERN).all()
    assert set(codes.str[:2]) == {"ZB", "ZD"}


def test_every_record_has_its_person_or_place(borough: Borough, tmp_path: Path) -> None:
    write_borough(borough, tmp_path)
    records = pd.read_parquet(tmp_path / "truth" / "records.parquet")
    for (extract, file), rows in records.groupby(["extract", "file"]):
        written = pd.read_csv(tmp_path / file, dtype=str)
        assert rows["row_number"].tolist() == list(range(2, len(written) + 2)), extract
    people = set(borough.truth["people"]["person_id"])
    named = records[~records["extract"].isin(["schools", "asb", "local_indicators"])]
    assert set(named["person_id"]) <= people
    assert set(records.loc[records["extract"] == "contacts", "child_person_id"]) <= people


def test_parquet_says_what_csv_says(borough: Borough, tmp_path: Path) -> None:
    write_borough(borough, tmp_path / "csv")
    write_borough(borough, tmp_path / "parquet", form="parquet")
    for path in sorted((tmp_path / "csv").glob("*.csv")):
        same = pd.read_parquet(tmp_path / "parquet" / f"{path.stem}.parquet")
        pd.testing.assert_frame_equal(pd.read_csv(path, dtype=object), same.astype(object).where(same.notna(), np.nan))


@pytest.mark.parametrize(
    ("extract", "column", "share"),
    [
        ("contacts", "date_of_birth", ERRORS["parents"].no_birth_date),
        ("attendance", "address", ERRORS["school"].no_address),
        ("attendance", "postcode", ERRORS["school"].no_postcode + ERRORS["school"].no_address),
    ],
)
def test_missing_values_are_as_frequent_as_stated(borough: Borough, extract: str, column: str, share: float) -> None:
    rows = people_of(borough, extract)
    assert rows[column].isna().mean() == pytest.approx(share, abs=0.05)


def test_dates_of_birth_are_mostly_right_and_worst_with_the_police(borough: Borough) -> None:
    wrong = {}
    for extract in ("attendance", "asb"):
        rows = people_of(borough, extract).dropna(subset=["date_of_birth"])
        wrong[extract] = (rows["date_of_birth"] != rows["true_date_of_birth"]).mean()
    assert wrong["attendance"] < 0.02 < wrong["asb"]


def test_youth_offending_team_writes_nicknames(borough: Borough) -> None:
    rows = people_of(borough, "youth_offending").dropna(subset=["forename", "true_forename"])
    assert 0.02 < (rows["forename"].str.upper() != rows["true_forename"].str.upper()).mean() < 0.25


def test_noise_multiplies_errors_and_leaves_habits() -> None:
    quiet, loud = ERRORS["police"], ERRORS["police"].louder(3.0)
    assert loud.surname_typo == pytest.approx(3 * quiet.surname_typo)
    assert (loud.upper, loud.uprn) == (quiet.upper, quiet.uprn)
    assert all(getattr(loud, field.name) is not None for field in fields(ErrorRates))


def test_noise_leaves_the_truth_alone(borough: Borough) -> None:
    loud = make_borough(6000, seed=11, as_of=AS_OF, noise=3.0)
    pd.testing.assert_frame_equal(loud.truth["members"], borough.truth["members"])
    assert not loud.extracts["attendance"]["surname"].equals(borough.extracts["attendance"]["surname"])


def test_some_schools_are_silent_and_some_lose_a_term(borough: Borough) -> None:
    sent = borough.extracts["attendance"].groupby("school_urn")["file"].nunique()
    expected = borough.extracts["schools"]
    ordinary = expected.loc[expected["kind"] != "pru", "school_urn"]
    assert (~ordinary.isin(sent.index)).sum() >= 1
    assert (sent == sent.max() - 1).sum() >= 1


def test_dwp_answers_by_reference(borough: Borough) -> None:
    answers = borough.extracts["dwp_benefits"]
    answers = answers[answers["note"] == ""].drop_duplicates("true_person").reset_index(drop=True)
    request = answers[["forename", "surname", "date_of_birth", "postcode", "address"]].copy()
    request.insert(0, "request_ref", [f"R{n}" for n in range(len(request))])
    nobody = {"request_ref": "R-nobody", "forename": "Xyl", "surname": "Qwert", "date_of_birth": "1970-01-02"}
    asked = pd.concat([request, pd.DataFrame([nobody])], ignore_index=True)
    found = answer_request(borough, asked)
    assert list(found.columns) == list(EXTRACTS["dwp_benefits"].columns)
    assert found["request_ref"].tolist() == asked["request_ref"].tolist()
    assert found["status"].iloc[-1] == "not_traced"
    assert (found["status"].iloc[:-1] == answers["status"]).mean() > 0.97
