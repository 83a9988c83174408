"""Youth offending: one row is one offence."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import YES_NO
from schemas.columns import optional, text
from schemas.person import CleanTable, names_a_person


PROVEN = YES_NO._replace(also=YES_NO.also | {"proven": "Y", "not_proven": "N", "unproven": "N"})


@names_a_person
class YouthOffending(CleanTable):
    """One offence; at least one of `offence_date` and `outcome_date` is there."""

    yot_ref: Series[pd.StringDtype] = text(nullable=True)
    offence_date: Series[DateTime] = optional()
    offence: Series[pd.StringDtype] = text(nullable=True)
    outcome: Series[pd.StringDtype] = text(nullable=True)
    outcome_date: Series[DateTime] = optional()
    proven: Series[pd.StringDtype] = text(isin=PROVEN.allowed)
