"""The signs of each problem, computed or by indicator, and which measure of the outcomes plan is about which."""

from typing import NamedTuple

from criteria.attendance import ABSENCE, ALL_ABSENCE
from criteria.crime_asb import ADULT, OFFENCE, SANCTION
from criteria.exclusions import FIXED, PERMANENT
from criteria.framework import Framework
from criteria.settings import PlanMeasure
from criteria.status import ALTERNATIVE, OFF_ROLL
from criteria.work import BENEFIT
from schemas.words import Criterion


COMPUTED: dict[Criterion, dict[str, str | None]] = {
    Criterion.CRIME_ASB: {OFFENCE: None, ADULT: None, SANCTION: None},
    Criterion.EDUCATION: dict.fromkeys((ABSENCE, ALL_ABSENCE, FIXED, PERMANENT, ALTERNATIVE, OFF_ROLL), "attendance"),
    Criterion.WORK: {BENEFIT: "employment"},
}
"""The signs that are computed, each with the one kind of measure that can measure it (None: any that counts signs)."""


class Asked(NamedTuple):
    """A measure of a problem, and the signs of it that it measures."""

    problem: Criterion
    measure: PlanMeasure
    signs: tuple[str, ...]

    @property
    def label(self) -> str:
        """What a result calls it: the problem, with the signs where the measure names some of them."""
        return f"{self.problem}: {', '.join(self.signs)}" if self.measure.indicators else str(self.problem)


def signs_of(problem: Criterion, rules: Framework) -> dict[str, str | None]:
    """Every word by which evidence shows the problem, with the one kind that can measure it, if there is one."""
    return COMPUTED.get(problem, {}) | {one.code: None for one in rules.indicators_of(problem)}


def measures_with_signs(problem: Criterion, rules: Framework) -> tuple[Asked, ...]:
    """The measures of a problem, each with its signs: those it names, or all that no other measure names."""
    measures = rules.measures_of(problem)
    named = {sign for one in measures for sign in one.indicators}
    rest = tuple(sign for sign in signs_of(problem, rules) if sign not in named)
    return tuple(Asked(problem, one, one.indicators or rest) for one in measures)
