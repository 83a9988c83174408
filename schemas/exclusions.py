"""Exclusions: one row is one exclusion from school."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import UPN_PATTERN, CleanTable, names_a_person


CATEGORY = codes(
    "PERM", "FIXD", "SUSP", "LNCH",
    permanent="PERM", permanent_exclusion="PERM",
    fixed="FIXD", fixed_term="FIXD", fixed_period="FIXD", fixed_period_exclusion="FIXD", fixed_term_exclusion="FIXD",
    suspension="SUSP", suspended="SUSP", lunchtime="LNCH", lunch="LNCH", lunchtime_exclusion="LNCH",
)  # fmt: skip
MOST_SESSIONS_EXCLUDED = 500


@names_a_person
class Exclusions(CleanTable):
    """One exclusion; `sessions` in half days."""

    upn: Series[pd.StringDtype] = text(nullable=True, str_matches=UPN_PATTERN)
    school_urn: Series[pd.StringDtype] = text(nullable=True)
    category: Series[pd.StringDtype] = text(isin=CATEGORY.allowed)
    start_date: Series[DateTime] = required()
    sessions: Series[pd.Int64Dtype] = optional(ge=0, le=MOST_SESSIONS_EXCLUDED)
    reason: Series[pd.StringDtype] = text(nullable=True)
