"""Attendance: one row is a pupil at a school in a term."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import UPN_PATTERN, CleanTable, names_a_person


ENROLMENT_STATUS = codes("C", "M", "S", current="C", single="C", main="M", subsidiary="S")
TERM = codes(
    "autumn", "spring", "summer",
    aut="autumn", spr="spring", sum="summer", autumn_term="autumn", spring_term="spring", summer_term="summer",
    term_1="autumn", term_2="spring", term_3="summer", **{"1": "autumn", "2": "spring", "3": "summer"},
)  # fmt: skip
ACADEMIC_YEAR_PATTERN = r"^(19|20)\d{2}/\d{2}$"
MOST_SESSIONS = 500
"""More half-day sessions than any school year has (about 380): a count above it is a slip of the keyboard."""


@names_a_person
class Attendance(CleanTable):
    """A pupil at a school in a term. Sessions are half days; reasons G, N, O and U are the four unauthorised ones."""

    upn: Series[pd.StringDtype] = text(nullable=True, str_matches=UPN_PATTERN)
    school_urn: Series[pd.StringDtype] = text()
    school_name: Series[pd.StringDtype] = text(nullable=True)
    enrolment_status: Series[pd.StringDtype] = text(nullable=True, isin=ENROLMENT_STATUS.allowed)
    entry_date: Series[DateTime] = optional()
    leaving_date: Series[DateTime] = optional()
    academic_year: Series[pd.StringDtype] = text(str_matches=ACADEMIC_YEAR_PATTERN)
    term: Series[pd.StringDtype] = text(isin=TERM.allowed)
    sessions_possible: Series[pd.Int64Dtype] = required(ge=0, le=MOST_SESSIONS)
    sessions_authorised: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS)
    sessions_unauthorised: Series[pd.Int64Dtype] = required(ge=0, le=MOST_SESSIONS)
    reason_g: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS)
    reason_n: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS)
    reason_o: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS)
    reason_u: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS)
