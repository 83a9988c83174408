"""What criteria gives back: the facts that bear on a criterion, and the verdict for each household and criterion."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.columns import Table, optional, text
from schemas.words import Criterion, Verdict


class Evidence(Table):
    """One fact that bears on one criterion: `value` against `threshold`, `row_numbers` joined by `;`, age in days."""

    evidence_id: Series[pd.StringDtype] = text(unique=True)
    household_id: Series[pd.StringDtype] = text()
    person_id: Series[pd.StringDtype] = text(nullable=True)
    criterion: Series[pd.StringDtype] = text(isin=list(Criterion))
    indicator: Series[pd.StringDtype] = text()
    value: Series[pd.StringDtype] = text(nullable=True)
    threshold: Series[pd.StringDtype] = text(nullable=True)
    met: Series[pd.BooleanDtype] = optional()
    window_start: Series[DateTime] = optional()
    window_end: Series[DateTime] = optional()
    event_date: Series[DateTime] = optional()
    age_days: Series[pd.Int64Dtype] = optional()
    extract: Series[pd.StringDtype] = text()
    file_sha256: Series[pd.StringDtype] = text(nullable=True)
    row_numbers: Series[pd.StringDtype] = text(nullable=True)
    detail: Series[pd.StringDtype] = text(nullable=True)


class Verdicts(Table):
    """A household and a criterion. `reason` in words; `missing` says what an unknown verdict waits for."""

    household_id: Series[pd.StringDtype] = text()
    criterion: Series[pd.StringDtype] = text(isin=list(Criterion))
    verdict: Series[pd.StringDtype] = text(isin=list(Verdict))
    reason: Series[pd.StringDtype] = text()
    missing: Series[pd.StringDtype] = text(nullable=True)
