"""Text into dates, numbers, codes and identifiers: what is read, what is cleared, and under which rule."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from pipeline.intake.dates import NO_DAY, read_days, read_days_as
from pipeline.intake.distinct import Parsed, distinct
from pipeline.intake.identifiers import CHECK_LETTERS, parse_ninos, parse_postcodes, parse_upns, parse_uprns
from pipeline.intake.parsing import Setting, parse_table
from pipeline.intake.wording import (
    parse_academic_years,
    parse_addresses,
    parse_amounts,
    parse_counts,
    parse_names,
    parse_school_urns,
    parse_sexes,
)
from schemas.errors import ExtractRefusedError
from schemas.extracts import EXTRACTS
from tests.builders import upn


quick = settings(derandomize=True, deadline=None, max_examples=60)
DAYS = st.dates(date(1900, 1, 2), date(2199, 12, 31))
DIGITS = st.text("0123456789", min_size=12, max_size=12)


def texts(*values: str) -> pa.Array:
    return pa.array(values, type=pa.large_string())


def read(parsed: Parsed) -> list:
    """Each value, or the rule that it broke."""
    broken = {int(place): rule for rule, faulty in parsed.faults.items() for place in np.flatnonzero(faulty)}
    return [broken.get(place, value) for place, value in enumerate(parsed.values.to_pylist())]


def day_of(text: str, pattern: str | None = None) -> date | None:
    days = (read_days_as(texts(text), pattern) if pattern else read_days(texts(text))).days
    return None if days[0] == NO_DAY else date.fromordinal(int(days[0]) + date(1970, 1, 1).toordinal())


def check_letter(rest: str) -> str:
    """The check letter of a UPN's other twelve characters, by the published recipe."""
    values = [int(mark) if mark.isdigit() else CHECK_LETTERS.index(mark) for mark in rest]
    return CHECK_LETTERS[sum(weight * value for weight, value in enumerate(values, 2)) % 23]


# dates


@quick
@given(day=DAYS)
@example(day=date(2012, 2, 29))
def test_a_date_is_read_the_same_in_every_form(day: date) -> None:
    forms = (
        *("%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y %H:%M"),
        *("%d-%b-%Y", "%d %B %Y", "%Y-%b-%d %H:%M:%S"),
    )
    assert {day_of(day.strftime(form)) for form in forms} == {day}
    assert day_of(f"{day.day}/{day.month}/{day.year}") == day
    assert day_of(f"{day:%d-%b-%Y}".upper()) == day


@quick
@given(day=DAYS)
def test_a_date_is_never_read_month_first(day: date) -> None:
    found = read_days(texts(day.strftime("%m/%d/%Y")))
    if day.day > 12:
        assert found.days[0] == NO_DAY
        assert found.month_first[0]
    else:
        assert day_of(day.strftime("%m/%d/%Y")) == date(day.year, day.day, day.month)


@quick
@given(day=DAYS)
def test_a_year_of_two_digits_is_never_read(day: date) -> None:
    for form in ("%d/%m/%y", "%d-%b-%y", "%d.%m.%y"):
        found = read_days(texts(day.strftime(form)))
        assert found.days[0] == NO_DAY
        assert found.two_digits[0]


@quick
@given(text=st.text(max_size=20))
@example(text="31/02/2012")
@example(text="00/00/0000")
@example(text="2013-13-01")
@example(text="٠٢/٠٩/٢٠١٣")
def test_any_text_is_a_day_of_the_calendar_or_none(text: str) -> None:
    found = day_of(text)
    assert found is None or isinstance(found, date)


def test_29_february_is_a_day_only_in_a_leap_year() -> None:
    assert day_of("29/02/2012") == date(2012, 2, 29)
    assert day_of("29/02/2013") is None


