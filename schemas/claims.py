"""Claims: one row is one past claim for a family; it names no person."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import CleanTable


ROUTE = codes("a", "a_progress", "b")


class Claims(CleanTable):
    """One past claim; `amount` in pounds."""

    family_ref: Series[pd.StringDtype] = text()
    claimed_on: Series[DateTime] = required()
    route: Series[pd.StringDtype] = text(nullable=True, isin=ROUTE.allowed)
    amount: Series[float] = optional(ge=0)
