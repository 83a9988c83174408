"""What schools did not send: the children of school age for whom a term's attendance is missing, and whose it is."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from criteria.attendance import Attendance
from criteria.calendar import Term
from criteria.evidence import text_series
from criteria.facts import Roster, day_number, number_of
from criteria.verdicts import counted_gaps, gaps_of
from schemas.columns import TEXT
from schemas.keys import as_arrow


class Children(NamedTuple):
    """The children of all households: member positions, and for each child and term whether attendance is due."""

    members: np.ndarray
    due: np.ndarray

    def child_of(self, size: int) -> np.ndarray:
        """For each of `size` member positions (and -1) which child it is; -1 for none."""
        found = np.full(size + 1, -1, dtype=np.int64)
        found[self.members] = np.arange(len(self.members))
        return found


def missing_attendance(
    attendance: Attendance, roster: Roster, children: Children, terms: tuple[Term, ...], settled: np.ndarray
) -> pd.DataFrame:
    """The gaps that schools leave: a child's school that sent nothing for a term in which attendance is due, a child
    whom no school sent, one with too few sessions to tell, or without authorised absence where that counts (`settled`
    flags the members of whom enough is known).

    A term is no gap where the schools that the child attends did send it: the child was simply not there.
    """
    rows = attendance.rows
    child = children.child_of(len(roster.child))[rows["member"].to_numpy()]
    seen = np.zeros(children.due.shape, dtype=bool)
    seen[child[child >= 0], rows["when"].to_numpy()[child >= 0]] = True
    anywhere, due = seen.any(axis=1), children.due.any(axis=1)
    untold = np.zeros(len(seen) + 1, dtype=bool)
    untold[child[rows["untold"].to_numpy() & attendance.counted]] = True
    unsettled = due & anywhere & ~settled[children.members]
    home = roster.home[children.members]
    known = roster.born[children.members] > 0
    return pd.concat([
        _silent_schools(attendance, children.due & ~seen, child, home, terms),
        counted_gaps(home[due & ~anywhere & known], "attendance of 1 child whom no school sent",
                     "attendance of {} children whom no school sent"),
        counted_gaps(home[due & ~anywhere & ~known], "the date of birth of 1 child, or a school's attendance",
                     "the dates of birth of {} children, or a school's attendance"),
        counted_gaps(home[unsettled & untold[:-1]], "authorised absence of 1 child, which was not sent",
                     "authorised absence of {} children, which was not sent"),
        counted_gaps(home[unsettled & ~untold[:-1]], "more sessions of 1 child, too few to tell",
                     "more sessions of {} children, too few to tell"),
    ], ignore_index=True)


def _silent_schools(
    attendance: Attendance, wanted: np.ndarray, child: np.ndarray, home: np.ndarray, terms: tuple[Term, ...]
) -> pd.DataFrame:
    """For each child's known schools, the wanted terms for which that school sent nothing about anyone."""
    rows = attendance.rows
    returned = np.zeros((len(attendance.schools), len(terms)), dtype=bool)
    returned[rows["school"].to_numpy(), rows["when"].to_numpy()] = True
    waits = np.append(wanted.any(axis=1), False)[child] & (child >= 0)
    attends = _attends(rows[waits], child[waits])
    silent = wanted[attends["child"].to_numpy()] & ~returned[attends["school"].to_numpy()]
    pair, term = np.nonzero(silent & _there(attends, terms))
    school = attends["school"].to_numpy()[pair]
    gaps = pd.DataFrame({"household": home[attends["child"].to_numpy()[pair]], "school": school, "term": term})
    gaps = gaps.drop_duplicates()
    return gaps_of(gaps["household"], _words(attendance.schools, gaps["school"], gaps["term"], terms))


def _attends(rows: pd.DataFrame, child: np.ndarray) -> pd.DataFrame:
    """The schools of each child, with the days (as numbers) of joining and leaving that the school gave."""
    left = day_number(rows["leaving_date"])
    stays = pd.DataFrame({"child": child, "school": rows["school"].to_numpy(), "joined": day_number(rows["entry_date"]),
                          "left": np.where(left > 0, left, STILL_THERE)})
    return stays.groupby(["child", "school"], as_index=False, sort=True).agg({"joined": "min", "left": "max"})


STILL_THERE = 99999999
"""Later than any day: no leaving date was given."""


def _there(attends: pd.DataFrame, terms: tuple[Term, ...]) -> np.ndarray:
    """Whether a child can have been at a school in a term: joined before it ended, and not left before it began."""
    begins = np.array([number_of(term.start) for term in terms])
    ends = np.array([number_of(term.end) for term in terms])
    joined, left = attends["joined"].to_numpy()[:, None], attends["left"].to_numpy()[:, None]
    return (joined <= ends) & (left >= begins)


def _words(schools: pd.DataFrame, school: pd.Series, term: pd.Series, terms: tuple[Term, ...]) -> pd.Series:
    names = as_arrow(school_names(schools)).take(pa.array(school.to_numpy()))
    labels = pa.array([each.label for each in terms]).take(pa.array(term.to_numpy()))
    return text_series(pc.binary_join_element_wise("attendance from ", names, " for ", labels, ""))


def school_names(schools: pd.DataFrame) -> pd.Series:
    """A name for each school: its own, else `school` and its number."""
    return schools["school_name"].astype(TEXT).fillna("school " + schools["school_urn"].astype(TEXT))
