"""Education of Route A: each child under three fixed exclusions and under 15% unauthorised absence over three terms."""

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from criteria.attendance import ABSENCE, absence_counted
from criteria.calendar import Term
from criteria.exclusions import FIXED, PERMANENT
from criteria.facts import age_on, number_of
from criteria.framework import Framework
from criteria.results_school import (
    Excluded,
    Fact,
    School,
    coming_terms,
    out_of_school,
    read_exclusions,
    read_off_roll,
    read_school,
    result_terms,
)
from criteria.results_scope import Case, Scope
from criteria.results_table import Line, counted, day_words
from criteria.schooling import of_school_age
from criteria.status import OFF_ROLL
from schemas.words import ClaimRoute, Measure, ResultVerdict


MET, NOT_MET, UNKNOWN = ResultVerdict.MET, ResultVerdict.NOT_MET, ResultVerdict.UNKNOWN
NEUTRAL, NOT_APPLICABLE, VOID = ResultVerdict.NEUTRAL, ResultVerdict.NOT_APPLICABLE, ResultVerdict.VOID


class Years(NamedTuple):
    """School as of the day results are looked at, what exclusions will still count at the end of each coming term if
    nothing happens, school as it was on each day on which a family joined, and who was out of it."""

    now: School
    off_roll: Mapping[int, Fact]
    coming: tuple[tuple[Term, Excluded], ...]
    then: Mapping[date, School]
    away: Mapping[int, list[tuple[date, date]]]


class Child(NamedTuple):
    """A child's lines and verdict, whether it had an education problem on joining (None: not known), and when it could
    be met."""

    lines: tuple[Line, ...]
    verdict: ResultVerdict
    had_problem: bool | None
    could_be: date | None


class Pupil(NamedTuple):
    """A child of a case, and the school years before and after the family joined."""

    case: Case
    person: int
    now: School
    then: School


def judge_education(scope: Scope, entry: frozenset[tuple[str, str]], rules: Framework) -> Iterator[Line]:
    """A line for each family, and for each child one a test; a child who is not tested has one that says why.

    `entry`: family_ref and person_id of those with an education problem among the evidence of eligibility. Source:
    Ronicle's summary of the Financial Framework; Devon on children who leave school (see the framework's `results`).
    """
    years = _read_years(scope, rules)
    children: dict[int, list[Child]] = {at: [] for at in range(len(scope.cases))}
    for part in scope.parts:
        if part.child:
            case = scope.cases[part.case]
            test = Pupil(case, part.person, years.now, years.then[case.attached_on])
            children[part.case].append(_judge_child(test, years, scope, rules, entry=entry))
    for at, case in enumerate(scope.cases):
        yield _family(case, children[at], years, rules)
        for child in children[at]:
            yield from child.lines


def _read_years(scope: Scope, rules: Framework) -> Years:
    terms = result_terms(scope.as_of, rules)
    ahead = coming_terms(scope.as_of, rules)[: len(terms)]
    coming = tuple((term, read_exclusions(scope, (*terms, *ahead)[at:at + len(terms)], rules))
                   for at, term in enumerate(ahead, 1))
    joined = {day: result_terms(day, rules) for day in {case.attached_on for case in scope.cases}}
    schools = {key: read_school(scope, key, rules) for key in set(joined.values())}
    then = {day: schools[key] for day, key in joined.items()}
    return Years(read_school(scope, terms, rules), read_off_roll(scope, terms, rules), coming, then,
                 out_of_school(scope, rules))


def _judge_child(
    test: Pupil, years: Years, scope: Scope, rules: Framework, *, entry: frozenset[tuple[str, str]]
) -> Child:
    outside = _outside(test, scope, rules)
    had = _had_problem(test, years, entry, scope)
    blank = Line(test.case.family_ref, ClaimRoute.A, Measure.EDUCATION, UNKNOWN, "", scope.person(test.person),
                 baseline=test.then.window, result=test.now.window)
    if outside:
        return Child((blank._replace(verdict=outside[0], reason=outside[1]),), outside[0], had, None)
    lines = [line for line in (_absence(blank, test, rules), _fixed(blank, test, rules),
                               _permanent(blank, test, rules), _off_roll(blank, test, years, rules)) if line]
    verdict = _worst([line.verdict for line in lines])
    if verdict == MET and any(line.verdict == NOT_APPLICABLE for line in lines):
        verdict = NOT_APPLICABLE
    could_be = _child_could_be(lines, test, years, rules) if verdict == NOT_MET else None
    if verdict == NOT_MET and had is False and rules.results.another_child.value == "void":
        verdict, lines = VOID, [_begun(line) for line in lines]
    lines = [line._replace(could_be=could_be) if line.verdict in (NOT_MET, VOID) else line for line in lines]
    return Child(tuple(lines), verdict, had, could_be)


