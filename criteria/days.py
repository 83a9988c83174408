"""The day on which a household is judged: a wash's for all, or each its own; decides where a window begins for it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from criteria.calendar import months_before
from criteria.facts import Roster


def judged_on(roster: Roster, household: Any) -> Any:
    """The day of each of these households (positions; none for -1): one day where all have the same."""
    if roster.day is None:
        return pd.Timestamp(roster.as_of)
    return np.append(roster.day, np.datetime64("NaT"))[np.asarray(household)]


def members_by_day(roster: Roster) -> Iterator[tuple[date, np.ndarray]]:
    """Each day on which households are judged, with the members (positions) of those households."""
    if roster.day is None:
        yield roster.as_of, np.arange(len(roster.home))
        return
    for day in np.unique(roster.day):
        yield pd.Timestamp(day).date(), np.flatnonzero(roster.day[roster.home] == day)


def opens(roster: Roster, household: Any, months: int) -> Any:
    """The first day of the last `months` months of each of these households (`judged_on`)."""
    if roster.day is None:
        return pd.Timestamp(months_before(roster.as_of, months).start)
    days = judged_on(roster, household)
    distinct, which = np.unique(days, return_inverse=True)
    first = [pd.NaT if np.isnat(day) else pd.Timestamp(months_before(pd.Timestamp(day).date(), months).start)
             for day in distinct]
    return pd.Series(first, dtype="datetime64[ns]").to_numpy()[which]


def last_months(roster: Roster, household: Any, months: int) -> dict[str, Any]:
    """The last `months` months of each of these households, as the columns of a draft of evidence."""
    return {"window_start": opens(roster, household, months), "window_end": judged_on(roster, household)}


def is_within(days: pd.Series, household: pd.Series, roster: Roster, months: int) -> pd.Series:
    """Whether each day lies in the last `months` months of its household."""
    return (days >= opens(roster, household, months)) & (days <= judged_on(roster, household))
