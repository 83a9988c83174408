"""Facts of the extract of local indicators: a listed indicator on a member, or on the address, in its window."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import Window, months_before
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
    inside = (rows["start_date"] <= pd.Timestamp(roster.as_of)) & ((rows["start_date"] >= rows["opens"]) | reaches)
    rows = rows[inside].reset_index(drop=True)
    one, code = distinct(rows, ["household", "member", "code", "indicator", "start_date", "end_date", "agency"])
    return draft(
        len(one), Window(roster.as_of, roster.as_of), window_start=one["opens"], household=one["household"],
        member=one["member"], criterion=criterion, indicator=one["code"], value=one["indicator"],
        threshold=one["any_of"], met=True, event_date=_last_day(one, pd.Timestamp(roster.as_of)), extract=EXTRACT,
        detail=_detail(one), agency=one["agency"].fillna("local indicators"), **sources(rows, code, len(one)))


def listed_rows(table: pd.DataFrame, listed: Sequence[LocalCriterion], roster: Roster) -> pd.DataFrame:
    """The rows of a household whose indicator is listed, on whom it counts; one listed under two codes stands twice.

    Beside the row's own columns: code, is_state, any_of, and `opens`, the first day of the window.
    """
    rows = table[table["household"] >= 0].merge(_by_indicator(listed, roster.as_of), on="indicator")
    return rows[_fits(rows, roster)].reset_index(drop=True)


def _by_indicator(listed: Sequence[LocalCriterion], as_of: date) -> pd.DataFrame:
    """A row for each listed code and indicator, with the first day of its window."""
    rows = [(indicator, one.code, pd.Timestamp(months_before(as_of, one.window_months).start), one.kind == "state",
             " or ".join(one.met_by), one.who) for one in listed for indicator in one.met_by]
    named = pd.DataFrame(rows, columns=["indicator", "code", "opens", "is_state", "any_of", "who"])
    return named.astype({"indicator": TEXT, "code": TEXT, "any_of": TEXT, "opens": "datetime64[ns]"})


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
