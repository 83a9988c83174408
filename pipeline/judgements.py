"""The decisions that people took about pairs of records, read from their file; decides nothing about the pairs."""

import pandas as pd

from pipeline.intake.reading import read_rows
from pipeline.record.run import Run
from schemas.columns import TEXT
from schemas.errors import UsageError


REQUIRED = ("left_id", "right_id", "judgement", "decided_by")
WORDS = ("match", "no_match")


def read_judgements(run: Run) -> pd.DataFrame | None:
    """The run's judgements: left_id, right_id, judgement (match, no_match), decided_by, reason; None without."""
    if run.judgements is None:
        return None
    name = run.judgements.name
    rows = read_rows(run.archive / run.judgements.sha256, name)
    missing = [column for column in REQUIRED if column not in rows.frame.columns]
    if missing:
        raise UsageError(
            f"{name} has no column {', '.join(missing)}. It needs {', '.join(REQUIRED)}, and may have reason."
        )
    frame = rows.frame.reindex(columns=[*REQUIRED, "reason"]).astype(TEXT)
    wrong = ~frame["judgement"].isin(WORDS) | frame[["left_id", "right_id", "decided_by"]].isna().any(axis=1)
    if wrong.any():
        row = rows.row_numbers[wrong.to_numpy().argmax()]
        raise UsageError(f"{name}, row {row}: a judgement needs both ids, who decided, and one of {', '.join(WORDS)}.")
    return frame
