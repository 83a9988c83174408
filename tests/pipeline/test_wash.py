"""Whole washes: every row is somewhere, and how one month follows another; laws: test_wash_laws.py."""

import errno
import os
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from pipeline.prepare import NONE, Request, prepare
from pipeline.record.manifest import InputFile
from pipeline.record.run import Run, finish_folder, start_folder
from pipeline.record.stage_log import write_inputs, write_model
from pipeline.seal import seal_run
from pipeline.wash import Washed, wash_extracts
from schemas.errors import IntegrityError, StorageError
from tests.builders import (
    AS_OF,
    JOANNE,
    KIM,
    Row,
    Someone,
    claimant,
    four_families,
    incident,
    indicator,
    write_folder,
)


DAY = date.fromisoformat(AS_OF)
LONG_OVER = {"start_date": "2010-01-04", "end_date": "2010-06-30"}
STRANGER = {"forename": "Zoe", "surname": "Stranger", "date_of_birth": "1990-01-01", "address": "9 Elm Row, Sandport"}


def wash(folder: Path, outputs: Path, **asked) -> Washed:
    return wash_extracts(Request(folder, asked.pop("as_of", DAY), outputs, **asked))


def table(washed: Washed, name: str) -> pd.DataFrame:
    return pd.read_parquet(washed.folder / "tables" / f"{name}.parquet")


def surnames(washed: Washed, name: str) -> set[str]:
    """The families of a list, by their children's surname."""
    homes = table(washed, name)[["household_id"]]
    members = table(washed, "members").merge(homes, on="household_id").query("role == 'child'")
    return set(members.merge(table(washed, "people"), on="person_id")["surname"].str.upper())


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Washed:
    place = tmp_path_factory.mktemp("first")
    return wash(write_folder(place / "extracts", **four_families()), place / "outputs")


def test_every_row_is_accepted_or_quarantined_and_every_record_is_somebodys(first: Washed) -> None:
    inputs = first.manifest.inputs
    assert all(file.rows_read == file.rows_accepted + file.rows_quarantined for file in inputs)
    assert sum(file.rows_quarantined for file in inputs) == len(table(first, "quarantine"))
    owners = table(first, "person_records")
    assert set(owners["person_id"]) == set(table(first, "people")["person_id"])
    assert set(table(first, "members")["person_id"]) == set(owners["person_id"])


def test_a_wash_that_names_the_run_it_follows_is_found_again(first: Washed) -> None:
    place = first.folder.parents[1]
    for previous in (NONE, None):
        assert prepare(Request(place / "extracts", DAY, place / "outputs", previous=previous)) == first.folder


@pytest.fixture
def begun(tmp_path: Path) -> Run:
    """A wash that has taken no step yet."""
    folder = write_folder(tmp_path / "extracts", **four_families())
    run = prepare(Request(folder, DAY, tmp_path / "outputs"))
    assert isinstance(run, Run)
    start_folder(run)
    return run


@pytest.mark.parametrize(("read", "lost"), [(6, False), (7, True), (5, True)])
def test_a_run_whose_rows_do_not_add_up_is_not_published(begun: Run, read: int, lost: bool) -> None:
    counted = InputFile(extract="asb", name="asb.csv", path="asb.csv", sha256="0", bytes=1, rows_read=read,
                        rows_accepted=3, rows_quarantined=2, rows_erased=1)  # fmt: skip
    write_inputs(begun, "asb", (counted,))
    write_model(begun, {})
    with pytest.raises(IntegrityError, match=r"lost in reading asb\.csv") if lost else nullcontext():
        seal_run(begun)
    assert begun.final.exists() is not lost


