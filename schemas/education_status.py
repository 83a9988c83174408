"""Education status: one row is a child out of ordinary school."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import YES_NO, codes
from schemas.columns import optional, required, text
from schemas.person import UPN_PATTERN, CleanTable, names_a_person


STATUS = codes(
    "PRU", "AP", "NOT_ON_ROLL", "EHE",
    pupil_referral_unit="PRU", alternative_provision="AP", alternative="AP", not_on_a_roll="NOT_ON_ROLL",
    not_on_school_roll="NOT_ON_ROLL", not_on_a_school_roll="NOT_ON_ROLL", off_roll="NOT_ON_ROLL",
    cme="NOT_ON_ROLL", children_missing_education="NOT_ON_ROLL", child_missing_education="NOT_ON_ROLL",
    elective_home_education="EHE", electively_home_educated="EHE", home_educated="EHE", home_education="EHE",
)  # fmt: skip


@names_a_person
class EducationStatus(CleanTable):
    """A child in a PRU or alternative provision, not on a roll, or educated at home; no end date means it goes on."""

    upn: Series[pd.StringDtype] = text(nullable=True, str_matches=UPN_PATTERN)
    status: Series[pd.StringDtype] = text(isin=STATUS.allowed)
    because_excluded: Series[pd.StringDtype] = text(nullable=True, isin=YES_NO.allowed)
    start_date: Series[DateTime] = required()
    end_date: Series[DateTime] = optional()
