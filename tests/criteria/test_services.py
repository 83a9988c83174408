"""Who works with a family, and who has many services and no lead."""

import pandas as pd

from criteria.services import no_lead, services_of_forms
from schemas.programme import NoLead, Services
from tests.criteria.test_families import listed
from tests.criteria.test_panel_forms import read
from tests.criteria.town import Town


def rows(services: pd.DataFrame) -> list[tuple]:
    Services.validate(services)
    return list(services[["family_id", "agency", "source", "leads"]].itertuples(index=False, name=None))


def test_services_are_whose_evidence_counts_and_who_leads_an_open_case():
    town = listed(listed(Town(), "A"), "B").row("caseload", "Mum of A", lead_agency="Early Help", tier="light")
    town.row("caseload", "Mum of B", lead_agency="Gone", closed_on="2013-08-01")
    town.row("caseload", "Mum of B", lead_agency="Not yet", attached_on="2013-10-01")
    found = town.assess()
    assert rows(found.services) == [
        ("FA", "Early Help", "caseload", True), ("FA", "Health", "evidence", False),
        ("FA", "Police", "evidence", False),
        ("FB", "Health", "evidence", False), ("FB", "Police", "evidence", False)]
    assert found.services["service"].dropna().tolist() == ["light"]
    assert found.on_programme["family_id"].tolist() == ["FA"]


def test_a_family_on_the_programme_has_services_though_it_is_not_listed():
    town = Town().family("H", adults=["Mum"]).row("local_indicators", "Mum", agency="Health").row("caseload", "Mum")
    town.family("Other", children={"Ann": "2001-01-01"}).row("local_indicators", "Ann")
    assert rows(town.assess().services) == [
        ("FH", "Early Help", "caseload", True), ("FH", "Health", "evidence", False)]


def test_an_open_case_without_a_lead_is_on_the_programme():
    found = listed(Town()).row("caseload", "Kit of H", lead_agency=None).assess()
    assert found.on_programme["family_id"].tolist() == ["FH"]
    assert not found.services["leads"].any()


def test_a_form_tells_of_services_and_of_none_that_leads():
    answers = read({"family_id": "A", "agency": "Health", "known_to_us": "Y", "we_would_lead": "Y"},
                   {"family_id": "A", "agency": "Police", "known_to_us": "N"},
                   {"family_id": "B", "agency": "Housing", "working_since": "2013-01-01",
                    "service": "Floating support"}).answers
    services = services_of_forms(answers)
    assert rows(services) == [("A", "Health", "form", False), ("B", "Housing", "form", False)]
    assert services["service"].tolist()[1] == "Floating support"
    assert services["since"].astype(str).tolist()[1] == "2013-01-01"


def test_families_with_many_services_and_no_lead_are_shown_with_who_would():
    answers = read({"family_id": "A", "agency": "Health", "known_to_us": "Y", "we_would_lead": "Y"},
                   {"family_id": "A", "agency": "police", "known_to_us": "Y"},
                   {"family_id": "B", "agency": "Health", "known_to_us": "Y"},
                   {"family_id": "B", "agency": "Housing", "known_to_us": "Y"}).answers
    evidence = pd.DataFrame({"family_id": ["A", "A", "B"], "agency": ["Police", "School", "YOT"], "source": "evidence",
                             "leads": [False, False, True], "since": pd.NaT, "service": None})
    forms = services_of_forms(answers)
    services = pd.concat([forms, evidence.astype(forms.dtypes)], ignore_index=True)
    found = no_lead(services, answers, 3)
    NoLead.validate(found)
    assert found.to_numpy().tolist() == [["A", 3, "Health; Police; School", "Health"]]
    assert no_lead(services, answers, 4).empty


def service(family: str, agency: str, leads: bool = False) -> dict:
    return {"family_id": family, "agency": agency, "source": "evidence", "leads": leads, "since": pd.NaT,
            "service": None}


def test_an_agency_is_one_however_its_name_is_written_and_a_lead_is_enough() -> None:
    said = read({"family_id": "A", "agency": "Police", "we_would_lead": "Y"},
                {"family_id": "A", "agency": "Health", "we_would_lead": "Y"},
                {"family_id": "A", "agency": "Housing", "we_would_lead": "N"},
                {"family_id": "C", "agency": "Health", "known_to_us": "Y"}).answers
    rows = [service("C", "school"), service("C", "Police"), service("A", "health"), service("A", " Health "),
            service("A", "HEALTH"), service("A", "Police"), service("B", "Police"), service("B", "Health"),
            service("B", "Housing", leads=True), service("D", "Police")]
    table = pd.DataFrame(rows)[list(services_of_forms(said).columns)].astype(services_of_forms(said).dtypes)
    found = no_lead(table, said, 2)
    NoLead.validate(found)
    assert found["family_id"].tolist() == ["A", "C"], "B has a lead, D has one service alone"
    assert found["services"].tolist() == [2, 2]
    assert found["agencies"].tolist() == [" Health ; Police", "Police; school"]
    assert found["would_lead"].fillna("").tolist() == ["Health; Police", ""]
    assert no_lead(table, said, 1)["family_id"].tolist() == ["A", "C", "D"]


def test_who_knows_a_family_works_with_it_whatever_the_answer_says_so() -> None:
    said = read({"family_id": "A", "agency": "Health", "known_to_us": "Y"},
                {"family_id": "A", "agency": "Police", "known_to_us": "N", "working_since": "2013-01-01"},
                {"family_id": "A", "agency": "School", "service": "Nurse"},
                {"family_id": "A", "agency": "Work", "view": "offer"}).answers
    assert rows(services_of_forms(said)) == [
        ("A", "Health", "form", False), ("A", "Police", "form", False), ("A", "School", "form", False)]
