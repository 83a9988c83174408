"""A council's own layouts: columns, constants, values, dates and file names, tables joined and tables spread."""

import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pandas as pd
import pydantic
import pytest

from pipeline.intake.settings import ExtractsSettings
from schemas.errors import ExtractRefusedError
from tests.builders import AMIRA, KIM, LEON, SANDRA, Row, Someone, claimant, incident, write_rows
from tests.pipeline.intake.folders import attendance, ingest, minimal, source_of


CENSUS = tomllib.loads(
    """
    [[attendance]]
    files = "census/*_pupilonroll.csv"
    from_name = "{academic_year}_{term}_*"
    [attendance.columns]
    school_urn = "NativeId"
    surname = "Surname"
    preferred_surname = "PreferredSurname"
    forename = "Forename"
    middle_names = "MiddleNames"
    former_surname = "FormerSurname"
    sex = "Gender"
    date_of_birth = "DOB"
    entry_date = "EntryDate"
    enrolment_status = "EnrolStatus"
    sessions_possible = "TermlySessionsPossible"
    sessions_authorised = "TermlySessionsAuthorised"
    sessions_unauthorised = "TermlySessionsUnauthorised"
    [attendance.values.enrolment_status]
    F = "C"
    [[attendance.join]]
    files = "census/*_addressesonroll.csv"
    from_name = "{academic_year}_{term}_*"
    on = { pupilonrolltableid = "PupilOnRollTableId" }
    [attendance.join.columns]
    postcode = "PostCode"
    address = ["SAON", "PAON", "Street", "Locality", "Town"]
    [[attendance.spread]]
    files = "census/*_termlysessiondetailsonroll.csv"
    from_name = "{academic_year}_{term}_*"
    on = { PupilOnRollTableId = "pupilonrolltableid" }
    key = "AttendanceReason"
    value = "AbsenceSessions"
    prefix = "reason_"

    [[attendance]]
    files = "census/*_pupilnolongeronroll.csv"
    from_name = "{academic_year}_{term}_*"
    constants = { enrolment_status = "C" }
    [attendance.columns]
    school_urn = "NativeId"
    sex = "Gender"
    date_of_birth = "DOB"
    leaving_date = "LeavingDate"
    sessions_possible = "TermlySessionsPossible"
    sessions_authorised = "TermlySessionsAuthorised"
    sessions_unauthorised = "TermlySessionsUnauthorised"

    [[exclusions]]
    files = "census/*_termlyexclusionsonroll.csv"
    from_name = "{academic_year}_{term}_*"
    columns = { start_date = "StartDate", sessions = "Sessions" }
    [[exclusions.join]]
    files = "census/*_pupilonroll.csv"
    from_name = "{academic_year}_{term}_*"
    on = { PupilOnRollTableId = "PupilOnRollTableId" }
    columns = { upn = "UPN", surname = "Surname", forename = "Forename", school_urn = "NativeId" }
    """
)
NOT_NEEDED = dict.fromkeys(("FormerUPN", "Language", "NCYearActual"), 3)
NOT_NEEDED |= dict.fromkeys(("EntryDate", "FormerSurname", "MiddleNames", "PreferredSurname"), 1)
NOT_NEEDED |= {"PostTown": 2, "PupilNoLongerOnRollTableId": 1}
"""The headings of the census files that attendance does not need, and in how many files they stand."""
DOB = {KIM: "2001-Mar-14 00:00:00", LEON: "2000-Nov-27 00:00:00", AMIRA: "2002-Jun-05 00:00:00"}


def on_roll(number: int, child: Someone, possible: int, unauthorised: int, **changes: str) -> Row:
    own = {"PupilOnRollTableId": str(number), "NativeId": "3024001", "UPN": child.upn, "FormerUPN": ""}
    named = {"Surname": child.surname, "Forename": child.forename, "MiddleNames": "", "PreferredSurname": ""}
    more = {"FormerSurname": "", "Gender": child.sex, "DOB": DOB[child], "EntryDate": "2009-Sep-07 00:00:00"}
    absence = {"TermlySessionsPossible": str(possible), "TermlySessionsAuthorised": "4"}
    more |= {"EnrolStatus": "C", "NCYearActual": "7", "Language": "ENG"}
    return own | named | more | absence | {"TermlySessionsUnauthorised": str(unauthorised)} | changes


