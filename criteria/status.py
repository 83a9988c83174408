"""Children out of ordinary school: in a PRU or alternative provision because excluded, on no roll, or at home."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from criteria.calendar import Term
from criteria.days import judged_on
from criteria.evidence import day_text, distinct, draft, no_evidence, sources, tested
from criteria.facts import Placed, Roster
from criteria.framework import Education
from criteria.verdicts import counted_gaps, no_gaps
from schemas.words import Criterion


ALTERNATIVE, OFF_ROLL = "alternative_provision", "not_on_roll"


def read_spells(facts: Placed, roster: Roster) -> pd.DataFrame | None:
    """The education_status rows of the households' children; None where the extract was not given."""
    spells = facts.rows("education_status", ("status", "because_excluded", "start_date", "end_date"))
    if spells is None:
        return None
    child = np.append(roster.child, False)[spells["member"].to_numpy()]
    return spells[child].reset_index(drop=True)


def at_home(spells: pd.DataFrame | None, size: int, terms: tuple[Term, ...], rules: Education) -> np.ndarray:
    """Per member and term, whether the child was educated at home for any of it: no school owes attendance then."""
    home = np.zeros((size, len(terms)), dtype=bool)
    if spells is None:
        return home
    rows = spells[spells["status"].isin(rules.at_home_statuses.value)]
    for position, term in enumerate(terms):
        days = {"window_start": pd.Timestamp(term.start), "window_end": pd.Timestamp(term.end)}
        home[rows["member"].to_numpy()[_touches(rows, days)], position] = True
    return home


def _touches(rows: pd.DataFrame, window: dict[str, Any]) -> np.ndarray:
    ends = rows["end_date"].isna() | (rows["end_date"] >= window["window_start"])
    return ((rows["start_date"] <= window["window_end"]) & ends).to_numpy()


def _looked_at(rows: pd.DataFrame, roster: Roster, first: date | None) -> dict[str, Any]:
    """The days looked at for each row: the household's own day, or from `first` up to it."""
    day = judged_on(roster, rows["household"])
    return {"window_start": day if first is None else pd.Timestamp(first), "window_end": day}


def judge_status(
    spells: pd.DataFrame | None, roster: Roster, rules: Education, terms: tuple[Term, ...], school_age: np.ndarray
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Evidence and gaps from spells that run on the as-of date (or, by the framework, that reach into the terms).

    A child past or below school age (`school_age` flags the members) is on no roll by right, unless any child counts.
    """
    if spells is None:
        return no_evidence(), no_gaps()
    first = terms[0].start if rules.status_test.value != "current" else None
    alternative = spells["status"].isin(rules.alternative_statuses.value)
    may_be_off = school_age[spells["member"].to_numpy()] | (rules.off_roll_children.value == "any")
    off_roll = spells["status"].isin(rules.not_on_roll_statuses.value) & may_be_off
    rows = spells[_touches(spells, _looked_at(spells, roster, first)) & (alternative | off_roll)].reset_index(drop=True)
    one, code = distinct(rows, ["member", "status", "because_excluded", "start_date", "end_date"])
    away = one["status"].isin(rules.alternative_statuses.value).to_numpy()
    unsaid = away & one["because_excluded"].isna().to_numpy() & rules.because_excluded_needed.value
    because = (one["because_excluded"] == "Y").to_numpy(dtype=bool, na_value=False)
    holds = ~away | because | (not rules.because_excluded_needed.value)
    today = judged_on(roster, one["household"])
    last = one["end_date"].where(one["end_date"] < today, today)
    evidence = draft(
        len(one), _looked_at(one, roster, first), household=one["household"], member=one["member"],
        criterion=Criterion.EDUCATION, indicator=np.where(away, ALTERNATIVE, OFF_ROLL), value=one["status"],
        threshold=np.where(away & rules.because_excluded_needed.value, "because excluded", "any"),
        met=tested(holds, ~unsaid), event_date=last, extract="education_status", detail=_detail(one),
        agency="education", **sources(rows, code, len(one)))
    gaps = counted_gaps(one["household"].to_numpy()[unsaid],
                        "whether 1 child is in alternative provision because excluded",
                        "whether {} children are in alternative provision because excluded")
    return evidence, gaps


def _detail(one: pd.DataFrame) -> pd.Series:
    said = one["because_excluded"].map({"Y": "; because excluded", "N": "; not because excluded"})
    period = "from " + day_text(one["start_date"]) + (" to " + day_text(one["end_date"])).fillna(", not ended")
    return period + said.astype("string[pyarrow]").fillna("")
