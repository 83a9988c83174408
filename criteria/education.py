"""Education: exclusion, alternative provision, no school roll, or unauthorised absence of a child of the household."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.attendance import ABSENCE, ALL_ABSENCE, NO_COUNTS, Attendance, judge_absence, read_attendance
from criteria.calendar import Term
from criteria.days import members_by_day
from criteria.evidence import no_evidence
from criteria.exclusions import FIXED, PERMANENT, judge_exclusions
from criteria.facts import Placed, Roster
from criteria.framework import Education, Framework
from criteria.schooling import expected_terms, of_school_age
from criteria.silence import Children, missing_attendance
from criteria.status import ALTERNATIVE, OFF_ROLL, at_home, judge_status, read_spells
from criteria.verdicts import Finding, no_gaps
from schemas.words import Criterion


LABELS = {
    PERMANENT: "permanent exclusion", FIXED: "child with repeated fixed exclusions",
    ALTERNATIVE: "child in alternative provision because excluded", OFF_ROLL: "child on no school roll",
    ABSENCE: "child with unauthorised absence", ALL_ABSENCE: "child with absence, authorised or not",
}


class Schooling(NamedTuple):
    """The education finding; the attendance behind it; which members are known to school; counts."""

    finding: Finding
    attendance: Attendance | None
    at_school: np.ndarray
    counts: dict[str, int]


class _Limb(NamedTuple):
    """What one extract says: evidence, gaps, and whether it was given."""

    extract: str
    given: bool
    evidence: pd.DataFrame
    gaps: pd.DataFrame


def find_education(facts: Placed, roster: Roster, rules: Framework, terms: tuple[Term, ...]) -> Schooling:
    """The second national criterion, child by child.

    Source: council papers on the Financial Framework (framework: `education`). A child of school age for whom no
    school sent anything, and an absent extract, leave it unknown; a household without one does not meet it.
    """
    limits = rules.education
    spells = read_spells(facts, roster)
    now = _of_school_age_now(roster, limits)
    children = _children(roster, limits, terms, at_home(spells, len(roster.child), terms, limits))
    attendance = read_attendance(facts, limits, terms)
    excluded, spare = judge_exclusions(facts, roster, limits, terms)
    limbs = (
        _absence(attendance, roster, children, terms, limits),
        _Limb("exclusions", "exclusions" in facts.tables, excluded, no_gaps()),
        _Limb("education_status", spells is not None, *judge_status(spells, roster, limits, terms, now)),
    )
    now[children.members[children.due.any(axis=1)]] = True
    finding = _finding(limbs, limits, roster.any_member(now))
    counts = {"exclusion_duplicates": spare, **(attendance.counts if attendance else NO_COUNTS)}
    return Schooling(finding, attendance, _at_school(attendance, finding, len(roster.child)), counts)


def _of_school_age_now(roster: Roster, rules: Education) -> np.ndarray:
    of_age = np.zeros(len(roster.child), dtype=bool)
    for day, members in members_by_day(roster):
        of_age[members] = of_school_age(roster.born[members], day, rules)
    return roster.child & (of_age | (roster.born == 0))


def _children(roster: Roster, rules: Education, terms: tuple[Term, ...], home: np.ndarray) -> Children:
    members = np.flatnonzero(roster.child)
    return Children(members, expected_terms(roster.born[members], terms, rules) & ~home[members])


def _absence(
    attendance: Attendance | None, roster: Roster, children: Children, terms: tuple[Term, ...], limits: Education
) -> _Limb:
    if attendance is None:
        return _Limb("attendance", False, no_evidence(), no_gaps())
    evidence = judge_absence(attendance, roster, limits, terms)
    settled = np.zeros(len(roster.child), dtype=bool)
    settled[evidence["member"].to_numpy()[evidence["met"].notna()]] = True
    return _Limb("attendance", True, evidence, missing_attendance(attendance, roster, children, terms, settled))


def _at_school(attendance: Attendance | None, finding: Finding, size: int) -> np.ndarray:
    """Which members any school sent attendance for, or have other evidence of schooling."""
    found = np.zeros(size + 1, dtype=bool)
    found[finding.evidence["member"].to_numpy()] = True
    if attendance is not None:
        found[attendance.rows["member"].to_numpy()] = True
    return found[:-1]


def _finding(limbs: tuple[_Limb, ...], limits: Education, applies: np.ndarray) -> Finding:
    absence = "absence" if limits.absence_counted.value == "all" else "unauthorised absence"
    share, terms, fixed = limits.absence_percent.value, limits.terms.value, limits.fixed_exclusions.value
    return Finding(
        Criterion.EDUCATION,
        evidence=pd.concat([limb.evidence for limb in limbs], ignore_index=True),
        gaps=pd.concat([limb.gaps for limb in limbs], ignore_index=True),
        absent=tuple(f"the {limb.extract} extract" for limb in limbs if not limb.given),
        labels=LABELS,
        not_met=f"every child under {share}% {absence} and under {fixed} fixed exclusions in the last "
                f"{terms} terms, none permanently excluded, in alternative provision because excluded, or off roll",
        applies=applies,
        no_application="no child of school age",
    )
