"""Who is of school age and when: decides which children a school should have sent attendance for."""

from datetime import date

import numpy as np

from criteria.calendar import Term, last_friday_in_june
from criteria.facts import age_on, number_of
from criteria.framework import Education


def of_school_age(born: np.ndarray, on: date, rules: Education) -> np.ndarray:
    """Whether each child (born on a day as a number) is of compulsory school age on a day; False where not known.

    From the day on which the child is five, up to and on the last Friday in June of the school year (September to
    August) in which he or she turns sixteen. Source: Education Act 1996, section 8 (framework: `education`).
    """
    turns = born // 10000 + (born // 100 % 100 >= 9)
    leaves_in = on.year - rules.school_age_to.value
    gone = on > last_friday_in_june(on.year)
    return (age_on(born, number_of(on)) >= rules.school_age_from.value) & (turns >= leaves_in + gone)


def expected_terms(born: np.ndarray, terms: tuple[Term, ...], rules: Education) -> np.ndarray:
    """Per child and term, whether a school should have sent attendance: of school age on the term's first day.

    A child whose date of birth is not known may be of school age, and so is expected.
    """
    expected = np.column_stack([of_school_age(born, term.start, rules) for term in terms])
    return expected | (born == 0)[:, None]