def _begun(line: Line) -> Line:
    if line.verdict != NOT_MET:
        return line
    return line._replace(verdict=VOID, reason=f"{line.reason}; the child had no such problem when the family joined")


def _worst(verdicts: list[ResultVerdict]) -> ResultVerdict:
    order = (VOID, NOT_MET, UNKNOWN, MET, NOT_APPLICABLE)
    return min(verdicts, key=order.index)


def _outside(test: Pupil, scope: Scope, rules: Framework) -> tuple[ResultVerdict, str] | None:
    """Why a child is not tested; None for one who is, as is one whose date of birth is not known."""
    born = scope.roster.born[test.person:test.person + 1]
    joined, today = test.case.attached_on, scope.as_of
    if born[0] == 0 or of_school_age(born, today, rules.education)[0]:
        return None
    if age_on(born, number_of(today))[0] < rules.education.school_age_from.value:
        return NOT_APPLICABLE, "below school age"
    if not of_school_age(born, joined, rules.education)[0]:
        return NOT_APPLICABLE, "past school age when the family joined"
    if rules.results.left_school.value == "neutral":
        return NEUTRAL, "left school (past compulsory school age) after the family joined"
    return None


def _had_problem(test: Pupil, years: Years, entry: frozenset[tuple[str, str]], scope: Scope) -> bool | None:
    """Whether the child met the education criterion when the family joined, by its evidence or by school as it was."""
    then, at, joined = test.then, test.person, test.case.attached_on
    fixed, absence = then.excluded.fixed.get(at), then.absence.get(at)
    permanent = then.excluded.permanent.get(at)
    if ((test.case.family_ref, scope.person(at)) in entry or (fixed and fixed.over) or (absence and absence.over)
            or (permanent and permanent.day <= joined)
            or any(start <= joined <= end for start, end in years.away.get(at, ()))):
        return True
    unseen = then.due[at] and (absence is None or absence.over is None or at in then.gaps)
    return None if unseen or then.exclusions_gap else False


def _absence(blank: Line, test: Pupil, rules: Framework) -> Line:
    now, at, wanted = test.now, test.person, rules.results.absence_below_percent.value
    line = blank._replace(problem=absence_counted(rules.education), extract="attendance",
                          baseline_count=_absent(test.then, at), result_count=_absent(now, at))
    fact = now.absence.get(at)
    if fact is None:
        return _unseen(line, test, rules)
    possible, absent = now.sessions[at].sum(axis=0)
    leave = " without leave" if line.problem == ABSENCE else ""
    line = line._replace(rows=fact.rows, arithmetic=f"{absent} of {possible} sessions missed{leave} in "
                         f"{now.label}: {fact.value}, under {wanted}% is wanted")
    if fact.over:
        return line._replace(verdict=NOT_MET, reason=f"absence is not under {wanted}%")
    if fact.over is None or at in now.gaps:
        return line._replace(verdict=UNKNOWN, reason=now.gaps.get(at, "too few sessions to tell"))
    return line._replace(verdict=MET, reason=f"absence is under {wanted}%")


def _absent(school: School, at: int) -> int | None:
    possible, absent = school.sessions[at].sum(axis=0)
    return int(absent) if possible else None


def _unseen(line: Line, test: Pupil, rules: Framework) -> Line:
    """A child of whom nothing was sent."""
    now, at = test.now, test.person
    if now.attendance_gap:
        return line._replace(verdict=UNKNOWN, reason=now.attendance_gap)
    if now.due[at]:
        return line._replace(verdict=UNKNOWN, reason=now.gaps.get(at, "no attendance was sent"))
    if now.home[at]:
        tested = rules.results.home_educated.value == "unknown"
        return line._replace(verdict=UNKNOWN if tested else NOT_APPLICABLE,
                             reason="educated at home: no school sends attendance")
    return line._replace(verdict=NOT_APPLICABLE, reason="not of school age in any of the terms")


def _fixed(blank: Line, test: Pupil, rules: Framework) -> Line:
    now, then, at = test.now, test.then.excluded.fixed.get(test.person), test.person
    fact, wanted = now.excluded.fixed.get(at), rules.results.fixed_exclusions_below.value
    line = blank._replace(problem=FIXED, extract="exclusions", rows=fact.rows if fact else None)
    over = bool(fact and fact.over)
    if now.exclusions_gap and not over:
        return line._replace(verdict=UNKNOWN, reason=now.exclusions_gap)
    count = int(fact.value) if fact else 0
    return line._replace(
        verdict=NOT_MET if over else MET, reason=f"fixed exclusions are {'not ' if over else ''}fewer than {wanted}",
        baseline_count=None if test.then.exclusions_gap else int(then.value) if then else 0, result_count=count,
        arithmetic=f"{counted(count, 'fixed exclusion')} in {now.label}, fewer than {wanted} are wanted")


