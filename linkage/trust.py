"""Tells which dates of birth, names and numbers are not to be believed: typed for "not known", or somebody else's.

A system that insists on a value is given one by habit, and it says nothing of the person; a column sorted by itself
gives each person another's. Decides of no record who it is; only which of its values may have a say.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from linkage.codes import distinct_rows, number_rows, sort_columns
from linkage.encode import MISSING, first_rows, year_of
from linkage.settings_parts import TrustSettings


Contradict = Callable[[np.ndarray, np.ndarray], np.ndarray]
DAYS = 365
IN_YEAR = 0xFFFF
"""Month and day of a packed date."""
NEIGHBOURS = 10
"""How many years before and after a day its like is looked at."""
MOST = 0.75
"""In so many of those years the day has fewer records than is usual: some habits are of some years alone."""


def are_default_dates(born: np.ndarray, surname: np.ndarray, settings: TrustSettings) -> np.ndarray:
    """Whether each packed date of birth (-1 missing) stands for "not known"; `surname` are codes (-1 missing).

    Such a day has `people` surnames or more, and `times` as many records as other days have on average, as others of
    its year have, and as the same day of the years about it: where who knows but the year writes the first of January,
    that is no default.
    """
    code, days = pd.factorize(born)
    code[born == MISSING] = MISSING
    common, records = _far_above_average(code, len(days), settings)
    years = year_of(days)
    usual = np.array([_usual(at, days & IN_YEAR, years, records) for at in common.tolist()])
    common = common[records[common] > settings.times * usual]
    return np.isin(code, _with_several(_only(code, common), surname, settings.people))


def are_default_numbers(number: np.ndarray, traits: Sequence[np.ndarray], settings: TrustSettings) -> np.ndarray:
    """Whether each number (codes, -1 missing) is nobody's own: of `times` as many records as others have on average,
    and `people` different codes of each trait or more."""
    found, _ = _far_above_average(number, int(number.max(initial=MISSING)) + 1, settings)
    for trait in traits:
        found = _with_several(_only(number, found), trait, settings.people)
    return np.isin(number, found)


def count_contradictions(identifier: np.ndarray, initial: np.ndarray, born: np.ndarray) -> tuple[int, int]:
    """Of how many records with the identifier of another the forename begins otherwise and the year of birth is
    another than of the eldest with it; and how many such records there are. Codes and packed dates, -1 missing: nothing
    is said of those."""
    rows = np.flatnonzero((identifier != MISSING) & (initial != MISSING) & (born != MISSING))
    code, year, initial = sort_columns([identifier[rows].astype(np.int64), year_of(born[rows]), initial[rows]])
    first = first_rows(code, int(code.max(initial=MISSING)) + 1)[code]
    again = first != np.arange(len(code))
    return int(((initial != initial[first]) & (year != year[first])).sum()), int(again.sum())


def may_decide(contradicted: int, compared: int, settings: TrustSettings) -> bool:
    """Whether an identifier may say by itself who is one person, so often contradicted."""
    share = contradicted / compared if compared else 0.0
    return contradicted < settings.contradictions or share <= settings.contradicted


def find_mistaken(
    same: Sequence[np.ndarray], source: np.ndarray, value: np.ndarray, contradict: Contradict, settings: TrustSettings
) -> list[int]:
    """The sources (codes) whose values are mostly not those of their people, as of a column sorted by itself.

    Told from records that are of one person by all else (`same`, codes by column) and have a value; -1 is missing. Of
    such records of a source with others beside them, more than `mistaken` stand alone with their value, and of all its
    records with a value more than `mistaken_records`: of twins, or a father and a son of one name, there are fewer. The
    worst goes first, and then no longer speaks against the others.
    """
    rows = np.flatnonzero(np.logical_and.reduce([column != MISSING for column in (*same, source, value)]))
    number = number_rows([column[rows] for column in same])
    columns = sort_columns([number, *(column[rows].astype(np.int64) for column in (value, source))])
    size = int(source.max(initial=MISSING)) + 1
    records = np.bincount(source[(source != MISSING) & (value != MISSING)], minlength=size)
    found: list[int] = []
    while True:
        alone, met = _count_alone(*columns, contradict=contradict, size=size)
        share = np.where(alone > settings.mistaken_records * records, alone / np.maximum(met, 1), 0)
        share[alone < settings.contradictions] = 0
        if share.max(initial=0) <= settings.mistaken:
            return found
        found.append(int(share.argmax()))
        columns = [column[columns[2] != found[-1]] for column in columns]


def are_other_days(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Whether packed dates have neither the year nor the day of the year in common."""
    return (year_of(first) != year_of(second)) & ((first ^ second) & IN_YEAR != 0)


def _count_alone(
    number: np.ndarray, value: np.ndarray, source: np.ndarray, *, contradict: Contradict, size: int
) -> tuple[np.ndarray, np.ndarray]:
    """Per source, how many of its rows with others of their number contradict them all; and how many such rows."""
    others = (np.bincount(number) > 1)[number] if len(number) else np.zeros(0, dtype=bool)
    number, value, source = number[others], value[others], source[others]
    agree = (number[1:] == number[:-1]) & ~contradict(value[:-1], value[1:])
    alone = ~(np.append(agree, False) | np.append(False, agree)[: len(number)])
    return np.bincount(source[alone], minlength=size), np.bincount(source, minlength=size)


def _far_above_average(code: np.ndarray, size: int, settings: TrustSettings) -> tuple[np.ndarray, np.ndarray]:
    """The codes of far more records than the others have on average, and the records of each."""
    records = np.bincount(code[code != MISSING], minlength=size)
    others = np.maximum(np.count_nonzero(records) - 1, 1)
    average = np.maximum((records.sum() - records) / others, 1)
    return np.flatnonzero((records >= settings.people) & (records > settings.times * average)), records


def _only(code: np.ndarray, kept: np.ndarray) -> np.ndarray:
    return np.where(np.isin(code, kept), code, MISSING)


def _usual(at: int, in_year: np.ndarray, years: np.ndarray, records: np.ndarray) -> float:
    """How many records a day usually has: as the other days of its year, or the same day of the years about it."""
    same_day, same_year = in_year == in_year[at], years == years[at]
    about = (np.abs(years - years[at]) <= NEIGHBOURS) & ~same_year & (records > 0)
    alike = records[about & same_day]
    none = len(np.unique(years[about])) - len(alike)
    like = float(np.quantile(np.append(alike, np.zeros(none)), MOST)) if len(alike) + none else 0.0
    return max(like, float(records[same_year & ~same_day].sum()) / DAYS)


def _with_several(code: np.ndarray, trait: np.ndarray, least: int) -> np.ndarray:
    """The codes beside which so many different traits stand (-1 counts for neither)."""
    rows = np.flatnonzero((code != MISSING) & (trait != MISSING))
    code, trait = code[rows], trait[rows]
    first = first_rows(code, int(code.max(initial=MISSING)) + 1)
    others = np.bincount(code, weights=trait != trait[first[code]])
    rows = np.flatnonzero(others[code] >= least - 1)
    owner = distinct_rows([code[rows], trait[rows]])[0]
    return np.flatnonzero(np.bincount(owner) >= least)
