"""A mapping proposed from headers and the look of values: which extract, which columns, and nothing personal shown."""

import tomllib
from pathlib import Path

import pytest

from pipeline.intake.evidence import shape_of
from pipeline.intake.header_match import match_name
from pipeline.intake.proposal import Proposal, propose_mapping
from pipeline.intake.reading import read_rows
from pipeline.intake.settings import ExtractsSettings
from schemas.errors import ExtractRefusedError, UsageError
from tests.builders import Row, four_families, upn, write_rows
from tests.pipeline.intake.folders import ingest, minimal


YOT = {
    "YOT ID": "Y7",
    "First Name": "Jordan",
    "Last Name": "Canaryson",
    "DOB": "05/13/1999",
    "Gender": "Male",
    "Address Line 1": "7 Canary Row",
    "Address Line 2": "Sandport",
    "Post Code": "SP4 1AA",
    "Date of Offence": "20130405",
    "Offence Description": "Theft",
    "Disposal": "Referral order",
    "Proven?": "Yes",
    "Ethnicity": "W1",
}
HOUSING = {
    "Case Number": "H/12/7",
    "Action Taken": "Shouted at",
    "Incident Date": "13/05/2013",
    "Party": "Perp",
    "Landlord": "Sandport Homes",
    "Forename": "Alex",
    "Family Name": "Canaryson",
    "Birth Date": "14/03/1981",
    "Pcode": "SP4 1AA",
}
CENSUS = {
    "PupilOnRollTableId": "1",
    "NativeId": "3024001",
    "UPN": upn(1),
    "Surname": "Canaryson",
    "Forename": "Kim",
    "Gender": "F",
    "DOB": "2001-Mar-14 00:00:00",
    "EnrolStatus": "C",
    "Language": "ENG",
    "SAON": "Flat 2",
    "PAON": "7",
    "Street": "Canary Row",
    "Town": "Sandport",
    "TermlySessionsPossible": "120",
    "TermlySessionsAuthorised": "4",
    "TermlySessionsUnauthorised": "30",
}


def proposed(folder: Path, rows: list[Row], extract: str | None = None) -> Proposal:
    path = write_rows(folder / "theirs.csv", rows)
    return propose_mapping(read_rows(path, path.name), extract, file=path.name)


def headers(proposal: Proposal) -> dict[str, tuple[str, ...]]:
    return {column.column: column.headers for column in proposal.columns}


@pytest.mark.parametrize("extract", four_families())
def test_a_canonical_file_is_recognised_and_mapped_onto_itself(tmp_path: Path, extract: str) -> None:
    found = proposed(tmp_path, four_families()[extract])
    assert found.extract == extract
    assert all(names == (column,) for column, names in headers(found).items())
    assert (found.missing, found.unused) == ((), ())


def test_a_youth_offending_list_is_recognised_with_its_dates(tmp_path: Path) -> None:
    found = proposed(tmp_path, [YOT])
    assert found.extract == "youth_offending"
    assert headers(found)["address"] == ("Address Line 1", "Address Line 2")
    assert headers(found)["surname"] == ("Last Name",)
    assert found.unused == ("Ethnicity",)
    formats = {column.column: column.date_format for column in found.columns if column.date_format}
    assert formats == {"offence_date": "%Y%m%d", "date_of_birth": "%m/%d/%Y"}


def test_a_housing_list_is_recognised_and_its_unknown_words_are_counted(tmp_path: Path) -> None:
    found = proposed(tmp_path, [HOUSING])
    assert found.extract == "asb"
    (kind,) = [column for column in found.columns if column.column == "kind"]
    assert kind.headers == ("Action Taken",)
    assert "1 of its 1 words are not ours" in kind.reason


def test_a_census_table_is_recognised_and_what_is_missing_is_said(tmp_path: Path) -> None:
    found = proposed(tmp_path, [CENSUS])
    assert found.extract == "attendance"
    assert found.missing == ("academic_year", "term")
    assert headers(found)["address"] == ("SAON", "PAON", "Street", "Town")
    assert headers(found)["school_urn"] == ("NativeId",)
    assert headers(found)["sessions_unauthorised"] == ("TermlySessionsUnauthorised",)
    assert found.unused == ("PupilOnRollTableId", "Language")


