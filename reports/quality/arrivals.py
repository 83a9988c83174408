"""Which schools sent attendance, which sent part of it and which nothing: as a heat map, by term, and reason N."""

import pandas as pd

from reports.packs.wording import many
from reports.page import Figure, Section
from reports.quality import pictures
from reports.quality.counted import Counted
from reports.quality.pictures import NONE, PART, SENT, percent


WHOLE_RETURN = 0.75
"""A return of fewer pupils than this share of the school's largest is taken to be a part."""
LONGEST = 60
MOST_ROWS = 60
MOST_BARS = 30
NAMED = 5


def arrivals(coverage: pd.DataFrame) -> pd.DataFrame:
    """A row per school and term: school, term, pupils, usual, said, state; schools with gaps first, then by name."""
    table = pd.DataFrame({
        "school": _schools(coverage),
        "term": (coverage["term"] + " " + coverage["academic_year"]).astype(object),
        "year": coverage["academic_year"].astype(object),
        "pupils": coverage["pupils"].fillna(0).astype(int),
        "sent": coverage["returned"].fillna(False).astype(bool),
    })
    table["usual"] = table.groupby("school")["pupils"].transform("max")
    table["state"] = [_state(*row) for row in table[["sent", "pupils", "usual"]].itertuples(index=False)]
    table["said"] = [_said(*row) for row in table[["state", "pupils", "usual"]].itertuples(index=False)]
    table["gaps"] = (table["state"] != SENT).groupby(table["school"]).transform("sum")
    ordered = table.sort_values(["gaps", "school", "year", "term"], ascending=[False, True, True, True])
    return ordered[["school", "term", "pupils", "usual", "said", "state"]].reset_index(drop=True)


def gaps(coverage: pd.DataFrame) -> list[str]:
    """Which schools sent nothing, and which a part, in a sentence each; nothing where all sent all."""
    table = arrivals(coverage)
    said = {NONE: "sent nothing for a term or more", PART: "sent part of a term"}
    found = {state: sorted(table.loc[table["state"] == state, "school"].unique()) for state in said}
    return [f"{many(len(found[state]), 'school')} {what}: {_first(found[state])}."
            for state, what in said.items() if found[state]]


def _first(schools: list[str]) -> str:
    rest = f" and {len(schools) - NAMED} more" if len(schools) > NAMED else ""
    return ", ".join(schools[:NAMED]) + rest


def arrivals_section(counted: Counted) -> Section:
    """What came in from the schools."""
    table = arrivals(counted.coverage)
    figures = [_arrivals(table), _by_term(table), _reason_n(counted.coverage)] if len(table) else []
    return Section("What the schools sent", figures)


def _schools(coverage: pd.DataFrame) -> pd.Series:
    """What each school is called: its name, with its number where it has no name or shares it."""
    names = coverage["school_name"].fillna("").astype(object).str.slice(0, LONGEST)
    urns = coverage["school_urn"].astype(object)
    shared = urns.groupby(names).transform("nunique") > 1
    called = names.where(~shared, names + " (" + urns + ")")
    return called.where(names != "", "School " + urns)


def _state(sent: bool, pupils: int, usual: int) -> str:
    if not sent:
        return NONE
    return PART if pupils < WHOLE_RETURN * usual else SENT


def _said(state: str, pupils: int, usual: int) -> str:
    return {NONE: "none", PART: f"{pupils:,} of {usual:,}"}.get(state, f"{pupils:,}")


def _arrivals(table: pd.DataFrame) -> Figure:
    schools = table["school"].unique()
    gaps = table.loc[table["state"] != SENT, "school"].unique()
    drawn = schools[: max(len(gaps), MOST_ROWS)]
    rest = f" {many(len(schools) - len(drawn), 'more school')} sent every term." if len(schools) > len(drawn) else ""
    words = (
        "Pupils whose attendance each school sent, by term; schools with gaps stand first. 'none': nothing came, and "
        "education is unknown for its pupils unless other facts show it to be met. '45 of 110': well under the largest "
        f"number that the school sent in a term.{rest}"
    )
    shown = table.rename(columns={"said": "arrived"})[["school", "term", "pupils", "arrived"]]
    return Figure("Attendance by school and term", words, pictures.arrivals(table[table["school"].isin(drawn)]), shown)


def _by_term(table: pd.DataFrame) -> Figure:
    terms = table["term"].unique()
    counted = table.groupby(["term", "state"]).size().unstack(fill_value=0).reindex(index=terms, fill_value=0)
    counted = counted.reindex(columns=[SENT, PART, NONE], fill_value=0)
    pupils = table.groupby("term")["pupils"].sum().reindex(terms)
    schools = counted.sum(axis=1)
    shown = pd.DataFrame({
        "term": terms,
        "schools": schools.to_numpy(),
        "sent": counted[SENT].to_numpy(),
        "sent_part": counted[PART].to_numpy(),
        "sent_nothing": counted[NONE].to_numpy(),
        "pupils": pupils.to_numpy(),
    })
    bars = pd.DataFrame({
        "label": terms,
        "value": counted[SENT].to_numpy(),
        "whole": schools.to_numpy(),
        "said": [f"{sent:,} of {every:,} ({percent(sent / every)})"
                 for sent, every in zip(counted[SENT], schools, strict=True)],
    })
    words = "Schools that sent a whole return, of those that should: the list of schools, and any other that sent one."
    return Figure("Coverage by term", words, pictures.bars(bars), shown)


def _reason_n(coverage: pd.DataFrame) -> Figure:
    """The schools and terms in which most absence has no reason yet."""
    every = coverage.assign(school=_schools(coverage))
    held = every[every["share_reason_n"].fillna(0) > 0]
    table = pd.DataFrame({
        "school": held["school"].astype(object),
        "term": [f"{term} {year}" for term, year in zip(held["term"], held["academic_year"], strict=True)],
        "pupils": held["pupils"].astype(int),
        "share": held["share_reason_n"].astype(float),
    }).sort_values(["share", "school", "term"], ascending=[False, True, True], ignore_index=True)
    drawn = table.head(MOST_BARS)
    bars = pd.DataFrame({
        "label": [f"{school}, {term}" for school, term in zip(drawn["school"], drawn["term"], strict=True)],
        "value": drawn["share"],
        "said": [percent(share) for share in drawn["share"]],
    })
    first = f" The {MOST_BARS} largest are drawn." if len(table) > MOST_BARS else ""
    words = (
        "Of the unauthorised absence that a school sent, the share that has no reason yet (reason N). It may still "
        f"turn out to be authorised, so much of it makes a verdict less sure.{first}"
    )
    shown = table.assign(share=[percent(share) for share in table["share"]])
    return Figure("Absence without a reason yet", words, pictures.bars(bars) if len(bars) else "", shown)
