"""What every extract holds: columns as docs/extracts.md names them, kinds, required columns, codes."""

import pytest

from schemas.codes import codes, plain
from schemas.columns import TEXT
from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.nearest import nearest
from schemas.person import PERSON_COLUMNS, PROVENANCE_COLUMNS
from schemas.rules import RULES, Outcome, message


SPECS = pytest.mark.parametrize("spec", EXTRACTS.values(), ids=lambda spec: spec.name)
OWN = {
    "attendance": "upn school_urn school_name enrolment_status entry_date leaving_date academic_year term "
    "sessions_possible sessions_authorised sessions_unauthorised reason_g reason_n reason_o reason_u",
    "exclusions": "upn school_urn category start_date sessions reason",
    "education_status": "upn status because_excluded start_date end_date",
    "youth_offending": "yot_ref offence_date offence outcome outcome_date proven",
    "asb": "case_ref role kind event_date agency",
    "dwp_benefits": "request_ref status nino benefit start_date end_date as_at",
    "local_indicators": "indicator start_date end_date agency ref",
    "referrals": "referral_ref referred_on agency reason",
    "contacts": "upn child_forename child_surname child_date_of_birth relationship",
    "caseload": "family_ref attached_on first_contact_on tier lead_agency closed_on",
    "employment": "started_on ended_on hours_a_week evidence prior_benefit progress_to_work",
    "claims": "family_ref claimed_on route amount",
    "schools": "school_urn school_name kind",
    "panel_forms": "family_id put_on agency known_to_us working_since service we_would_lead view note decision "
    "decided_on come_back_on",
}


def test_the_extracts_are_those_of_the_contract() -> None:
    assert tuple(EXTRACTS) == tuple(OWN)


@SPECS
def test_own_columns_come_first_and_person_columns_last(spec: ExtractSpec) -> None:
    person = PERSON_COLUMNS if spec.name not in ("claims", "schools", "panel_forms") else ()
    assert spec.columns == (*OWN[spec.name].split(), *person)
    assert spec.person == bool(person)


@SPECS
def test_a_clean_table_without_rows_is_of_its_model(spec: ExtractSpec) -> None:
    empty = spec.empty()
    spec.model.validate(empty, lazy=True)
    assert tuple(empty.columns) == (*PROVENANCE_COLUMNS, *spec.columns)
    assert empty["record_id"].dtype == TEXT


@SPECS
def test_what_is_required_is_what_the_model_does_not_let_be_empty(spec: ExtractSpec) -> None:
    columns = spec.model.to_schema().columns
    assert spec.required == tuple(name for name in spec.columns if not columns[name].nullable)


@SPECS
def test_codes_are_those_that_the_model_allows(spec: ExtractSpec) -> None:
    columns = spec.model.to_schema().columns
    checked = {
        name: check.statistics["allowed_values"]
        for name in spec.columns
        for check in columns[name].checks
        if check.name == "isin"
    }
    assert {name: tuple(known.allowed) for name, known in spec.codes.items()} == checked


@SPECS
def test_every_other_spelling_stands_for_an_allowed_code(spec: ExtractSpec) -> None:
    for known in spec.codes.values():
        assert set(known.also.values()) <= set(known.allowed)
        assert all(known.read(code) == code for code in known.allowed)


def test_a_code_is_read_whatever_its_case_and_spacing() -> None:
    known = codes("NOT_ON_ROLL", "EHE", home_educated="EHE")
    assert [known.read(word) for word in ("Not on roll", "not-on-roll", "HOME EDUCATED", "ehe ", "else")] == [
        "NOT_ON_ROLL",
        "NOT_ON_ROLL",
        "EHE",
        "EHE",
        None,
    ]
    assert plain(" Date  Of-Birth ") == "date_of_birth"


@pytest.mark.parametrize(
    ("word", "expected"),
    [("surnam", "surname"), ("Birth Date", "date_of_birth"), ("dateOfBirth", "date_of_birth"), ("qqqq", None)],
)
def test_the_nearest_word_is_named_if_it_is_near(word: str, expected: str | None) -> None:
    assert nearest(word, ["forename", "surname", "date_of_birth"]) == expected


def test_nearest_does_not_depend_on_order() -> None:
    words = ["aab", "aba", "baa"]
    assert nearest("aaa", words) == nearest("aaa", words[::-1]) == "aab"


def test_every_rule_says_what_is_wrong_and_quarantine_is_the_exception_for_identifiers() -> None:
    assert all(message(code, "x") for code in RULES)
    for code in ("upn_form", "upn_check_letter", "nino_form", "postcode_form", "uprn_form", "sex_unknown"):
        assert RULES[code].outcome is Outcome.CLEAR
