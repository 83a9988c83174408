"""Months of a panel: a wash writes the form, people fill it in, and the next wash reads it beside its extracts."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest

from pipeline.prepare import Request
from pipeline.wash import Washed, wash_extracts
from tests.builders import (
    ASHDOWN,
    BIRCHALL,
    CORRIGAN,
    JOANNE,
    KIM,
    PATRICK,
    SANDRA,
    Row,
    claimant,
    four_families,
    offence,
    pupil,
    write_folder,
)


SETTINGS = """
[criteria]
panel_size = 2

[criteria.panel]
agencies = ["Housing", "Health"]
services_without_lead = 3
"""
SEPTEMBER, OCTOBER, NOVEMBER = date(2013, 9, 30), date(2013, 10, 31), date(2013, 11, 30)
Answer = dict[str, object]


def _flat(rows: list[Row | list[Row]]) -> list[Row]:
    return [row for some in rows for row in (some if isinstance(some, list) else [some])]


def tables(**more: list[Row]) -> dict[str, list[Row]]:
    """Three eligible families, two of them called Corrigan, and one that is not."""
    claims = [claimant(SANDRA), claimant(PATRICK, "not_on_benefit"), claimant(JOANNE)]
    told = {name: _flat(rows) for name, rows in (four_families() | {"dwp_benefits": claims}).items()}
    renamed = {name: [row | {"surname": row.get("surname", "").replace("Birchall", "Corrigan")} for row in rows]
               for name, rows in told.items()}
    return renamed | more


class Month(NamedTuple):
    """A wash and its tables."""

    washed: Washed

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.washed.folder / "tables" / f"{name}.parquet")

    def counts(self) -> dict[str, int]:
        return self.washed.manifest.stage("assess").counts

    def panel(self) -> list[str]:
        return self.table("panel_list")["address"].tolist()

    def family(self, address: str) -> str:
        homes = self.table("households").dropna(subset=["family_id"])
        return homes.set_index("address").loc[address, "family_id"]

    def fill(self, into: Path, answers: dict[tuple[str, str | None], Answer]) -> Path:
        """Fill in a copy of the form as somebody would in a spreadsheet program: answers by address and agency."""
        book = openpyxl.load_workbook(self.washed.folder / "panel_form.xlsx")
        page = book["Panel form"]
        column = {cell.value: cell.column for cell in page[1]}
        rows = {(page.cell(row, column["Family ID"]).value, page.cell(row, column["Agency"]).value): row
                for row in range(2, page.max_row + 1)}
        for (address, agency), said in answers.items():
            row = rows[self.family(address), agency]
            for heading, value in said.items():
                page.cell(row, column[heading]).value = value
        book.save(into)
        return into


def month(place: Path, as_of: date, form: Callable[[Path], object] = lambda folder: None, **more) -> Month:
    folder = write_folder(place / f"extracts-{as_of}", **tables(**more))
    (folder / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    form(folder)
    return Month(wash_extracts(Request(folder, as_of, place / "outputs")))


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("panel")


@pytest.fixture(scope="module")
def september(place: Path) -> Month:
    return month(place, SEPTEMBER)


ACACIA, BREWERY, CASTLE = (home.address for home in (ASHDOWN, BIRCHALL, CORRIGAN))


@pytest.fixture(scope="module")
def october(place: Path, september: Month) -> Month:
    """Health fills in one copy, the panel another, and somebody adds a row about a family that is none."""
    def forms(folder: Path) -> None:
        september.fill(folder / "panel_form - health.xlsx", {
            (ACACIA, "Health"): {"Known to us": "Yes", "Working since": date(2013, 5, 1), "Service": "Health visitor",
                                 "We would lead": "Y", "View": "Offer"},
            (CASTLE, "Health"): {"Known to us": "N"},
            (CASTLE, None): {"Agency": "Youth club", "Known to us": "Y", "Note": "twice a week"}})
        copy = september.fill(folder / "Panel form (2).xlsx", {
            (ACACIA, "Panel"): {"Decision": "defer", "Decided on": "09/10/2013", "Come back on": date(2013, 11, 15)},
            (CASTLE, "Panel"): {"Decision": "Offered", "Decided on": date(2013, 10, 9)}})
        book = openpyxl.load_workbook(copy)
        book["Panel form"].append([None, "F9999999", None, None, "Housing", "Y"])
        book["Panel form"].append([None, september.family(CASTLE), None, None, "Housing", "perhaps"])
        book.save(copy)

    return month(place, OCTOBER, forms)


@pytest.fixture(scope="module")
def november(place: Path, october: Month) -> Month:
    """The Corrigans of Brewery Lane have moved to those of Castle Street; the form about them comes back as CSV."""
    moved = {"address": CORRIGAN.address, "postcode": CORRIGAN.postcode, "uprn": CORRIGAN.uprn}
    homes = {BIRCHALL.address: moved}
    told = {name: [row | homes.get(row.get("address", ""), {}) for row in rows] for name, rows in tables().items()}

    def form(folder: Path) -> None:
        said = {"Decision": "decline", "Decided on": "2013-11-13"}
        filled = october.fill(folder / "old.xlsx", {(BREWERY, "Panel"): said})
        pd.read_excel(filled, sheet_name="Panel form", dtype=str).to_csv(folder / "panel_forms.csv", index=False)
        filled.unlink()

    return month(place, NOVEMBER, form, **told)


def test_the_form_has_a_row_for_each_agency_and_no_person(september: Month) -> None:
    page = openpyxl.load_workbook(september.washed.folder / "panel_form.xlsx")["Panel form"]
    rows = list(page.iter_rows(min_row=2, values_only=True))
    head = [cell.value for cell in page[1]]
    assert september.panel() == [ACACIA, CASTLE] != []
    assert [row[head.index("Agency")] for row in rows] == ["Panel", "Housing", "Health", None] * 2
    assert {row[head.index("Family")] for row in rows} == {
        "1 Acacia Road, Sandport, SP4 1AA; 1 child", "305 Castle Street, Sandport, SP5 3DD; 1 child"}
    text = " ".join(str(cell) for row in rows for cell in row)
    assert not [name for name in ("Kim", "Sandra", "Amira", "Joanne") if name in text]


def test_the_form_offers_words_where_they_may_stand_and_nowhere_else(september: Month) -> None:
    page = openpyxl.load_workbook(september.washed.folder / "panel_form.xlsx")["Panel form"]
    offered = {rule.formula1: str(rule.sqref) for rule in page.data_validations.dataValidation}
    column = {cell.value: cell.column_letter for cell in page[1]}
    assert offered['"offer,defer,decline"'] == " ".join(f"{column['Decision']}{row}" for row in (2, 6))
    view = column["View"]
    assert offered['"offer,wait,decline"'] == f"{view}3:{view}5 {view}7:{view}9"


def test_the_next_wash_reads_the_copies_as_one_form(september: Month, october: Month) -> None:
    answers = october.table("panel_answers").set_index("agency")
    assert sorted(answers.index) == ["Health", "Health", "Youth club"]
    health = answers.loc["Health"].set_index("family_id").loc[september.family(ACACIA)]
    assert health[["known_to_us", "service", "we_would_lead", "view"]].tolist() == ["Y", "Health visitor", "Y", "offer"]
    assert str(health["working_since"]) == "2013-05-01"
    panels = october.table("panel_history").set_index("family_id")
    assert panels.loc[september.family(ACACIA), ["decision", "back_on"]].astype(str).tolist() == ["defer", "2013-11-15"]
    assert panels.loc[september.family(CASTLE), ["decision", "decided_on"]].astype(str).tolist() == [
        "offer", "2013-10-09"]


def test_what_the_forms_say_is_counted_and_what_they_cannot_mean_is_listed(october: Month) -> None:
    counts = october.counts()
    wanted = {"panel_form_rows": 17, "panel_form_rows_not_filled_in": 11, "panel_form_answers": 3, "panel_decisions": 2,
              "panel_form_issues": 2, "panel_listed": 1}
    assert {name: counts[name] for name in wanted} == wanted
    issues = october.table("panel_form_issues")
    assert issues[["file", "row_number", "issue"]].to_numpy().tolist() == [
        ["Panel form (2).xlsx", 10, "unknown_family"], ["Panel form (2).xlsx", 11, "code_unknown"]]
    assert (october.washed.folder / "panel_rows_to_mend.xlsx").exists()


def test_a_service_of_a_form_is_one_and_makes_an_agency_that_is_involved(september: Month, october: Month) -> None:
    services = october.table("services").query("source == 'form'")
    assert sorted(services["agency"]) == ["Health", "Youth club"]
    home = october.family(ACACIA)
    lists = [one.table("master_list").set_index("family_id") for one in (september, october)]
    reasons = [listed.loc[home, "rank_reasons"] for listed in lists]
    assert "agencies: 3 (6 points)" in reasons[0]
    assert "agencies: 4 (8 points)" in reasons[1]
    assert "months waiting: 1 (1 points)" in reasons[1]
    unled = october.table("no_lead").set_index("family_id")
    assert (unled.loc[home, "services"], unled.loc[home, "would_lead"]) == (3, "Health")


def test_no_family_is_put_twice_and_a_deferred_one_comes_back(
    september: Month, october: Month, november: Month
) -> None:
    assert (september.panel(), october.panel(), november.panel()) == ([ACACIA, CASTLE], [BREWERY], [ACACIA])


def test_a_form_about_a_family_that_has_merged_since_finds_it(october: Month, november: Month) -> None:
    left, stayed = october.family(BREWERY), october.family(CASTLE)
    now = november.family(CASTLE)
    assert now in (left, stayed)
    panels = november.table("panel_history").query("family_id == @now").set_index("put_as")
    assert panels.loc[left, ["decision", "decided_on"]].astype(str).tolist() == ["decline", "2013-11-13"]
    assert panels.loc[stayed, "decision"] == "offer"
    assert november.table("panel_form_issues").empty
    assert not (november.washed.folder / "panel_rows_to_mend.xlsx").exists()


def test_answers_are_carried_from_month_to_month(november: Month) -> None:
    assert sorted(november.table("services").query("source == 'form'")["agency"]) == ["Health", "Youth club"]


def test_a_wash_that_lists_nobody_has_an_empty_form(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "extracts", attendance=[pupil(KIM)], youth_offending=[offence(KIM, proven="N")])
    nobody = Month(wash_extracts(Request(folder, SEPTEMBER, tmp_path / "outputs")))
    assert nobody.panel() == []
    page = openpyxl.load_workbook(nobody.washed.folder / "panel_form.xlsx")["Panel form"]
    assert page.max_row == 1
