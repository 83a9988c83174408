"""Local indicators: one row is one indicator on one person or address."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.columns import optional, required, text
from schemas.person import CleanTable, names_a_person


@names_a_person
class LocalIndicators(CleanTable):
    """One indicator, by a code that the council's settings define, in lower case with underscores."""

    indicator: Series[pd.StringDtype] = text()
    start_date: Series[DateTime] = required()
    end_date: Series[DateTime] = optional()
    agency: Series[pd.StringDtype] = text(nullable=True)
    ref: Series[pd.StringDtype] = text(nullable=True)