def left(number: int, child: Someone, possible: int, unauthorised: int) -> Row:
    row = on_roll(number, child, possible, unauthorised, LeavingDate="2013-Feb-08 00:00:00")
    row["PupilNoLongerOnRollTableId"] = row.pop("PupilOnRollTableId")
    row.pop("EnrolStatus")
    return row


def lives(number: int, child: Someone, saon: str = "", **changes: str) -> Row:
    paon, street, town = child.home.address.split(" ", 1)[0], *child.home.address.split(" ", 1)[1].split(", ")
    own = {
        "PupilOnRollTableId": str(number),
        "SAON": saon,
        "PAON": paon,
        "Street": street,
        "Locality": "",
        "Town": town,
    }
    return own | {"PostTown": town, "PostCode": child.home.postcode} | changes


def missed(number: int, reason: str, sessions: int | str) -> Row:
    return {"PupilOnRollTableId": str(number), "AttendanceReason": reason, "AbsenceSessions": str(sessions)}


def excluded(number: int, day: str, category: str = "FIXD") -> Row:
    return {"PupilOnRollTableId": str(number), "StartDate": day, "Sessions": "6", "Category": category, "Reason": "PP"}


@pytest.fixture
def census(tmp_path: Path) -> Path:
    """Two terms of the school census; pupil numbers are given out anew each term."""
    folder = minimal(tmp_path / "in")
    (folder / "attendance.csv").unlink()
    write(folder, "2012-13_summer_pupilonroll", [on_roll(1, KIM, 120, 30), on_roll(2, LEON, 118, 0, EnrolStatus="F")])
    write(
        folder, "2012-13_summer_addressesonroll", [lives(1, KIM, "Flat 2"), lives(1, KIM, PostCode=""), lives(2, LEON)]
    )
    write(
        folder, "2012-13_summer_termlysessiondetailsonroll", [missed(1, "G", 10), missed(1, "U", 15), missed(1, "U", 5)]
    )
    write(folder, "2012-13_summer_termlyexclusionsonroll", [excluded(1, "2013-May-13 00:00:00")])
    write(folder, "2012-13_spring_pupilonroll", [on_roll(1, LEON, 110, 2)])
    write(folder, "2012-13_spring_pupilnolongeronroll", [left(1, AMIRA, 60, 12)])
    write(folder, "2012-13_spring_addressesonroll", [lives(1, LEON)])
    write(
        folder, "2012-13_spring_termlysessiondetailsonroll", [missed(1, "O", 2), missed(1, "I", 3), missed(1, "N", "?")]
    )
    write(folder, "2012-13_spring_termlyexclusionsonroll", [excluded(1, "2013-Feb-25 00:00:00", "LNCH")])
    return folder


def write(folder: Path, name: str, rows: Iterable[Row]) -> None:
    (folder / "census").mkdir(exist_ok=True)
    write_rows(folder / "census" / f"{name}.csv", rows)


def by_pupil(table: pd.DataFrame, *columns: str) -> dict[tuple[str, str], tuple]:
    rows = (
        table[["forename", "term", *columns]].astype(object).where(table[["forename", "term", *columns]].notna(), None)
    )
    return {tuple(row[:2]): tuple(row[2:]) for row in rows.itertuples(index=False, name=None)}


def test_the_school_census_is_read_through_a_mapping(census: Path) -> None:
    done = ingest("attendance", census, CENSUS)
    assert done.quarantine.empty
    assert by_pupil(done.clean, "sessions_possible", "sessions_unauthorised", "enrolment_status") == {
        ("Kim", "summer"): (120, 30, "C"),
        ("Leon", "summer"): (118, 0, "C"),
        ("Leon", "spring"): (110, 2, "C"),
        ("Amira", "spring"): (60, 12, "C"),
    }
    assert set(done.clean["academic_year"]) == {"2012/13"}
    assert set(done.clean["school_urn"]) == {"3024001"}
    assert done.clean.set_index("forename")["leaving_date"].dropna().to_dict() == {"Amira": pd.Timestamp("2013-02-08")}
    assert done.clean.set_index("forename")["date_of_birth"]["Kim"] == pd.Timestamp("2001-03-14")