def test_a_format_from_the_settings_is_the_only_one_but_for_iso() -> None:
    assert day_of("05/13/2012", "%m/%d/%Y") == date(2012, 5, 13)
    assert day_of("20120513", "%Y%m%d") == date(2012, 5, 13)
    assert day_of("2012-05-13", "%m/%d/%Y") == date(2012, 5, 13)
    assert day_of("13/05/2012", "%m/%d/%Y") is None


def test_a_serial_is_a_day_and_a_year_is_not() -> None:
    found = read_days(texts("41519", "41519.5", "2013", "9132"))
    assert found.serial.tolist() == [True, True, False, True]
    assert day_of("41519") == date(2013, 9, 2)
    assert day_of("9132") == date(1924, 12, 31)


# identifiers


@quick
@given(rest=DIGITS)
def test_a_upn_is_accepted_with_its_check_letter_and_with_no_other(rest: str) -> None:
    right = check_letter(rest)
    candidates = [letter + rest for letter in CHECK_LETTERS]
    found = read(parse_upns(texts(*candidates)))
    assert [value for value in found if value != "upn_check_letter"] == [right + rest]


@quick
@given(rest=DIGITS, place=st.integers(0, 11), digit=st.sampled_from("0123456789"))
def test_one_mistyped_digit_of_a_upn_is_always_noticed(rest: str, place: int, digit: str) -> None:
    assume(rest[place] != digit)
    wrong = check_letter(rest) + rest[:place] + digit + rest[place + 1 :]
    assert read(parse_upns(texts(wrong))) == ["upn_check_letter"]


@quick
@given(rest=DIGITS, last=st.sampled_from(CHECK_LETTERS))
def test_a_temporary_upn_ends_in_a_letter(rest: str, last: str) -> None:
    temporary = check_letter(rest[:11] + last) + rest[:11] + last
    assert read(parse_upns(texts(temporary))) == [temporary]


def test_published_upns_are_accepted_however_they_are_typed() -> None:
    found = parse_upns(texts("H801200001001", "p823200104001", " P8232 00104001"))
    assert read(found) == ["H801200001001", "P823200104001", "P823200104001"]
    assert read(parse_upns(texts(upn(1), "UN3", "I801200001001", "123"))) == [
        upn(1),
        "placeholder",
        "upn_form",
        "upn_form",
    ]


@quick
@given(
    first=st.sampled_from("ABCEGHJKLMNOPRSTWXYZ"),
    second=st.sampled_from("ABCEGHJKLMNPRSTWXYZ"),
    digits=st.text("0123456789", min_size=6, max_size=6),
    suffix=st.sampled_from(["A", "B", "C", "D", ""]),
)
def test_a_nino_that_can_be_issued_is_accepted_with_or_without_its_suffix(
    first: str, second: str, digits: str, suffix: str
) -> None:
    never = ["BG", "GB", "KN", "NK", "NT", "TN", "ZZ", "CR", "FY", "MW", "NC", "PP", "PY", "PZ"]
    nino = first + second + digits + suffix
    expected = "nino_form" if first + second in never else nino
    spaced = f"{nino[:2]} {nino[2:4]} {nino[4:6]} {nino[6:]}".lower()
    assert read(parse_ninos(texts(nino, spaced))) == [expected, expected]


@pytest.mark.parametrize(
    "nino", ["QQ123456C", "DA123456A", "AO123456A", "AB12345C", "AB123456E", "11A11111", "OO123456"]
)
def test_a_nino_that_is_never_issued_is_cleared(nino: str) -> None:
    assert read(parse_ninos(texts(nino))) == ["nino_form"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ls1 1aa", "LS1 1AA"),
        ("SW1A2AA", "SW1A 2AA"),
        (" M1  1AE", "M1 1AE"),
        ("B33-8TH", "B33 8TH"),
        ("GIR0AA", "GIR 0AA"),
        ("ZZ99 3VZ", "placeholder"),
        ("LS1", "postcode_form"),
        ("0000", "placeholder"),
        ("NOTHING", "postcode_form"),
        ("LS1 1AA extra", "postcode_form"),
    ],
)
def test_postcodes(text: str, expected: str) -> None:
    assert read(parse_postcodes(texts(text))) == [expected]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("000100010001", "100010001"),
        ("10001000123.0", "10001000123"),
        ("999999999999", "999999999999"),
        ("1000000000000", "uprn_form"),
        ("0", "uprn_form"),
        ("1.00010E+11", "uprn_form"),
        ("-5", "5"),
    ],
)
def test_uprns(text: str, expected: str) -> None:
    assert read(parse_uprns(texts(text))) == [expected]


