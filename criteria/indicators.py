"""Facts of the extract of local indicators: a listed indicator on a member, or on the address, in its window."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from criteria.days import judged_on, opens
from criteria.evidence import day_text, distinct, draft, no_evidence, sources
from criteria.facts import Placed, Roster
from criteria.settings import LocalCriterion
from schemas.columns import TEXT
from schemas.words import Criterion


EXTRACT = "local_indicators"


def read_indicators(facts: Placed) -> pd.DataFrame | None:
    """The rows of the extract, each with its member and household; None where it was not given."""
    return facts.rows(EXTRACT, ("indicator", "start_date", "end_date", "agency"))


def judge_indicators(
    table: pd.DataFrame | None, listed: Sequence[LocalCriterion], roster: Roster, criterion: Criterion
) -> pd.DataFrame:
    """Evidence for a criterion from what is listed: `indicator` is the listed code, `value` the extract's own word.

    An event counts when it starts in the window or its period reaches into it, a state while it is open too.
    """
    if table is None or not listed:
        return no_evidence()
    rows = listed_rows(table, listed, roster)
    reaches = (rows["end_date"] >= rows["opens"]) | (rows["end_date"].isna() & rows["is_state"])
    begun = rows["start_date"] <= judged_on(roster, rows["household"])
    rows = rows[begun & ((rows["start_date"] >= rows["opens"]) | reaches)].reset_index(drop=True)
    one, code = distinct(rows, ["household", "member", "code", "indicator", "start_date", "end_date", "agency"])
    day = judged_on(roster, one["household"])
    return draft(
        len(one), {"window_start": one["opens"], "window_end": day}, household=one["household"],
        member=one["member"], criterion=criterion, indicator=one["code"], value=one["indicator"],
        threshold=one["any_of"], met=True, event_date=_last_day(one, day), extract=EXTRACT,
        detail=_detail(one), agency=one["agency"].fillna("local indicators"), **sources(rows, code, len(one)))


def listed_rows(table: pd.DataFrame, listed: Sequence[LocalCriterion], roster: Roster) -> pd.DataFrame:
    """The rows of a household whose indicator is listed, on whom it counts; one listed under two codes stands twice.

    Beside the row's own columns: code, is_state, any_of, and `opens`, the first day of the window.
    """
    rows = table[table["household"] >= 0].merge(_by_indicator(listed), on="indicator")
    rows = rows[_fits(rows, roster)].reset_index(drop=True)
    first = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    for months, of_length in rows.groupby("months")["household"]:
        first[of_length.index] = opens(roster, of_length, int(months))
    return rows.drop(columns="months").assign(opens=first)


def _by_indicator(listed: Sequence[LocalCriterion]) -> pd.DataFrame:
    """A row for each listed code and indicator, with the months of its window."""
    rows = [(indicator, one.code, one.window_months, one.kind == "state", " or ".join(one.met_by), one.who)
            for one in listed for indicator in one.met_by]
    named = pd.DataFrame(rows, columns=["indicator", "code", "months", "is_state", "any_of", "who"])
    return named.astype({"indicator": TEXT, "code": TEXT, "any_of": TEXT})


def _fits(rows: pd.DataFrame, roster: Roster) -> np.ndarray:
    """Whether the row is on whom its indicator counts; one about an address is on nobody in particular."""
    child = np.append(roster.child, False)[rows["member"].to_numpy()]
    role = np.where(rows["member"] < 0, "nobody", np.where(child, "child", "adult"))
    return (rows["who"] == "anyone").to_numpy() | (rows["who"] == role).to_numpy()


def _last_day(one: pd.DataFrame, today: pd.Timestamp) -> pd.Series:
    """The last day in the window on which the fact stood: a state goes on until it ends."""
    ends = one["end_date"].fillna(one["start_date"].mask(one["is_state"], today))
    return ends.where(ends < today, today)


def _detail(one: pd.DataFrame) -> pd.Series:
    ended = "to " + day_text(one["end_date"])
    return "from " + day_text(one["start_date"]) + " " + ended.fillna("with no end date")
