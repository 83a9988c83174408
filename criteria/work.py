"""Work: an adult of a household that DWP was asked about, on a listed out-of-work benefit on the as-of date."""

import numpy as np
import pandas as pd

from criteria.days import judged_on
from criteria.evidence import day_text, distinct, draft, no_evidence, sources, tested
from criteria.facts import Placed, Roster
from criteria.framework import Framework
from criteria.verdicts import Finding, counted_gaps, gaps_of
from schemas.columns import TEXT
from schemas.words import Criterion


BENEFIT = "out_of_work_benefit"
LABELS = {BENEFIT: "adult on an out-of-work benefit"}


def find_work(
    facts: Placed, roster: Roster, rules: Framework, asked: np.ndarray, suits: np.ndarray
) -> tuple[Finding, dict[str, int]]:
    """The third national criterion for the households that DWP was asked about (`asked`, a flag each), and counts.

    `suits` flags the households the programme is for. Source: council papers on the Financial Framework; the benefits
    are in the framework's `work`. An answer that settles nothing (not traced, rejected) leaves it unknown.
    """
    grown = ~roster.child
    evidence, counts = _answers(facts, roster, rules, grown & asked[roster.home])
    finding = Finding(
        Criterion.WORK,
        evidence=evidence,
        gaps=_gaps(roster, evidence, grown, asked),
        absent=(),
        labels=LABELS,
        not_met="no adult on a listed out-of-work benefit on the as-of date",
        unknown=("DWP's answers do not settle it", *_why_not_asked(rules)),
        why_unknown=np.where(asked, 0, np.where(suits, 1, 2)),
    )
    return finding, counts


def _why_not_asked(rules: Framework) -> tuple[str, str]:
    grounds = rules.dwp.asked_when_met.value
    match grounds:
        case (one, other):
            said = f"neither {one} nor {other} is met"
        case (one,):
            said = f"{one} is not met"
        case _:
            said = f"none of {', '.join(grounds)} is met"
    child = "child" if rules.national.children.value == "any" else "child of school age or older"
    return f"not asked: {said}", f"not asked: no {child}"


def _answers(
    facts: Placed, roster: Roster, rules: Framework, asked_about: np.ndarray
) -> tuple[pd.DataFrame, dict[str, int]]:
    table = facts.rows("dwp_benefits", ("status", "benefit", "start_date", "end_date", "as_at"))
    if table is None:
        return no_evidence(), {"dwp_rows_not_asked": 0, "dwp_rows_after_as_of": 0}
    ours = np.append(asked_about, False)[table["member"].to_numpy()]
    in_time = (table["as_at"] <= judged_on(roster, table["household"])).to_numpy()
    rows = table[ours & in_time]
    latest = rows["as_at"] == rows.groupby("member")["as_at"].transform("max")
    counts = {"dwp_rows_not_asked": int((~ours).sum()), "dwp_rows_after_as_of": int((ours & ~in_time).sum())}
    return _judge(rows[latest].reset_index(drop=True), roster, rules), counts


def _judge(rows: pd.DataFrame, roster: Roster, rules: Framework) -> pd.DataFrame:
    one, code = distinct(rows, ["member", "as_at", "status", "benefit", "start_date", "end_date"])
    day = judged_on(roster, one["household"])
    began = one["start_date"].isna() | (one["start_date"] <= day)
    runs = began & (one["end_date"].isna() | (one["end_date"] >= day))
    listed = one["benefit"].isin(rules.work.benefits.value)
    named = listed | (one["benefit"].isna() & rules.work.unnamed_benefit_counts.value)
    unsettled = one["status"].isin(rules.dwp.unsettled_statuses.value).to_numpy()
    met = ((one["status"] == "on_benefit") & runs & named).fillna(False).to_numpy(dtype=bool)
    return draft(
        len(one), {"window_start": day, "window_end": day}, household=one["household"], member=one["member"],
        criterion=Criterion.WORK, indicator=BENEFIT, value=one["benefit"].fillna(one["status"]),
        threshold=" or ".join(rules.work.benefits.value), met=tested(met, ~unsettled), event_date=one["as_at"],
        extract="dwp_benefits", detail=_detail(one, runs, listed), agency="DWP", **sources(rows, code, len(one)))


def _detail(one: pd.DataFrame, runs: pd.Series, listed: pd.Series) -> pd.Series:
    on_benefit = (one["status"] == "on_benefit").fillna(False)
    period = "from " + day_text(one["start_date"]).fillna("a date not given")
    period = period + " to " + day_text(one["end_date"]).fillna("now")
    notes = np.select(
        [~on_benefit, ~runs, one["benefit"].isna(), ~listed],
        ["", "; not on the as-of date", "; no benefit named", "; not a listed benefit"], "")
    told = np.where(on_benefit, period + pd.Series(notes, dtype=TEXT), one["status"].str.replace("_", " "))
    return "DWP's answer: " + pd.Series(told, dtype=TEXT)


def _gaps(roster: Roster, evidence: pd.DataFrame, grown: np.ndarray, asked: np.ndarray) -> pd.DataFrame:
    settled = np.zeros(len(grown) + 1, dtype=bool)
    settled[evidence["member"].to_numpy()] = True
    settled[evidence["member"].to_numpy()[evidence["met"].isna()]] = False
    home = roster.home
    waiting = home[grown & ~settled[:-1] & asked[home]]
    unasked = home[grown & ~asked[home]]
    nobody = np.flatnonzero(roster.count_members(grown) == 0)
    return pd.concat([
        counted_gaps(waiting, "DWP's answer for 1 adult", "DWP's answer for {} adults"),
        counted_gaps(unasked, "DWP's answer for 1 adult, not yet asked about",
                     "DWP's answer for {} adults, not yet asked about"),
        gaps_of(nobody, ["who the adults of the household are"] * len(nobody))], ignore_index=True)