def test_a_run_that_got_its_name_as_the_disk_failed_is_told_to_be_verified(
    begun: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def sync(handle: int) -> None:
        if os.fstat(handle).st_ino == begun.outputs.stat().st_ino:
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", sync)
    with pytest.raises(StorageError, match="was published, and the disk gave trouble") as told:
        finish_folder(begun)
    assert f"datawash verify {begun.final.name}" in str(told.value)
    assert begun.final.is_dir()


def test_dwp_finds_its_way_back_by_reference_alone(first: Washed, tmp_path: Path) -> None:
    """Without DWP's answers the work criterion is unknown; the answer to the request, and nothing else, settles it."""
    unasked = {name: rows for name, rows in four_families().items() if name != "dwp_benefits"}
    before = wash(write_folder(tmp_path / "before", **unasked), tmp_path / "outputs")
    assert surnames(before, "master_list") < surnames(first, "master_list")
    answers: list[Row] = [
        {
            "request_ref": ref,
            "status": "on_benefit",
            "benefit": "JSA",
            "start_date": "2013-01-01",
            "as_at": "2013-09-20",
        }
        for ref in table(before, "dwp_request")["request_ref"]
    ]
    folder = write_folder(tmp_path / "after", **unasked, dwp_benefits=answers)
    for previous, outputs in ((None, tmp_path / "outputs"), (NONE, tmp_path / "other")):
        after = wash(folder, outputs, previous=previous)
        assert surnames(after, "master_list") >= surnames(first, "master_list")
        refs = set(table(after, "dwp_request")["request_ref"])
        assert refs == set(table(before, "dwp_request")["request_ref"])


def test_the_request_holds_the_adults_of_households_that_meet_one_of_the_first_two_criteria(first: Washed) -> None:
    verdicts = table(first, "verdicts")
    one = verdicts["criterion"].isin(["crime_asb", "education"]) & (verdicts["verdict"] == "met")
    members = table(first, "members")
    asked = members[members["household_id"].isin(verdicts.loc[one, "household_id"]) & (members["role"] == "adult")]
    people = table(first, "people").merge(asked, on="person_id")
    request = table(first, "dwp_request")
    assert set(request["surname"]) == set(people["surname"]) != set()
    assert request["address"].notna().all()
    assert list(request.columns)[0] == "request_ref"
    assert len(request.columns) == 8


def test_answers_about_people_whom_nobody_asked_about_are_counted_and_not_kept(tmp_path: Path) -> None:
    tables = four_families()
    stray = claimant(JOANNE, "on_benefit", benefit="JSA") | STRANGER | {"postcode": "SP9 9ZZ", "uprn": ""}
    tables["dwp_benefits"] = [*tables["dwp_benefits"], stray]
    washed = wash(write_folder(tmp_path / "extracts", **tables), tmp_path / "outputs")
    counts = washed.manifest.stage("publish").counts
    assert counts["dwp_rows_not_asked_about"] >= 1
    assert counts["people_not_kept"] >= 1
    kept = sorted(washed.folder.rglob("*.parquet"))
    assert not [path.name for path in kept if b"Stranger" in pd.read_parquet(path).to_csv().encode()]


def test_the_next_month_knows_who_is_new_who_stayed_and_who_left(tmp_path: Path) -> None:
    outputs = tmp_path / "outputs"
    one = wash(write_folder(tmp_path / "one", **four_families()), outputs)
    quiet = four_families()
    quiet["local_indicators"] = [row | LONG_OVER for row in quiet["local_indicators"]]
    two = wash(write_folder(tmp_path / "two", **quiet), outputs, as_of=date(2013, 10, 1))
    assert two.manifest.previous is not None
    assert two.manifest.previous.name == one.folder.name
    stayed, left = table(two, "master_list"), table(two, "left_list")
    assert set(stayed["change"]) == {"continuing"}
    assert set(stayed["family_id"]) < set(table(one, "master_list")["family_id"])
    assert set(left["family_id"]) == set(table(one, "master_list")["family_id"]) - set(stayed["family_id"])
    assert left["lapsed"].str.contains("local").all()
    again = wash(write_folder(tmp_path / "one", **four_families()), outputs)
    assert again.already
    assert again.folder == one.folder


def test_a_family_that_qualifies_for_the_first_time_is_new(tmp_path: Path) -> None:
    outputs, tables = tmp_path / "outputs", four_families()
    fewer = tables | {"youth_offending": tables["youth_offending"][:1], "asb": tables.get("asb", [])[:1]}
    wash(write_folder(tmp_path / "one", **fewer), outputs)
    two = wash(write_folder(tmp_path / "two", **tables), outputs, as_of=date(2013, 10, 1))
    listed = table(two, "master_list").set_index("family_id")["change"]
    before = pd.read_parquet(outputs / two.manifest.previous.name / "tables/master_list.parquet")
    assert {family for family, change in listed.items() if change == "continuing"} == set(before["family_id"])


@pytest.mark.parametrize(("says", "people"), [("", 2), ('"adult"', 2), ('"child"', 1)])
def test_whom_an_indicator_speaks_of_is_the_framework_s_to_say_and_the_council_s(
    tmp_path: Path, says: str, people: int
) -> None:
    """A man who offended, of the name and at the address of a boy of four; his row has no date of birth."""
    boy = Someone("Harjit", "Singhania", "2009-02-05", "", KIM.home)
    rows = {"asb": [incident(boy)], "local_indicators": [indicator(boy, "adult_offending", date_of_birth="", sex="")]}
    tables = four_families()
    folder = write_folder(tmp_path / "one", **tables | {name: [*tables[name], *rows[name]] for name in rows})
    if says:
        laid = f'[criteria.overlays."local.speaks_of"]\nreason = "a test"\nvalue = {{ adult_offending = {says} }}\n'
        (folder / "wash.toml").write_text(laid, encoding="utf-8")
    named = table(wash(folder, tmp_path / "outputs"), "people").query("surname == 'Singhania'")
    assert len(named) == people
