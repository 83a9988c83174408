"""Who is of school age and when: decides which children a school should have sent attendance for."""

from datetime import date

import numpy as np
import pandas as pd

from criteria.calendar import Term, last_friday_in_june
from criteria.facts import age_on
from criteria.framework import Framework


def of_school_age(born: pd.Series, on: date, rules: Framework) -> np.ndarray:
    """Whether each child is of compulsory school age on a day; False where the date of birth is not known.

    From the day on which the child is five, up to and on the last Friday in June of the school year (September to
    August) in which he or she turns sixteen. Source: Education Act 1996, section 8 (framework: `education`).
    """
    years = rules.education
    leaving_year = born.dt.year + years.school_age_to.value + (born.dt.month >= 9)
    leaves = leaving_year.map({year: last_friday_in_june(int(year)) for year in leaving_year.dropna().unique()})
    stays = pd.to_datetime(leaves) >= pd.Timestamp(on)
    return (age_on(born, on) >= years.school_age_from.value) & stays.to_numpy()


def expected_terms(born: pd.Series, terms: tuple[Term, ...], rules: Framework) -> np.ndarray:
    """Per child and term, whether a school should have sent attendance: of school age on the term's first day.

    A child whose date of birth is not known may be of school age, and so is expected.
    """
    expected = np.column_stack([of_school_age(born, term.start, rules) for term in terms])
    return expected | born.isna().to_numpy()[:, None]


def of_school_age_or_older(born: pd.Series, term_start: date, rules: Framework) -> np.ndarray:
    """Whether each child had turned five by the first day of the current term."""
    return age_on(born, term_start) >= rules.education.school_age_from.value
