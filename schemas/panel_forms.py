"""Panel forms: one row is what one agency, or the panel, says of one family; it names no person."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import YES_NO, codes
from schemas.columns import optional, text
from schemas.person import CleanTable


VIEW = codes("offer", "wait", "decline")
DECISION = codes("offer", "defer", "decline", offered="offer", deferred="defer", declined="decline")


class PanelForms(CleanTable):
    """What one agency, or the panel, says of one family on the form that a wash wrote; all but the family may be empty.

    `put_on` is the day of the wash that put the family to the panel; `come_back_on` the day a deferred family comes
    back. A row without an agency is the panel's own.
    """

    family_id: Series[pd.StringDtype] = text()
    put_on: Series[DateTime] = optional()
    agency: Series[pd.StringDtype] = text(nullable=True)
    known_to_us: Series[pd.StringDtype] = text(nullable=True, isin=YES_NO.allowed)
    working_since: Series[DateTime] = optional()
    service: Series[pd.StringDtype] = text(nullable=True)
    we_would_lead: Series[pd.StringDtype] = text(nullable=True, isin=YES_NO.allowed)
    view: Series[pd.StringDtype] = text(nullable=True, isin=VIEW.allowed)
    note: Series[pd.StringDtype] = text(nullable=True)
    decision: Series[pd.StringDtype] = text(nullable=True, isin=DECISION.allowed)
    decided_on: Series[DateTime] = optional()
    come_back_on: Series[DateTime] = optional()
