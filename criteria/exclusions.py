"""Exclusions: a permanent one, or three fixed ones in the last three terms; one sent twice counts once."""

from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import Term, Window
from criteria.days import judged_on
from criteria.evidence import day_text, distinct, draft, no_evidence, sources
from criteria.facts import Placed, Roster
from criteria.framework import Education
from schemas.words import Criterion


PERMANENT, FIXED = "permanent_exclusion", "fixed_exclusions"
_SAME = {"SUSP": "FIXD"}
"""A suspension is the later word for a fixed-period exclusion."""


def judge_exclusions(
    facts: Placed, roster: Roster, rules: Education, terms: tuple[Term, ...]
) -> tuple[pd.DataFrame, int]:
    """Evidence from exclusions of the households' children, and how many rows were duplicates.

    A row is a duplicate of another with the same child, start and category,
    whichever school sent it.
    """
    table = facts.rows("exclusions", ("category", "start_date"))
    if table is None:
        return no_evidence(), 0
    child = np.append(roster.child, False)[table["member"].to_numpy()]
    rows = table[child & (table["start_date"] <= judged_on(roster, table["household"]))]
    rows = rows.assign(category=rows["category"].replace(_SAME)).reset_index(drop=True)
    spare = int(rows.duplicated(["member", "start_date", "category"]).sum())
    permanent = _permanent(rows, rules, roster, terms)
    fixed = _fixed(rows, rules, Window(terms[0].start, terms[-1].end))
    return pd.concat([permanent, fixed], ignore_index=True), spare


def _of(rows: pd.DataFrame, categories: tuple[str, ...]) -> pd.DataFrame:
    return rows[rows["category"].isin([_SAME.get(category, category) for category in categories])]


def _since(rows: pd.DataFrame, first: date) -> pd.DataFrame:
    return rows[rows["start_date"] >= pd.Timestamp(first)].reset_index(drop=True)


def _permanent(rows: pd.DataFrame, rules: Education, roster: Roster, terms: tuple[Term, ...]) -> pd.DataFrame:
    first = date(1900, 1, 1) if rules.permanent_window.value == "ever" else terms[0].start
    inside = _since(_of(rows, rules.permanent_categories.value), first)
    one, code = distinct(inside, ["member", "start_date", "category"])
    window = {"window_start": pd.Timestamp(first), "window_end": judged_on(roster, one["household"])}
    return draft(
        len(one), window, household=one["household"], member=one["member"], criterion=Criterion.EDUCATION,
        indicator=PERMANENT, value=one["category"], threshold="any", met=True, event_date=one["start_date"],
        extract="exclusions", detail="excluded from " + day_text(one["start_date"]), agency="school",
        **sources(inside, code, len(one)))


def _fixed(rows: pd.DataFrame, rules: Education, window: Window) -> pd.DataFrame:
    inside = _since(_of(rows, rules.fixed_categories.value), window.start)
    inside = inside[inside["start_date"] <= pd.Timestamp(window.end)].reset_index(drop=True)
    if inside.empty:
        return no_evidence()
    children, code = distinct(inside, ["member"])
    days = inside.drop_duplicates(["member", "start_date", "category"]).groupby("member", sort=True)["start_date"]
    number, needed = days.size().to_numpy(), rules.fixed_exclusions.value
    first, last = (day_text(found.reset_index(drop=True)) for found in (days.min(), days.max()))
    return draft(
        len(children), window, household=children["household"], member=children["member"],
        criterion=Criterion.EDUCATION, indicator=FIXED, value=number.astype(str), threshold=str(needed),
        met=number >= needed, event_date=days.max(), extract="exclusions", detail="from " + first + " to " + last,
        agency="school", **sources(inside, code, len(children)))