def test_addresses_come_from_their_own_file_of_the_same_term_and_the_fullest_is_kept(census: Path) -> None:
    done = ingest("attendance", census, CENSUS)
    assert by_pupil(done.clean, "address", "postcode") == {
        ("Kim", "summer"): ("Flat 2, 1, Acacia Road, Sandport", "SP4 1AA"),
        ("Leon", "summer"): ("22, Brewery Lane, Sandport", "SP4 2BB"),
        ("Leon", "spring"): ("22, Brewery Lane, Sandport", "SP4 2BB"),
        ("Amira", "spring"): (None, None),
    }
    assert done.notes["join_several: census/*_addressesonroll.csv"] == 1


def test_session_details_are_spread_into_the_four_reasons(census: Path) -> None:
    done = ingest("attendance", census, CENSUS)
    assert by_pupil(done.clean, "reason_g", "reason_n", "reason_o", "reason_u") == {
        ("Kim", "summer"): (10, 0, 0, 20),
        ("Leon", "summer"): (None, None, None, None),
        ("Leon", "spring"): (0, 0, 2, 0),
        ("Amira", "spring"): (None, None, None, None),
    }
    assert done.notes["spread_elsewhere: AttendanceReason"] == 1
    assert done.notes["spread_unreadable: AbsenceSessions"] == 1


def test_exclusions_find_their_pupil_in_the_same_term(census: Path) -> None:
    done = ingest("exclusions", census, CENSUS)
    rows = done.clean[["forename", "upn", "category", "school_urn", "sessions"]].itertuples(index=False, name=None)
    assert sorted(rows) == [("Kim", KIM.upn, "FIXD", "3024001", 6), ("Leon", LEON.upn, "LNCH", "3024001", 6)]


def test_files_of_a_mapping_are_all_told_and_joined_ones_have_no_rows_of_their_own(census: Path) -> None:
    done = ingest("attendance", census, CENSUS)
    rows = {file.name: file.rows_read for file in done.files}
    assert rows["2012-13_summer_pupilonroll.csv"] == 2
    assert rows["2012-13_summer_addressesonroll.csv"] == 0
    assert len(rows) == 7
    assert done.dropped["heading"].value_counts().to_dict() == NOT_NEEDED
    assert done.notes["unknown_column"] == sum(NOT_NEEDED.values())


def test_a_row_without_a_match_is_kept_and_counted(census: Path) -> None:
    write(census, "2012-13_spring_addressesonroll", [lives(99, LEON)])
    done = ingest("attendance", census, CENSUS)
    assert by_pupil(done.clean, "address")["Leon", "spring"] == (None,)
    assert done.notes["join_none: census/*_addressesonroll.csv"] == 1


def test_the_order_of_rows_in_a_joined_table_changes_nothing(census: Path) -> None:
    before = ingest("attendance", census, CENSUS).clean
    for path in sorted((census / "census").glob("*onroll.csv")):
        if "pupil" not in path.name:
            header, *rows = path.read_text(encoding="utf-8").splitlines()
            path.write_text("\n".join([header, *rows[::-1], ""]), encoding="utf-8")
    pd.testing.assert_frame_equal(ingest("attendance", census, CENSUS).clean, before)


def cases(tmp_path: Path, rows: list[Row], settings: str) -> pd.DataFrame:
    """A housing list of ASB cases read through a mapping."""
    folder = minimal(tmp_path / "in", cases=rows)
    (folder / "asb.csv").unlink()
    return ingest("asb", folder, {"max_quarantined_share": 1.0} | tomllib.loads(settings)).clean