# words and numbers


def test_names_that_stand_for_nobody_are_cleared_and_names_that_look_so_are_kept() -> None:
    found = parse_names(texts("O'Neill-Ryan", "Null", "Na", "None", "UNKNOWN", "Baby", "test", "-", "N/A", "1234", "Ó"))
    assert read(found) == [
        *("O'Neill-Ryan", "Null", "Na", "None"),
        *("placeholder", "placeholder", "placeholder", "placeholder", "placeholder", "name_without_letters", "Ó"),
    ]


def test_addresses_lose_empty_lines_and_places_that_are_none() -> None:
    found = parse_addresses(texts("Flat 2, , 5 High St,", "NFA", "No fixed abode", ", ,"))
    assert read(found) == ["Flat 2, 5 High St", "placeholder", "placeholder", "placeholder"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", 12),
        ("12.0", 12),
        ("1,200", 1200),
        ("+3", 3),
        ("-3", -3),
        ("2.5", "count_unreadable"),
        ("x", "count_unreadable"),
    ],
)
def test_counts(text: str, expected: int | str) -> None:
    assert read(parse_counts(texts(text))) == [expected]


def test_amounts_may_have_a_pound_sign_and_a_fraction() -> None:
    assert read(parse_amounts(texts("£3,200.00", "16.5", "about 5"))) == [3200.0, 16.5, "amount_unreadable"]


def test_sexes() -> None:
    assert read(parse_sexes(texts("Male", "f", "1", "2", "Unknown", "X?"))) == ["M", "F", "M", "F", "U", "sex_unknown"]


@pytest.mark.parametrize("text", ["2012/13", "2012-13", "2012/2013", "201213", "2012 13", "20122013"])
def test_an_academic_year_has_one_form(text: str) -> None:
    assert read(parse_academic_years(texts(text))) == ["2012/13"]


@pytest.mark.parametrize("text", ["2012", "2012/14", "12/13", "2013/2012", "1012/13"])
def test_an_academic_year_is_a_year_and_the_next(text: str) -> None:
    assert read(parse_academic_years(texts(text))) == ["academic_year_unreadable"]


def test_the_century_turns_within_an_academic_year() -> None:
    assert read(parse_academic_years(texts("1999/00", "1999-2000"))) == ["1999/00", "1999/00"]


def test_school_numbers_have_one_form() -> None:
    assert read(parse_school_urns(texts("100001.0", "302/4001", " 3024001"))) == ["100001", "3024001", "3024001"]


# columns


def test_a_column_is_read_by_its_distinct_texts_and_spaces_are_none() -> None:
    column = pa.chunked_array([pa.array(["  a\u00a0 b ", None, " ", "a b", "e\u0301"], type=pa.large_string())])
    found = distinct(column)
    assert [found.texts[int(place)].as_py() if place >= 0 else None for place in found.rows] == [
        *("a b", None, None, "a b", "\u00e9")
    ]


def parse(
    extract: str,
    spreadsheet: bool = False,
    formats: dict[str, str] | None = None,
    as_of: date = date(2013, 9, 30),
    **columns: list,
) -> tuple:
    """A frame of one file from columns of text, and the breaches as (rule, column, rows)."""
    table = pa.table({name: pa.array(values, type=pa.large_string()) for name, values in columns.items()})
    rows = len(table)
    setting = Setting(extract, as_of, np.zeros(rows, dtype=int), ("f.csv",), np.array([spreadsheet]), formats or {})
    frame, breaches = parse_table(table, EXTRACTS[extract], setting)
    return frame, [(breach.rule, breach.column, breach.rows.tolist()) for breach in breaches]


