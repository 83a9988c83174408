"""Measures of the outcomes plan that count signs of a problem: none new for so long, or so many fewer than before."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from criteria.calendar import Window, months_before
from criteria.plan_signs import Sign, World, extracts_of, find_signs
from criteria.results_falls import rolled_out
from criteria.results_scope import Case, cover_gap
from criteria.results_table import Line, change_words, counted, day_words, window_words
from criteria.settings import PlanMeasure
from criteria.signs import Asked
from schemas.words import ClaimRoute, Measure, ResultVerdict


MET, NOT_MET, UNKNOWN = ResultVerdict.MET, ResultVerdict.NOT_MET, ResultVerdict.UNKNOWN
NONE_NEW = "none_new"


class Test(NamedTuple):
    """A case's windows for a measure, and why an extract does not cover them, in words."""

    case: Case
    measure: PlanMeasure
    baseline: Window
    result: Window
    gap: str | None
    baseline_gap: str | None


class Count(NamedTuple):
    """Signs that stood in a window: those that count, and those of which it cannot be told."""

    sure: int
    maybe: int


def judge_signs(asked: Asked, world: World) -> Iterator[Line]:
    """A line for each case, and one for each of its people with a sign in either window.

    The baseline is as long as the result window, and ends on the day before the family joined. What an extract does
    not cover is unknown, never nought. Source: the outcomes plan (framework: `outcomes_plan`, or the council's own).
    """
    found = find_signs(asked.problem, asked.signs, world)
    for at, case in enumerate(world.scope.cases):
        test = _test(case, asked, world)
        inside = [sign for sign in found.get(at, ()) if sign.stood_in(test.baseline) or sign.stood_in(test.result)]
        yield _line(inside, test, asked, world)
        for person in sorted({sign.person for sign in inside if sign.person}):
            own = [sign for sign in inside if sign.person == person]
            yield _line(own, test, asked, world)._replace(person_id=person)


def _test(case: Case, asked: Asked, world: World) -> Test:
    months = asked.measure.sustained_months
    result = months_before(world.scope.as_of, months)
    baseline = months_before(case.attached_on - timedelta(days=1), months)
    gaps = [[cover_gap(world.scope, extract, window, world.rules) for extract in extracts_of(asked.signs)]
            for window in (result, baseline)]
    now, before = ("; ".join(filter(None, each)) or None for each in gaps)
    return Test(case, asked.measure, baseline, result, now, before)


def _line(signs: Sequence[Sign], test: Test, asked: Asked, world: World) -> Line:
    before, after = _count(signs, test.baseline), _count(signs, test.result)
    line = Line(test.case.family_ref, ClaimRoute.A, Measure.PROBLEM, UNKNOWN, "", problem=asked.label,
                baseline=test.baseline, result=test.result, extract=";".join(extracts_of(asked.signs)),
                rows=_rows(signs), result_count=None if test.gap else after.sure,
                baseline_count=None if test.baseline_gap else before.sure)
    gap = test.gap or (test.baseline_gap if test.measure.kind != NONE_NEW else None)
    if gap:
        return line._replace(reason=gap)
    verdict = _none_new(after) if test.measure.kind == NONE_NEW else _fall(before, after, test, world)
    return line._replace(verdict=verdict, arithmetic=_arithmetic(before, after, test), could_be=_could_be(
        verdict, signs, before, test), reason=_reason(verdict, signs, test))


def _count(signs: Sequence[Sign], window: Window) -> Count:
    inside = [sign.sure for sign in signs if sign.stood_in(window)]
    return Count(sum(inside), len(inside) - sum(inside))


def _none_new(after: Count) -> ResultVerdict:
    return NOT_MET if after.sure else UNKNOWN if after.maybe else MET