@pytest.mark.parametrize(("row", "extract"), [(YOT, "youth_offending"), (HOUSING, "asb")])
def test_a_proposal_that_is_put_into_the_settings_reads_the_file(tmp_path: Path, row: Row, extract: str) -> None:
    folder = minimal(tmp_path / "in")
    found = proposed(folder, [row])
    settings = tomllib.loads(found.toml)["extracts"]
    ExtractsSettings.model_validate(settings)
    if extract == "asb":
        settings["asb"]["values"] = {"kind": {"shouted at": "incident"}}
    done = ingest(extract, folder, settings)
    assert len(done.clean) == 1
    assert done.clean["surname"].tolist() == ["Canaryson"]


def test_the_extract_may_be_said(tmp_path: Path) -> None:
    assert proposed(tmp_path, [HOUSING], "referrals").extract == "referrals"
    with pytest.raises(UsageError, match="did you mean referrals"):
        proposed(tmp_path, [HOUSING], "referal")


@pytest.mark.parametrize("row", [YOT, HOUSING, CENSUS], ids=["yot", "housing", "census"])
def test_a_proposal_shows_no_value(tmp_path: Path, row: Row) -> None:
    found = proposed(tmp_path, [row])
    shown = repr(found)
    for value in row.values():
        assert len(value) < 4 or value not in shown
    assert "Canary" not in shown


def test_a_file_without_headers_is_refused_without_showing_its_first_row(tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Canaryson,Kim,2001-03-14,SP4 1AA\nAshdown,Lee,2002-01-01,SP4 1AB\n")
    with pytest.raises(ExtractRefusedError) as refusal:
        propose_mapping(read_rows(path, path.name))
    assert "column 3 (C)" in str(refusal.value)
    assert "Canaryson" not in str(refusal.value)


def test_looks_outweigh_a_name_that_says_nothing(tmp_path: Path) -> None:
    found = proposed(tmp_path, [CENSUS | {"Field7": upn(2)} | {"UPN": ""}])
    assert headers(found)["upn"] == ("UPN",)
    row = {key: value for key, value in CENSUS.items() if key != "UPN"} | {"Field7": upn(2)}
    assert headers(proposed(tmp_path, [row]))["upn"] == ("Field7",)


def test_values_of_another_kind_outweigh_a_name(tmp_path: Path) -> None:
    found = proposed(tmp_path, [CENSUS | {"DOB": "yes", "Birth Date": "14/03/2001"}])
    assert headers(found)["date_of_birth"] == ("Birth Date",)


def test_an_amount_is_known_by_what_it_holds(tmp_path: Path) -> None:
    claim = {"Family ref": "F1", "Claimed on": "2013-02-01", "Route": "A", "Amount": "in full", "Amount paid": "£700"}
    assert headers(proposed(tmp_path, [claim], "claims"))["amount"] == ("Amount paid",)


@pytest.mark.parametrize(
    ("header", "column", "at_least"),
    [
        ("Date Of Birth", "date_of_birth", 1.0),
        ("pupil_dob", "date_of_birth", 0.95),
        ("DoB", "date_of_birth", 0.95),
        ("TermlySessionsPossible", "sessions_possible", 0.85),
        ("Surnme", "surname", 0.8),
        ("Unauthorised absences (term)", "sessions_unauthorised", 0.75),
    ],
)
def test_headers_are_known_by_their_words(header: str, column: str, at_least: float) -> None:
    assert match_name(header, column).confidence >= at_least


@pytest.mark.parametrize(("header", "column"), [("Ref", "sex"), ("URN", "uprn"), ("Language", "surname")])
def test_headers_that_only_sound_alike_are_not_taken(header: str, column: str) -> None:
    assert match_name(header, column).confidence == 0


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("H801200001001", "A999999999999"),
        ("14/03/2001", "dd/mm/yyyy"),
        ("03/14/2001", "mm/dd/yyyy"),
        ("14.03.01", "dd.mm.yy"),
        ("2013-Sep-02 00:00:00", "yyyy-Mon-dd"),
        ("SP4 1AA", "AA9 9AA"),
        ("Smith", "Aaaa"),
        ("Featherstonehaugh", "Aaaa"),
        ("a very long text about somebody in particular, and more", "text"),
    ],
)
def test_a_value_is_told_by_its_shape(text: str, shape: str) -> None:
    assert shape_of(text) == shape


def test_a_proposal_does_not_depend_on_the_order_of_rows(tmp_path: Path) -> None:
    rows = [HOUSING, HOUSING | {"Party": "Victim", "Pcode": ""}, HOUSING | {"Case Number": "A1"}]
    assert proposed(tmp_path, rows) == proposed(tmp_path, rows[::-1])