def test_columns_that_a_file_has_not_are_empty_and_of_their_kind() -> None:
    frame, breaches = parse("attendance", surname=["Smith", "Jones"])
    assert list(frame.columns) == list(EXTRACTS["attendance"].columns)
    assert frame.dtypes.to_dict() == EXTRACTS["attendance"].empty()[list(frame.columns)].dtypes.to_dict()
    assert frame.drop(columns="surname").isna().all(axis=None)
    assert breaches == []


def test_dates_out_of_range_and_dates_that_stand_for_none() -> None:
    frame, breaches = parse(
        "caseload",
        attached_on=["2014-09-30", "2014-10-01", "1899-01-01", "01/01/1900", "31/12/9999"],
        closed_on=["31/12/9999", "2020-01-01", "NULL", "31/12/2099", ""],
        date_of_birth=["30/09/2013", "01/10/2013", "1890-05-05", "01/01/1900", "1900-01-02"],
    )
    assert breaches == [
        ("placeholder", "attached_on", [3]),
        ("date_too_early", "attached_on", [2]),
        ("date_too_late", "attached_on", [1, 4]),
        ("placeholder", "closed_on", [0, 2, 3]),
        ("placeholder", "date_of_birth", [3]),
        ("born_too_long_ago", "date_of_birth", [2]),
        ("born_after_as_of", "date_of_birth", [1]),
    ]
    assert frame["attached_on"].notna().tolist() == [True, False, False, False, False]
    assert frame["closed_on"].notna().tolist() == [False, True, False, False, False]


def test_a_year_after_29_february_is_1_march() -> None:
    _, breaches = parse("caseload", attached_on=["2013-03-01", "2013-03-02"], as_of=date(2012, 2, 29))
    assert breaches == [("date_too_late", "attached_on", [1])]


def test_a_spreadsheets_serial_is_a_date_only_in_a_spreadsheet() -> None:
    frame, breaches = parse("asb", event_date=["41519"], spreadsheet=True)
    assert frame["event_date"].dt.date.tolist() == [date(2013, 9, 2)]
    assert breaches == []
    frame, breaches = parse("asb", event_date=["41519"])
    assert frame["event_date"].isna().all()
    assert breaches == [("date_unreadable", "event_date", [0])]


@pytest.mark.parametrize("others", [[], ["04/05/2012"] * 9, ["25/12/2012"]])
def test_a_file_whose_dates_look_month_first_is_refused(others: list[str]) -> None:
    with pytest.raises(ExtractRefusedError) as refusal:
        parse("asb", event_date=["05/13/2012", *others])
    assert "event_date" in str(refusal.value)
    assert "[extracts.asb.dates]" in str(refusal.value)
    assert "13" not in str(refusal.value)


def test_one_slip_among_many_day_first_dates_is_only_a_fault() -> None:
    frame, breaches = parse("asb", event_date=["05/13/2012", *["25/12/2012"] * 40])
    assert breaches == [("date_month_first", "event_date", [0])]
    assert frame["event_date"].notna().sum() == 40


def test_a_format_in_the_settings_settles_the_order() -> None:
    frame, breaches = parse("asb", event_date=["05/13/2012", "04/05/2012"], formats={"event_date": "%m/%d/%Y"})
    assert frame["event_date"].dt.date.tolist() == [date(2012, 5, 13), date(2012, 4, 5)]
    assert breaches == []


def test_cells_that_stand_for_nothing_are_placeholders_unless_they_are_codes() -> None:
    frame, breaches = parse("employment", progress_to_work=["none", "NULL", "ESF"], hours_a_week=["16.5", "N/A", "-"])
    assert frame["progress_to_work"].tolist()[::2] == ["none", "esf"]
    assert breaches == [("placeholder", "hours_a_week", [1, 2]), ("placeholder", "progress_to_work", [1])]