def test_constants_values_and_dates(tmp_path: Path) -> None:
    rows = [
        {"Ref": "7", "What": "ABC signed", "When": "13.05.2013 ", "Family name": "Hall", "Born": "5/13/1990", "As": ""},
        {"Ref": "8", "What": "contract", "When": "2013-05-13", "Family name": "Hall", "Born": "5/4/1990", "As": "X"},
    ]
    clean = cases(
        tmp_path,
        rows,
        """
        [asb]
        files = ["cases.csv"]
        separator = ","
        encoding = "utf-8"
        constants = { agency = "Housing", uprn = 100010001 }
        columns.case_ref = "Ref"
        columns.kind = "what"
        columns.event_date = "When"
        columns.role = "As"
        columns.surname = "Family name"
        columns.date_of_birth = "Born"
        dates = { date_of_birth = "%m/%d/%Y" }
        values.kind = { "abc signed" = "contract" }
        values.role = { "" = "perpetrator", X = "victim" }
        """,
    )
    assert clean["kind"].tolist() == ["contract", "contract"]
    assert clean["role"].tolist() == ["perpetrator", "victim"]
    assert clean["date_of_birth"].tolist() == [pd.Timestamp("1990-05-13"), pd.Timestamp("1990-05-04")]
    assert clean["agency"].tolist() == ["Housing", "Housing"]
    assert clean["uprn"].tolist() == ["100010001", "100010001"]


def test_headers_of_canonical_name_need_no_mention_and_an_empty_list_leaves_one_out(tmp_path: Path) -> None:
    clean = cases(
        tmp_path,
        [incident(LEON)],
        '[asb]\nfiles = "cases.csv"\ncolumns = { agency = [], address = ["address", "postcode"] }',
    )
    assert clean["agency"].isna().all()
    assert clean["address"].tolist() == ["22 Brewery Lane, Sandport, SP4 2BB"]
    assert clean["postcode"].isna().all() or clean["postcode"].tolist() == ["SP4 2BB"]


def test_a_header_that_the_file_has_not_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefusedError, match=r"'Surnam' \(columns.surname\).*nearest is 'surname'.*datawash map"):
        cases(tmp_path, [incident(LEON)], '[asb]\nfiles = "cases.csv"\ncolumns = { surname = "Surnam" }')


def test_layouts_without_files_take_the_canonical_names(tmp_path: Path) -> None:
    row = attendance()
    row["Absent"] = row.pop("sessions_unauthorised")
    folder = minimal(tmp_path / "in", attendance=[row])
    done = ingest("attendance", folder, {"attendance": {"columns": {"sessions_unauthorised": "Absent"}}})
    assert done.clean["sessions_unauthorised"].tolist() == [3]


def test_rows_may_be_counted_where_no_column_holds_a_number(tmp_path: Path) -> None:
    folder = minimal(
        tmp_path / "in", details=[{"id": KIM.upn, "why": reason} for reason in ("late", "late", "holiday", "x")]
    )
    done = ingest(
        "attendance",
        folder,
        tomllib.loads(
            """
            [[attendance.spread]]
            files = "details.csv"
            on = { upn = "id" }
            key = "why"
            names = { Late = "reason_u", Holiday = "reason_g" }
            """
        ),
    )
    assert done.clean[["reason_g", "reason_u"]].to_numpy().tolist() == [[1, 2]]
    assert done.clean["reason_n"].isna().all()


def test_the_day_of_an_extract_is_known_by_file_and_is_when_dwp_answered(tmp_path: Path) -> None:
    row = claimant(SANDRA)
    row.pop("as_at")
    folder = minimal(tmp_path / "in", dwp_benefits=[row])
    settings = {"dwp_benefits": {"snapshot_date": date(2013, 9, 16)}}
    done = ingest("dwp_benefits", folder, settings)
    assert done.clean["as_at"].tolist() == [pd.Timestamp("2013-09-16")]
    assert source_of("dwp_benefits", folder, settings).snapshots == {done.files[0].sha256: date(2013, 9, 16)}


def test_a_day_and_a_number_of_the_settings_stand_as_a_cell_would_hold_them(tmp_path: Path) -> None:
    row = claimant(SANDRA)
    row.pop("as_at")
    settings = tomllib.loads("[dwp_benefits]\nconstants = { as_at = 2013-09-16, uprn = 100010009 }")
    done = ingest("dwp_benefits", minimal(tmp_path / "in", dwp_benefits=[row]), settings)
    assert done.clean["as_at"].tolist() == [pd.Timestamp("2013-09-16")]
    assert done.clean["uprn"].tolist() == ["100010009"]


