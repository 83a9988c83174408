"""One extract taken in: which rows are accepted, which are quarantined and why, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.ingest import Ingested
from pipeline.intake.validation import check_values
from schemas.errors import ExtractRefusedError
from schemas.extracts import EXTRACTS
from schemas.person import PROVENANCE_COLUMNS
from schemas.published import Quarantine
from schemas.rules import RULES, Outcome
from schemas.working import Restricted
from tests.builders import (
    AMIRA,
    KIM,
    LEON,
    SANDRA,
    Row,
    claimant,
    contact,
    exclusion,
    incident,
    indicator,
    offence,
    out_of_school,
    pupil,
    school,
    upn,
    write_rows,
)
from tests.pipeline.intake.folders import attendance, ingest, ingest_rows, minimal
from tests.privacy.planted import planted_row


NOWHERE = {"address": "", "postcode": "", "uprn": ""}
NOBODY = {"forename": "", "surname": "", "date_of_birth": ""}
JOB = {"forename": "Sandra", "surname": "Ashdown", "date_of_birth": "1976-08-02", "started_on": "2013-01-07"}
MEMBER = {"forename": "Kim", "surname": "Ashdown", "date_of_birth": "2001-03-14", "family_ref": "F1"}
REJECTED: list[tuple[str, str, Row]] = [
    ("required_missing", "attendance", attendance(school_urn="")),
    ("required_missing", "attendance", attendance(term="NULL")),
    ("required_missing", "exclusions", exclusion(LEON, "")),
    ("code_unknown", "attendance", attendance(term="Michaelmas")),
    ("code_unknown", "attendance", attendance(enrolment_status="Q")),
    ("code_unknown", "asb", incident(LEON, "shouting")),
    ("academic_year_unreadable", "attendance", attendance(academic_year="2012")),
    ("academic_year_ahead", "attendance", attendance(academic_year="2014/15")),
    ("count_unreadable", "attendance", attendance(sessions_possible="many")),
    ("number_negative", "attendance", attendance(sessions_unauthorised="-1")),
    ("number_too_large", "attendance", attendance(sessions_possible="5000")),
    ("sessions_exceed_possible", "attendance", attendance(sessions_authorised="118")),
    ("reasons_exceed_possible", "attendance", attendance(reason_g="100", reason_u="21")),
    ("date_unreadable", "exclusions", exclusion(LEON, "sometime")),
    ("date_unreadable", "exclusions", exclusion(LEON, "31/02/2013")),
    ("date_two_digit_year", "exclusions", exclusion(LEON, "13/05/13")),
    ("date_too_early", "exclusions", exclusion(LEON, "1812-05-13")),
    ("date_too_late", "exclusions", exclusion(LEON, "2014-10-01")),
    ("born_after_as_of", "exclusions", exclusion(LEON, date_of_birth="2013-10-01")),
    ("born_too_long_ago", "exclusions", exclusion(LEON, date_of_birth="1890-10-01")),
    ("end_before_start", "education_status", out_of_school(LEON, end_date="2012-01-01")),
    ("no_surname", "youth_offending", offence(KIM, surname="")),
    ("no_surname", "youth_offending", offence(KIM, surname="UNKNOWN")),
    ("no_surname", "asb", incident(LEON, surname="", address="", uprn="")),
    ("no_identity", "youth_offending", offence(KIM, date_of_birth="", postcode="", uprn="")),
    ("no_identity", "attendance", attendance(upn="X12", date_of_birth="", **NOWHERE)),
    ("no_date", "youth_offending", offence(KIM, offence_date="", outcome_date="")),
    ("no_date", "youth_offending", offence(KIM, offence_date="13/13/13", outcome_date="?")),
    ("child_not_identified", "contacts", contact(SANDRA, KIM, upn="")),
    ("child_not_identified", "contacts", contact(SANDRA, KIM, upn="", child_forename="Kim")),
    ("required_missing", "schools", school(name="")),
    ("required_missing", "referrals", MEMBER | {"referral_ref": "R1", "referred_on": "2013-01-01", "agency": ""}),
    ("number_too_large", "employment", JOB | {"hours_a_week": "400"}),
]
ACCEPTED: list[tuple[str, Row]] = [
    ("attendance", attendance(date_of_birth="", **NOWHERE)),
    ("youth_offending", offence(KIM, date_of_birth="", postcode="3212", uprn="")),
    ("attendance", attendance(upn="", date_of_birth="", uprn="")),
    ("attendance", attendance(upn="", address="", postcode="")),
    ("exclusions", exclusion(LEON, **NOBODY, **NOWHERE)),
    ("education_status", out_of_school(LEON, **NOBODY, **NOWHERE)),
    ("asb", incident(LEON, **NOBODY)),
    ("asb", incident(LEON, **NOBODY, address="", postcode="")),
    ("local_indicators", indicator(LEON, **NOBODY, uprn="")),
    ("dwp_benefits", claimant(SANDRA, **NOBODY, **NOWHERE, request_ref="D1")),
    ("dwp_benefits", claimant(SANDRA, **NOBODY, **NOWHERE, nino="AB123456C")),
    ("contacts", contact(SANDRA, KIM, date_of_birth="", **NOWHERE)),
    ("contacts", contact(SANDRA, KIM, upn="", child_forename="Kim", child_surname="Ashdown")),
    ("youth_offending", offence(KIM, offence_date="")),
    ("employment", JOB | {"hours_a_week": "16.5", "progress_to_work": "ESF"}),
    ("caseload", MEMBER | {"attached_on": "01/02/2013", "tier": "Super light"}),
    ("claims", {"family_ref": "F1", "claimed_on": "2013-02-01", "route": "A", "amount": "£700"}),
    ("schools", school(kind="Academy")),
]


@pytest.mark.parametrize(
    ("rule", "extract", "row"), REJECTED, ids=[f"{r}-{e}-{n}" for n, (r, e, _) in enumerate(REJECTED)]
)
def test_a_row_that_breaks_a_rule_is_quarantined_under_its_code(
    tmp_path: Path, rule: str, extract: str, row: Row
) -> None:
    done = ingest_rows(extract, tmp_path, [row])
    assert done.quarantine["rule"].tolist() == [rule]
    assert done.quarantine["row_number"].tolist() == [2]
    assert done.clean.empty


@pytest.mark.parametrize(("extract", "row"), ACCEPTED, ids=[f"{e}-{n}" for n, (e, _) in enumerate(ACCEPTED)])
def test_a_row_that_says_whom_or_what_it_is_about_is_accepted(tmp_path: Path, extract: str, row: Row) -> None:
    done = ingest_rows(extract, tmp_path, [row])
    assert done.quarantine["rule"].tolist() == []
    assert len(done.clean) == 1


@pytest.mark.parametrize(("given", "kept"), [("3212", "3212"), ("d-10115", "D10115"), ("SPA 1AA", "SPA 1AA")])
def test_a_postcode_that_is_foreign_or_misspelt_is_kept_and_counted(tmp_path: Path, given: str, kept: str) -> None:
    done = ingest_rows("attendance", tmp_path, [attendance(postcode=given)])
    assert done.clean["postcode"].tolist() == [kept]
    assert done.notes["postcode_foreign: postcode"] == 1


CLEARED = [
    ("upn_form", "upn", "12345"),
    ("upn_check_letter", "upn", "A301200008001"),
    ("postcode_form", "postcode", "LS1"),
    ("uprn_form", "uprn", "1.0E+11"),
    ("sex_unknown", "sex", "Q"),
    ("name_without_letters", "forename", "123"),
    ("placeholder", "forename", "BABY"),
    ("placeholder", "upn", "UN1"),
    ("placeholder", "postcode", "ZZ99 3VZ"),
    ("placeholder", "date_of_birth", "01/01/1900"),
    ("date_unreadable", "date_of_birth", "30/02/2001"),
    ("date_two_digit_year", "date_of_birth", "14/03/01"),
    ("count_unreadable", "sessions_authorised", "x"),
    ("leaving_before_entry", "leaving_date", "2009-01-01"),
]


@pytest.mark.parametrize(("rule", "column", "value"), CLEARED, ids=[f"{r}-{c}" for r, c, _ in CLEARED])
def test_a_value_that_is_wrong_is_cleared_and_its_row_kept(tmp_path: Path, rule: str, column: str, value: str) -> None:
    done = ingest_rows("attendance", tmp_path, [attendance(entry_date="2010-09-01") | {column: value}])
    assert done.clean[column].isna().tolist() == [True]
    assert done.notes == {f"{rule}: {column}": 1}


def test_a_wrong_nino_is_cleared_and_its_row_kept(tmp_path: Path) -> None:
    done = ingest_rows("dwp_benefits", tmp_path, [claimant(SANDRA, nino="QQ123456C")])
    assert done.clean["nino"].isna().tolist() == [True]
    assert done.notes == {"nino_form: nino": 1}


def test_a_wrong_amount_is_cleared_and_its_row_kept(tmp_path: Path) -> None:
    done = ingest_rows("claims", tmp_path, [{"family_ref": "F1", "claimed_on": "2013-02-01", "amount": "lots"}])
    assert done.clean["amount"].isna().tolist() == [True]
    assert done.notes == {"amount_unreadable: amount": 1}


def test_a_slip_of_month_and_day_is_cleared_where_the_column_may_be_empty(tmp_path: Path) -> None:
    rows = [attendance(date_of_birth="14/03/2001") for _ in range(30)] + [attendance(date_of_birth="03/14/2001")]
    done = ingest_rows("attendance", tmp_path, rows)
    assert done.notes["date_month_first: date_of_birth"] == 1
    assert len(done.clean) == 31


def test_an_outcome_before_its_offence_is_only_counted(tmp_path: Path) -> None:
    done = ingest_rows("youth_offending", tmp_path, [offence(KIM, outcome_date="2013-01-01")])
    assert done.notes == {"outcome_before_offence: outcome_date": 1}
    assert done.clean["outcome_date"].notna().all()


TESTED_ELSEWHERE = {"repeated_file", "join_several", "join_none", "spread_unreadable", "spread_elsewhere"}
COUNTED_HERE = {
    "postcode_foreign",
    "outcome_before_offence",
    "duplicate_row",
    "unknown_column",
    "nino_form",
    "amount_unreadable",
    "date_month_first",
}
GUARDS = {"value_malformed"}
"""Rules that only a mistake of ours would let a row break."""


def test_every_rule_has_a_row_that_breaks_it() -> None:
    shown = {rule for rule, _, _ in REJECTED} | {rule for rule, _, _ in CLEARED} | COUNTED_HERE | TESTED_ELSEWHERE
    assert set(RULES) == shown | GUARDS


def test_a_row_that_breaks_several_rules_is_one_row_and_says_them_all(tmp_path: Path) -> None:
    done = ingest_rows("attendance", tmp_path, [attendance(term="x", academic_year="soon", sessions_possible="")])
    (row,) = done.quarantine.itertuples()
    assert row.rule == "academic_year_unreadable"
    assert row.message.endswith("; also code_unknown in term, required_missing in sessions_possible")


def test_a_rule_on_a_column_that_the_file_has_not_has_no_value_to_keep(tmp_path: Path) -> None:
    row = offence(KIM, outcome_date="")
    row.pop("offence_date")
    done = ingest_rows("youth_offending", tmp_path, [row])
    assert done.restricted[["rule", "column"]].to_numpy().tolist() == [["no_date", "offence_date"]]
    assert done.restricted["value"].isna().all()


def test_the_tables_are_of_their_models_and_only_the_restricted_one_has_the_value(tmp_path: Path) -> None:
    done = ingest_rows("attendance", tmp_path, [attendance(), attendance(term="Michaelmas")])
    EXTRACTS["attendance"].model.validate(done.clean, lazy=True)
    Quarantine.validate(done.quarantine, lazy=True)
    Restricted.validate(done.restricted, lazy=True)
    assert done.restricted["value"].tolist() == ["Michaelmas"]
    assert not done.quarantine.map(lambda cell: "Michaelmas" in str(cell)).any(axis=None)


def test_a_clean_row_says_where_it_came_from_and_is_in_standard_form(tmp_path: Path) -> None:
    row = attendance(upn=KIM.upn.lower(), postcode="sp41aa", uprn="000100010001", sex="Female", term="SUM")
    done = ingest_rows("attendance", tmp_path, [row | {"academic_year": "2012-13", "date_of_birth": "14-Mar-2001"}])
    (file,) = done.files
    (clean,) = done.clean.itertuples()
    assert clean.record_id == f"attendance:{file.sha256[:10]}:2"
    assert (clean.file, clean.file_sha256, clean.row_number) == ("attendance.csv", file.sha256, 2)
    assert (clean.upn, clean.postcode, clean.uprn) == (KIM.upn, "SP4 1AA", "100010001")
    assert (clean.sex, clean.term, clean.academic_year) == ("F", "summer", "2012/13")
    assert clean.date_of_birth == pd.Timestamp("2001-03-14")


def test_headers_are_matched_whatever_their_case_and_spacing_and_others_are_kept_out(tmp_path: Path) -> None:
    row = {key.replace("_", " ").title(): value for key, value in attendance().items()} | {"Ethnicity": "X", "FSM": "Y"}
    done = ingest_rows("attendance", tmp_path, [row])
    assert len(done.clean) == 1
    assert done.notes == {"unknown_column": 2}
    assert done.dropped["heading"].tolist() == ["Ethnicity", "FSM"]
    assert [file.columns_dropped for file in done.files] == [2]
    assert tuple(done.clean.columns[4:]) == EXTRACTS["attendance"].columns


def test_headers_that_differ_only_in_spacing_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefusedError, match="same but for case and spacing"):
        ingest_rows("attendance", tmp_path, [attendance() | {"School URN": "100002"}])


@pytest.mark.parametrize("extract", ["attendance", "youth_offending", "contacts", "asb"])
def test_a_file_without_headings_is_refused_and_no_value_of_its_first_row_is_said(extract: str, tmp_path: Path) -> None:
    folder = minimal(tmp_path / "extracts")
    rows = [list(planted_row(extract).values()), ["zqashdown", "Zqashdown ", *list(planted_row(extract).values())[2:]]]
    for number, row in enumerate(rows):
        file = folder / f"{extract}.csv"
        file.write_text("\n".join(",".join(row) for _ in range(2 + number)), encoding="utf-8")
        with pytest.raises(ExtractRefusedError) as refused:
            ingest(extract, folder)
        said = str(refused.value).casefold()
        assert "zq" not in said
        assert [value for value in row if value.casefold() in said.replace("(", " ").split()] == []


def test_rows_that_say_the_same_are_accepted_and_counted(tmp_path: Path) -> None:
    folder = minimal(tmp_path / "extracts", attendance=[attendance(), attendance()])
    write_rows(folder / "attendance-again.csv", [attendance(), attendance(term="spring")])
    done = ingest("attendance", folder)
    assert len(done.clean) == 4
    assert done.notes == {"duplicate_row": 2}


# refusals


def test_a_missing_required_column_names_file_column_nearest_header_and_remedy(tmp_path: Path) -> None:
    row = attendance()
    row["Sesions Unauth"] = row.pop("sessions_unauthorised")
    with pytest.raises(ExtractRefusedError) as refusal:
        ingest_rows("attendance", tmp_path, [row])
    text = str(refusal.value)
    for part in ("attendance.csv", "sessions_unauthorised", "'Sesions Unauth'", "datawash map attendance.csv"):
        assert part in text


def test_a_file_in_which_nothing_says_whom_it_is_about_is_refused(tmp_path: Path) -> None:
    row = {"offence_date": "2013-01-01", "proven": "Y", "Family name": "Ashdown"}
    with pytest.raises(ExtractRefusedError, match="youth_offending must have surname"):
        ingest_rows("youth_offending", tmp_path, [row])


def test_too_many_rejected_rows_refuse_the_extract_with_the_commonest_rules(tmp_path: Path) -> None:
    bad = [attendance(term="Michaelmas")] * 3 + [attendance(school_urn="")] * 2 + [attendance(academic_year="soon")]
    good = [attendance(sessions_possible=str(number)) for number in range(40, 80)]
    with pytest.raises(ExtractRefusedError) as refusal:
        ingest_rows("attendance", tmp_path, [*good, *bad, attendance(sessions_possible="-1")], at_most=0.1)
    text = str(refusal.value)
    assert "7 of 47 rows (14.9%)" in text
    assert "code_unknown: 3 rows, the first attendance.csv row 42" in text
    assert text.count("\n- ") == 3
    assert "Michaelmas" not in text
    assert len(ingest_rows("attendance", tmp_path / "settable", [*good, *bad], at_most=0.2).clean) == 40


def test_a_tenth_exactly_is_not_too_much(tmp_path: Path) -> None:
    rows = [attendance(sessions_possible=str(number)) for number in range(40, 49)] + [attendance(term="x")]
    assert len(ingest_rows("attendance", tmp_path, rows, at_most=0.1).quarantine) == 1


def test_rows_filled_in_by_hand_go_back_one_by_one_and_never_stop_the_others(tmp_path: Path) -> None:
    good = {"family_id": "F0000001", "agency": "Health", "view": "wait"}
    wrong = [good | {"view": "maybe"}, good | {"working_since": "last year"}, good | {"family_id": ""}]
    done = ingest_rows("panel_forms", tmp_path, [good, *wrong])
    assert len(done.clean) == 1
    assert done.quarantine[["row_number", "rule", "column"]].to_numpy().tolist() == [
        [3, "code_unknown", "view"], [4, "date_unreadable", "working_since"], [5, "required_missing", "family_id"]]


def test_what_a_form_shows_and_nobody_reads_back_is_not_told_as_unknown(tmp_path: Path) -> None:
    done = ingest_rows("panel_forms", tmp_path, [{"Family ID": "F0000001", "Family": "1 Elm Row", "Rank": "1"}])
    assert done.notes == {}
    assert len(done.clean) == 1


@pytest.mark.parametrize(
    "switch", [{"PANDERA_VALIDATION_ENABLED": "False"}, {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"}]
)
def test_validation_that_is_switched_off_is_an_error(tmp_path: Path, switch: dict[str, str]) -> None:
    script = (
        "import sys\n"
        "from schemas.errors import UsageError\n"
        "from pipeline.intake.validation import require_validation\n"
        "try:\n    require_validation()\nexcept UsageError as error:\n    sys.exit(str(error))\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env=os.environ | switch, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "PANDERA_VALIDATION_ENABLED" in done.stderr


def test_a_table_that_is_not_of_its_kind_stops_the_wash_and_shows_no_value(tmp_path: Path) -> None:
    clean = ingest_rows("schools", tmp_path, [school(name="Canary Primary")]).clean
    parsed = clean.drop(columns=list(PROVENANCE_COLUMNS))
    assert check_values(parsed, EXTRACTS["schools"]) == []
    with pytest.raises(AssertionError, match="schools: the parsed table is not of its kind") as stopped:
        check_values(parsed.drop(columns="school_urn"), EXTRACTS["schools"])
    assert "Canary" not in str(stopped.value)


# laws

CANARIES = {
    "surname": "Zyxwvsmith",
    "forename": "Qwertyforename",
    "address": "99 Canary Wharf Lane",
    "upn": "X99CANARY9999",
}
CELLS = {
    "term": st.sampled_from(["autumn", "Spring", "9", ""]),
    "academic_year": st.sampled_from(["2012/13", "2012", "2019/20"]),
    "sessions_possible": st.sampled_from(["120", "-1", "x", "", "2"]),
    "date_of_birth": st.sampled_from(["2001-03-14", "14/03/01", "1850-01-01", "01/01/1900", ""]),
    "upn": st.sampled_from([upn(1), upn(2), "UN1", "A1", ""]),
    "surname": st.sampled_from(["Ashdown", "UNKNOWN", ""]),
}
ROWS = st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=12)


@settings(derandomize=True, deadline=None, max_examples=12)
@given(rows=ROWS)
def test_rows_are_conserved(tmp_path_factory: pytest.TempPathFactory, rows: list[Row]) -> None:
    done = ingest_rows("attendance", tmp_path_factory.mktemp("law"), [attendance() | row for row in rows])
    (file,) = done.files
    assert file.rows_read == len(rows) == len(done.clean) + len(done.quarantine)
    assert (file.rows_accepted, file.rows_quarantined) == (len(done.clean), len(done.quarantine))
    seen = sorted([*done.clean["row_number"], *done.quarantine["row_number"]])
    assert seen == list(range(2, len(rows) + 2))


@settings(derandomize=True, deadline=None, max_examples=8)
@given(rows=ROWS, cut=st.integers(1, 11))
def test_how_rows_are_split_into_files_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, rows: list[Row], cut: int
) -> None:
    whole = [attendance(school_name=f"School {number}") | row for number, row in enumerate(rows)]
    together = ingest_rows("attendance", tmp_path_factory.mktemp("law"), whole)
    folder = minimal(tmp_path_factory.mktemp("law") / "extracts", attendance=whole[:cut])
    if whole[cut:]:
        write_rows(folder / "attendance-more.csv", whole[cut:])
    apart = ingest("attendance", folder, {"max_quarantined_share": 1.0})
    assert said(apart) == said(together)


def said(done: Ingested) -> tuple:
    """What the rows of an extract say, whatever file and row they stand in."""
    own = done.clean.drop(columns=["record_id", "file", "file_sha256", "row_number"]).astype(str)
    rules = done.quarantine[["rule", "column", "message"]].astype(str)
    return sorted(own.itertuples(index=False, name=None)), sorted(rules.itertuples(index=False, name=None)), done.notes


def test_no_message_holds_a_value(tmp_path: Path) -> None:
    rows = [attendance() | CANARIES | change for change in ({"term": "Zyxterm"}, {"sessions_possible": "Zyxmany"}, {})]
    done = ingest_rows("attendance", tmp_path, [*rows, attendance() | CANARIES | {"date_of_birth": "Zyxday"}])
    words = " ".join([*done.quarantine["message"], *done.notes])
    with pytest.raises(ExtractRefusedError) as refusal:
        ingest_rows("attendance", tmp_path / "refused", rows, at_most=0)
    for value in (*CANARIES.values(), "Zyxterm", "Zyxmany", "Zyxday"):
        assert value not in words + str(refusal.value)


def test_nothing_of_the_order_of_rows_shows_in_the_clean_table(tmp_path: Path) -> None:
    rows = [*pupil(KIM), *pupil(LEON), *pupil(AMIRA)]
    first = ingest_rows("attendance", tmp_path / "a", rows)
    second = ingest_rows("attendance", tmp_path / "b", rows[::-1])
    assert said(first) == said(second)


def test_outcomes_of_rules_are_those_that_the_tests_show() -> None:
    cleared = {rule for rule, _, _ in CLEARED} - {"placeholder"}
    assert all(RULES[rule].outcome is Outcome.CLEAR for rule in cleared)