def _permanent(blank: Line, test: Pupil, rules: Framework) -> Line | None:
    fact = test.now.excluded.permanent.get(test.person)
    if fact is None or rules.results.permanent_exclusion.value == "ignored":
        return None
    return blank._replace(problem=PERMANENT, extract="exclusions", rows=fact.rows, verdict=NOT_MET,
                          reason=f"permanently excluded from {day_words(fact.day)}")


def _off_roll(blank: Line, test: Pupil, years: Years, rules: Framework) -> Line | None:
    fact = years.off_roll.get(test.person)
    if fact is None:
        return None
    verdict = NOT_MET if rules.results.off_roll.value == "not_met" else UNKNOWN
    return blank._replace(problem=OFF_ROLL, extract="education_status", rows=fact.rows, verdict=verdict,
                          reason=f"on no school roll: {fact.detail}")


def _child_could_be(lines: list[Line], test: Pupil, years: Years, rules: Framework) -> date | None:
    """The end of the first coming term by which everything that is not met lies behind the child."""
    failing = {line.problem for line in lines if line.verdict == NOT_MET}
    if OFF_ROLL in failing or any(line.verdict == UNKNOWN for line in lines):
        return None
    for terms, (term, excluded) in enumerate(years.coming, 1):
        fixed, permanent = excluded.fixed.get(test.person), excluded.permanent.get(test.person)
        clear = {FIXED: not (fixed and fixed.over), PERMANENT: permanent is None,
                 absence_counted(rules.education): _absence_clears(test, terms, rules)}
        if all(clear[problem] for problem in failing if problem):
            return term.end
    return None


def _absence_clears(test: Pupil, terms: int, rules: Framework) -> bool:
    """Whether absence is under the limit after so many more terms as long as the child's last, without any absence."""
    sessions = test.now.sessions[test.person]
    usual = int(sessions[sessions[:, 0] > 0][-1, 0])
    possible, absent = (int(number) for number in sessions[terms:].sum(axis=0))
    whole = possible + terms * usual
    return absent * 100 < Fraction(rules.results.absence_below_percent.value) * whole


def _family(case: Case, children: list[Child], years: Years, rules: Framework) -> Line:
    verdict, reason = _family_verdict(children, rules)
    failing = [child.could_be for child in children if child.verdict in (NOT_MET, VOID)]
    waits = [day for day in failing if day]
    can = verdict in (NOT_MET, VOID) and len(waits) == len(failing) and all(
        child.verdict != UNKNOWN for child in children)
    words = {MET: "met", NOT_MET: "not met", VOID: "begun", UNKNOWN: "unknown", NEUTRAL: "left school",
             NOT_APPLICABLE: "not tested"}
    counts = [f"{number} {word}" for kind, word in words.items()
              if (number := sum(child.verdict == kind for child in children))]
    arithmetic = f"{counted(len(children), 'child', 'children')}: {', '.join(counts)}" if children else None
    return Line(case.family_ref, ClaimRoute.A, Measure.EDUCATION, verdict, reason, arithmetic=arithmetic,
                baseline=years.then[case.attached_on].window, result=years.now.window,
                could_be=max(waits) if can else None)


def _family_verdict(children: list[Child], rules: Framework) -> tuple[ResultVerdict, str]:
    found = {child.verdict for child in children}
    if VOID in found:
        return VOID, "a child who had no education problem when the family joined has one now"
    if NOT_MET in found:
        return NOT_MET, "not every child is under both limits"
    if UNKNOWN in found:
        return UNKNOWN, "what was sent does not show it of every child"
    tested = [child for child in children if child.verdict == MET]
    left = [child for child in children if child.verdict == NEUTRAL]
    had_none = all(child.had_problem is False for child in tested)
    if had_none and any(child.had_problem is not False for child in left):
        return NEUTRAL, "the child with the problem left school"
    if not tested:
        return NOT_APPLICABLE, "no child of school age is tested"
    if had_none and rules.results.no_education_problem.value == "not_applicable":
        return NOT_APPLICABLE, "no child had an education problem when the family joined, and none has one now"
    told = any(child.had_problem for child in tested)
    return MET, "every child is under both limits" + (
        "" if told else "; what it was when the family joined is not in the extracts")
