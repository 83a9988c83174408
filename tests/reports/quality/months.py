"""What a run counted, as small as a test needs it: a test states only what matters to it."""

from datetime import date
from typing import Any

import pandas as pd

from reports.quality.counted import Areas, Counted, Extracts
from schemas.columns import TEXT, empty_table
from schemas.published import Coverage, FieldQuality, Funnel


def fields(*rows: tuple[str, int, int]) -> pd.DataFrame:
    """Fields of an extract: name, rows, how many are empty."""
    table = pd.DataFrame(rows, columns=["field", "rows", "blank"])
    return table.assign(extract="asb", first=pd.NaT, last=pd.NaT)[list(empty_table(FieldQuality).columns)]


def extracts(month: int = 9, rejected: tuple[tuple[str, str | None, int], ...] = (), **counts: Any) -> Extracts:
    """One extract of anti-social behaviour, and others of which `counts` gives the rows."""
    given = {name: {"rows_read": rows, "rows_accepted": rows, "rows_quarantined": 0} if isinstance(rows, int) else rows
             for name, rows in counts.items()}
    table = pd.DataFrame([("asb", *one) for one in rejected], columns=["extract", "rule", "column", "rows"])
    return Extracts(date(2013, month, 30), given, dict.fromkeys(given, fields()), table)


def counted(now: Extracts, before: Extracts | None = None, **more: Any) -> Counted:
    """All that a report is drawn from, with nothing in it but the extracts and what `more` says."""
    nothing = Areas(pd.DataFrame({"area": [], "families": []}), (), 10)
    empty = {
        "coverage": empty_table(Coverage),
        "funnel": empty_table(Funnel),
        "combinations": pd.DataFrame({"met": pd.Series([], dtype=object), "families": pd.Series([], dtype="int64")}),
        "changes": pd.DataFrame({"change": pd.Series([], dtype=object), "families": pd.Series([], dtype="int64")}),
        "lapsed": pd.DataFrame({"why": pd.Series([], dtype=object), "families": pd.Series([], dtype="int64")}),
        "weights": pd.DataFrame({name: [] for name in ("from", "to", "band", "pairs")}),
        "band": (-2.0, 2.0),
        "questions": 0,
        "areas": nothing,
    }
    return Counted(extracts=now, before=before, **empty | more)


def coverage(*rows: tuple[str, str | None, str, int | None]) -> pd.DataFrame:
    """Schools and terms: number, name, term, pupils (None: nothing came)."""
    table = pd.DataFrame(rows, columns=["school_urn", "school_name", "term", "pupils"])
    sent = table["pupils"].notna()
    return pd.DataFrame({
        "school_urn": table["school_urn"].astype(TEXT),
        "school_name": table["school_name"].astype(TEXT),
        "academic_year": pd.array(["2012/13"] * len(table), dtype=TEXT),
        "term": table["term"].astype(TEXT),
        "pupils": table["pupils"].fillna(0).astype("Int64"),
        "sessions_possible": table["pupils"].fillna(0).astype("Int64"),
        "share_reason_n": pd.Series(0.25, table.index).where(sent),
        "returned": sent.astype("boolean"),
    })
