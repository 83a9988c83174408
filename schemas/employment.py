"""Employment: one row is one adult's job."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import CleanTable, names_a_person


PROGRESS_TO_WORK = codes("work_programme", "esf", "none", wp="work_programme", european_social_fund="esf", no="none")
HOURS_IN_A_WEEK = 168


@names_a_person
class Employment(CleanTable):
    """One adult's job, or place on a programme that leads to one; no `ended_on` means that it goes on."""

    started_on: Series[DateTime] = required()
    ended_on: Series[DateTime] = optional()
    hours_a_week: Series[float] = optional(ge=0, le=HOURS_IN_A_WEEK)
    evidence: Series[pd.StringDtype] = text(nullable=True)
    prior_benefit: Series[pd.StringDtype] = text(nullable=True)
    progress_to_work: Series[pd.StringDtype] = text(nullable=True, isin=PROGRESS_TO_WORK.allowed)