def _fall(before: Count, after: Count, test: Test, world: World) -> ResultVerdict:
    """What cannot be told is tried both ways: unknown unless every way gives the same."""
    pairs = ((first, then) for first in (before.sure, sum(before)) for then in (after.sure, sum(after)))
    ways = {_fallen(first, then, test, world) for first, then in pairs}
    return ways.pop() if len(ways) == 1 else UNKNOWN


def _fallen(before: int, after: int, test: Test, world: World) -> ResultVerdict:
    if before:
        return MET if after <= _most(before, test) else NOT_MET
    none_needed = world.rules.results.zero_baseline.value != "not_met"
    return ResultVerdict.NOT_APPLICABLE if after == 0 and none_needed else NOT_MET


def _most(before: int, test: Test) -> Fraction:
    """How many signs in the result window still are the fall that is wanted; none where none may be new."""
    return before * (100 - Fraction(test.measure.percent or 100)) / 100


def _could_be(verdict: ResultVerdict, signs: Sequence[Sign], before: Count, test: Test) -> date | None:
    """The day on which enough of the result window's signs are behind it; none while too many of them go on."""
    if verdict != NOT_MET:
        return None
    ends = sorted(min(sign.end or date.max, date.max) for sign in signs if sign.sure and sign.stood_in(test.result))
    gone = ends[: len(ends) - int(_most(before.sure, test))]
    if not gone or gone[-1] > test.result.end:
        return None
    return rolled_out(gone[-1], test.measure.sustained_months)


def _rows(signs: Sequence[Sign]) -> tuple[str, str] | None:
    """Digest and row numbers as evidence has them: one digest alone, or one for each row."""
    each = sorted({(digest, int(row)) for sign in signs for digest, row in _places(sign)})
    files = [digest for digest, _ in each]
    if not each:
        return None
    return files[0] if len(set(files)) == 1 else ";".join(files), ";".join(str(row) for _, row in each)


def _places(sign: Sign) -> Iterator[tuple[str, str]]:
    rows, digests = sign.row_numbers.split(";"), sign.file_sha256.split(";")
    return zip(digests if len(digests) > 1 else digests * len(rows), rows, strict=True)


def _arithmetic(before: Count, after: Count, test: Test) -> str:
    words = f"{counted(after.sure, 'sign')} in {window_words(test.result)}"
    if not test.baseline_gap:
        words = f"{counted(before.sure, 'sign')} in {window_words(test.baseline)}, {after.sure} in " + window_words(
            test.result)
    maybe = f"; of {before.maybe + after.maybe} more it cannot be told" if before.maybe + after.maybe else ""
    if test.measure.kind == NONE_NEW:
        return f"{words}: none is wanted{maybe}"
    fall = f": {change_words(Fraction(before.sure), after.sure)}" if before.sure else ": nothing to reduce"
    return f"{words}{fall}, at least {test.measure.percent}% down is wanted{maybe}"


def _reason(verdict: ResultVerdict, signs: Sequence[Sign], test: Test) -> str:
    months = f"{test.measure.sustained_months} months"
    inside = [sign for sign in signs if sign.stood_in(test.result)]
    if verdict == UNKNOWN:
        return "a role or an age is not known, which decides it"
    if verdict == ResultVerdict.NOT_APPLICABLE:
        return "none in the baseline and none in the result window"
    if test.measure.kind == NONE_NEW:
        if verdict == MET:
            return f"none open or new for {months}"
        return f"open or new within {months}: {_last(inside, test)}"
    if verdict == MET:
        return f"down by {test.measure.percent}% over {months}"
    return f"not down by {test.measure.percent}% over {months}" + (f": {_last(inside, test)}" if inside else "")


def _last(signs: Sequence[Sign], test: Test) -> str:
    """The latest sign in words: since when one goes on, or when the last one was."""
    last = max(signs, key=lambda sign: (sign.end or date.max, sign.start))
    if last.end is None or last.end > test.result.end:
        return f"{last.sign} since {day_words(last.start)}, not ended"
    return f"{last.sign} {'until' if last.end > last.start else 'on'} {day_words(last.end)}"
