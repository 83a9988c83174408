"""Every rule that a row can break on its way in, with what becomes of it; the code stands in tables, the text is read.

A rule either quarantines the row, or clears the value and keeps the row (losing a child's row for a mistyped UPN would
be a missed child), or is only counted. A cleared value of a required column quarantines the row after all.
"""

from enum import StrEnum
from typing import NamedTuple


class Outcome(StrEnum):
    """What becomes of a row that breaks a rule."""

    QUARANTINE = "quarantine"
    CLEAR = "clear"
    COUNT = "count"


class RowRule(NamedTuple):
    """A rule: its code, what becomes of the row, and a message that never holds the value."""

    code: str
    outcome: Outcome
    message: str


_Q, _CLEAR, _COUNT = Outcome.QUARANTINE, Outcome.CLEAR, Outcome.COUNT
_LIST = (
    # dates
    RowRule("date_month_first", _CLEAR, "{column} can only be read month first, and dates are read day first"),
    RowRule("date_two_digit_year", _CLEAR, "{column} has a year of two digits, which may be either century"),
    RowRule("date_unreadable", _CLEAR, "{column} is not a date in a form that is known, or not a day of the calendar"),
    RowRule("date_too_early", _Q, "{column} is before 1900"),
    RowRule("date_too_late", _Q, "{column} is more than a year after the as-of date"),
    RowRule("born_too_long_ago", _Q, "{column} makes the person older than 120"),
    RowRule("born_after_as_of", _Q, "{column} is after the as-of date"),
    # numbers
    RowRule("count_unreadable", _CLEAR, "{column} is not a whole number"),
    RowRule("amount_unreadable", _CLEAR, "{column} is not a number"),
    RowRule("number_negative", _Q, "{column} is below nought"),
    RowRule("number_too_large", _Q, "{column} is larger than it can be"),
    # words
    RowRule("academic_year_unreadable", _CLEAR, "{column} is not an academic year such as 2012/13"),
    RowRule("academic_year_ahead", _Q, "{column} begins after the as-of date"),
    RowRule("code_unknown", _Q, "{column} holds a code that is not known there"),
    RowRule("value_malformed", _Q, "{column} is not of the form that it must have"),
    # identifiers: a wrong one is cleared, the row stays
    RowRule("upn_form", _CLEAR, "{column} is not of the form of a unique pupil number"),
    RowRule("upn_check_letter", _CLEAR, "{column} has a check letter that does not fit: a digit is mistyped"),
    RowRule("nino_form", _CLEAR, "{column} is not of the form of a National Insurance number"),
    RowRule("postcode_form", _CLEAR, "{column} is not of the form of a postcode"),
    RowRule("postcode_foreign", _COUNT, "{column} is not of the form of a UK postcode, and is kept as it stands"),
    RowRule("uprn_form", _CLEAR, "{column} is not a property reference number of 1 to 12 digits"),
    RowRule("sex_unknown", _CLEAR, "{column} is not M, F or U, nor a word for one of them"),
    RowRule("name_without_letters", _CLEAR, "{column} holds no letter"),
    RowRule("placeholder", _CLEAR, "{column} holds a placeholder, which stands for nothing"),
    # rows
    RowRule("required_missing", _Q, "{column} is empty, and every row must have it"),
    RowRule("no_surname", _Q, "the row has no surname, nor another value that says whom it is about"),
    RowRule(
        "no_identity", _Q, "the row has a surname, and nothing with it: no date of birth, address and postcode, UPRN"
    ),
    RowRule("child_not_identified", _Q, "the row has neither the child's UPN, nor the child's names or date of birth"),
    RowRule("no_date", _Q, "the row has neither of its two dates"),
    RowRule("sessions_exceed_possible", _Q, "the sessions missed are more than the sessions possible"),
    RowRule("reasons_exceed_possible", _Q, "the sessions of the four reasons are more than the sessions possible"),
    RowRule("end_before_start", _Q, "{column} is before the date on which it began"),
    RowRule("leaving_before_entry", _CLEAR, "{column} is before the date of entry"),
    RowRule("outcome_before_offence", _COUNT, "{column} is before the date of the offence"),
    # files
    RowRule("duplicate_row", _COUNT, "the row says the same as another row of the extract"),
    RowRule("unknown_column", _COUNT, "a column of a file that the extract does not need is dropped at the door"),
    RowRule("repeated_file", _COUNT, "the file has the same bytes as another, and was read once"),
    RowRule("join_several", _COUNT, "{column} found several rows for one key, of which the fullest was kept"),
    RowRule("join_none", _COUNT, "{column} found no row for a key"),
    RowRule(
        "spread_unreadable", _COUNT, "{column} is not a whole number of nought or more, and was left out of the sum"
    ),
    RowRule("spread_elsewhere", _COUNT, "{column} holds a word that belongs in no column"),
)

RULES: dict[str, RowRule] = {rule.code: rule for rule in _LIST}
"""Every rule by code, in the order in which a row that breaks several of them is said to be rejected."""


def message(code: str, column: str | None) -> str:
    """The text of a rule for a column; it never holds a value."""
    text = RULES[code].message.format(column=column)
    return text[:1].upper() + text[1:] if column is None else text
