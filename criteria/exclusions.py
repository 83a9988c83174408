"""Exclusions: a permanent one, or three fixed ones in the last three terms; one sent twice counts once."""

from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import Term, Window
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
    rows = table[child & (table["start_date"] <= pd.Timestamp(roster.as_of))]
    rows = rows.assign(category=rows["category"].replace(_SAME)).reset_index(drop=True)
    spare = int(rows.duplicated(["member", "start_date", "category"]).sum())
    permanent = _permanent(rows, rules, _permanent_window(roster.as_of, terms, rules))
    fixed = _fixed(rows, rules, Window(terms[0].start, terms[-1].end))
    return pd.concat([permanent, fixed], ignore_index=True), spare


def _permanent_window(as_of: date, terms: tuple[Term, ...], rules: Education) -> Window:
    ever = rules.permanent_window.value == "ever"
    return Window(date(1900, 1, 1) if ever else terms[0].start, as_of)


def _inside(rows: pd.DataFrame, window: Window, categories: tuple[str, ...]) -> pd.DataFrame:
    days = rows["start_date"].between(pd.Timestamp(window.start), pd.Timestamp(window.end))
    wanted = rows["category"].isin([_SAME.get(category, category) for category in categories])
    return rows[days & wanted].reset_index(drop=True)


def _permanent(rows: pd.DataFrame, rules: Education, window: Window) -> pd.DataFrame:
    inside = _inside(rows, window, rules.permanent_categories.value)
    one, code = distinct(inside, ["member", "start_date", "category"])
    return draft(
        len(one), window, household=one["household"], member=one["member"], criterion=Criterion.EDUCATION,
        indicator=PERMANENT, value=one["category"], threshold="any", met=True, event_date=one["start_date"],
        extract="exclusions", detail="excluded from " + day_text(one["start_date"]), agency="school",
        **sources(inside, code, len(one)))


def _fixed(rows: pd.DataFrame, rules: Education, window: Window) -> pd.DataFrame:
    inside = _inside(rows, window, rules.fixed_categories.value)
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