# settings

MISTAKES = [
    ('[attendance]\ncolumns = { surnam = "x" }', "attendance", "did you mean surname?"),
    ("[attendence]\nfiles = 'x.csv'", "attendence", "not permitted"),
    ("[attendance]\nfile = 'x.csv'", "attendance.0.file", "not permitted"),
    ("[attendance]\nfiles = '../x.csv'", "attendance.0.files.0", "inside the extract folder"),
    ("[attendance]\nfiles = '/x.csv'", "attendance.0.files.0", "inside the extract folder"),
    ("[attendance]\nfiles = 'C:\\x.csv'", "attendance.0.files.0", "inside the extract folder"),
    ("[attendance]\nencoding = 'klingon'", "attendance.0.encoding", "windows-1252"),
    ("[attendance]\nseparator = 'x'", "attendance.0.separator", "comma"),
    ("[attendance]\nfrom_name = 'census'", "attendance.0.from_name", "in braces"),
    ("[attendance]\nfrom_name = 'census-{trem}'", "attendance", "did you mean term?"),
    (
        "[attendance]\nfrom_name = '{term}'\n[[attendance.join]]\nfiles = 'x.csv'\nfrom_name = '{trem}'\n"
        "on = { a = 'b' }\ncolumns = { postcode = 'p' }",
        "attendance",
        "join.from_name.trem",
    ),
    ("[asb]\ndates = { event_date = '%d/%m/%y' }", "asb.0.dates.event_date", "four-digit year"),
    ("[asb]\ndates = { event_date = 'dd/mm/yyyy' }", "asb.0.dates.event_date", "date format"),
    ("[asb]\ndates = { event_date = '%-d/%m/%Y' }", "asb.0.dates.event_date", "expected a date format such as %d/%m"),
    ("[asb]\ndates = { kind = '%d/%m/%Y' }", "asb", "not a column that can stand there"),
    ("[asb]\ncolumns = { kind = 'a' }\nconstants = { kind = 'nosp' }", "asb", "both by columns and by constants"),
    ("[asb]\nvalues.kind = { abc = 'contrat' }", "asb", "did you mean contract?"),
    ("[asb]\nconstants = { role = 'bystander' }", "asb", "expected one of perpetrator, victim, complainant"),
    ("[[asb]]\n[[asb]]", "asb", "only one layout"),
    ("[[asb.join]]\nfiles = 'x.csv'\non = {}\ncolumns = { kind = 'k' }", "asb.0.join.0.on", "at least 1"),
    (
        "[[attendance.spread]]\nfiles = 'x.csv'\non = { a = 'b' }\nkey = 'k'\nnames = { x = 'reason_x' }",
        "attendance",
        "reason_",
    ),
    ("max_quarantined_share = 2", "max_quarantined_share", "less than or equal to 1"),
]


@pytest.mark.parametrize(
    ("text", "place", "hint"), MISTAKES, ids=[place + str(n) for n, (_, place, _) in enumerate(MISTAKES)]
)
def test_a_mistake_in_the_settings_is_named(text: str, place: str, hint: str) -> None:
    with pytest.raises(pydantic.ValidationError) as mistake:
        ExtractsSettings.model_validate(tomllib.loads(text))
    (error,) = mistake.value.errors()
    assert ".".join(map(str, error["loc"])) == place
    assert hint in error["msg"]


def test_a_row_with_nothing_in_any_of_the_joined_columns_keeps_its_place(tmp_path: Path) -> None:
    rows = [
        incident(LEON, address="", line_2=""),
        incident(KIM, line_2="Sandport", address=""),
        incident(KIM, line_2=""),
    ]
    layout = {"asb": {"columns": {"address": ["address", "line_2"]}}}
    done = ingest("asb", minimal(tmp_path / "extracts", asb=rows), layout)
    assert done.clean["surname"].tolist() == [LEON.surname, KIM.surname, KIM.surname]
    assert done.clean["address"].fillna("none").tolist() == ["none", "Sandport", KIM.home.address]
