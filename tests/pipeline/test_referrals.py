"""A wash of referrals: linked like any rows, judged by the same test, and told back to each referrer alone."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

from pipeline.prepare import Request
from pipeline.wash import Washed, wash_extracts
from tests.builders import (
    AMIRA,
    ASHDOWN,
    HELEN,
    KIM,
    SANDRA,
    Home,
    Row,
    Someone,
    claimant,
    contact,
    four_families,
    offence,
    pupil,
    upn,
    write_folder,
)


DAY = date(2013, 9, 30)
ELM = Home("9 Elm Row, Sandport", "SP7 5FF", "100010005")
NOWHERE = {"address": "", "postcode": "", "uprn": ""}
RAY = Someone("Ray", "Elmore", "2001-06-17", "M", ELM, upn(5))
TINA = Someone("Tina", "Elmore", "1979-02-11", "F", ELM)
OAK = Home("3 Oak Way, Sandport", "SP8 6GG", "100010006")
UNA = Someone("Una", "Oakes", "2002-03-19", "F", OAK, upn(6))
VERA = Someone("Vera", "Oakes", "1981-10-04", "F", OAK)
LOST = Someone("Ned", "Nowhere", "1985-05-05", "M", Home("", "", ""))


def referral(person: Someone, ref: str, agency: str = "Health", **changes: str) -> Row:
    own = {"referral_ref": ref, "agency": agency, "referred_on": "2013-08-01", "reason": "Parenting"}
    return person.columns() | own | changes


def extracts() -> dict[str, list[Row | list[Row]]]:
    """Beside the four families two whose children's home only a referral tells; one has a contact tie to it."""
    said = {
        "attendance": [pupil(child, unauthorised=30, **NOWHERE) for child in (RAY, UNA)],
        "youth_offending": [offence(child, yot_ref=child.upn, **NOWHERE) for child in (RAY, UNA)],
        "dwp_benefits": [claimant(adult, **NOWHERE) for adult in (TINA, VERA)],
        "contacts": [contact(VERA, UNA)],
    }
    told = four_families()
    return told | {name: [*told[name], *rows] for name, rows in said.items()}


REFERRALS = [
    referral(RAY, "H1"), referral(TINA, "H1"), referral(UNA, "H3"), referral(SANDRA, "H2"),
    referral(HELEN, "P1", "Police"), referral(AMIRA, "P2", "Police"), referral(LOST, "P3", "Police"),
    referral(KIM, "later", referred_on="2013-10-10"),
]


def wash(place: Path, **tables: list[Row | list[Row]]) -> Washed:
    return wash_extracts(Request(write_folder(place / "extracts", **tables), DAY, place / "outputs"))


def table(washed: Washed, name: str) -> pd.DataFrame:
    return pd.read_parquet(washed.folder / "tables" / f"{name}.parquet")


@pytest.fixture(scope="module")
def washed(tmp_path_factory: pytest.TempPathFactory) -> Washed:
    return wash(tmp_path_factory.mktemp("referrals"), **extracts(), referrals=REFERRALS)


def routes(washed: Washed) -> dict[str, str]:
    return table(washed, "master_list").set_index("address")["route"].to_dict()


def test_each_family_has_its_route(washed: Washed) -> None:
    """A contact tie to a mother who is known to live there places a child as well as an address would."""
    assert routes(washed) == {
        ELM.address: "referral", OAK.address: "both", ASHDOWN.address: "both", "22 Brewery Lane, Sandport": "wash"}


def test_every_referral_up_to_the_day_has_its_outcome(washed: Washed) -> None:
    told = table(washed, "referral_outcomes").set_index("referral_ref")
    assert told["outcome"].to_dict() == {
        "H1": "eligible", "H2": "eligible", "H3": "eligible", "P1": "not_eligible", "P2": "undetermined",
        "P3": "not_found"}
    assert washed.manifest.stage("assess").counts["referrals_eligible"] == 3


def test_a_referrer_gets_its_own_referrals_and_no_detail(washed: Washed) -> None:
    folder = washed.folder / "referrals"
    assert sorted(path.name for path in folder.iterdir()) == ["01-health.xlsx", "02-police.xlsx"]
    head, *rows = CalamineWorkbook.from_path(str(folder / "02-police.xlsx")).get_sheet_by_index(0).to_python()
    assert head == ["Referral ref", "Referred on", "Outcome", "What became of it"]
    assert [row[0] for row in rows] == ["P1", "P2", "P3"]
    said = " ".join(str(cell) for row in rows for cell in row)
    hidden = ("H1", "Housing", "work", "DWP", "Theft", "csv", "SP4", "Helen", "F0000", "2013-05", "contract")
    assert [word for word in hidden if word in said] == []


def test_without_the_referrals_the_rest_is_as_it_was(washed: Washed, tmp_path: Path) -> None:
    """A referral of people who are known anyway changes nothing but the route; one of others adds their family."""
    unreferred = wash(tmp_path, **extracts())
    columns = ["address", "rule", "crime_asb", "education", "work", "local", "rank_reasons"]
    with_them = table(washed, "master_list")[columns]
    without = table(unreferred, "master_list")[columns]
    known = with_them[with_them["address"] != ELM.address].reset_index(drop=True)
    pd.testing.assert_frame_equal(known, without)
    assert table(unreferred, "referral_outcomes").empty
    assert not (unreferred.folder / "referrals").exists()
