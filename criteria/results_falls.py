"""Falls of Route A: anti-social behaviour across the family, and its minors' proven offences, against the baseline."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from criteria.calendar import Window, months_before
from criteria.framework import Framework
from criteria.results_events import Event, Kind, find_events
from criteria.results_scope import Case, Scope, cover_gap
from criteria.results_table import Line, change_words, counted, day_words, window_words
from schemas.words import ClaimRoute, ResultVerdict


MET, NOT_MET, UNKNOWN = ResultVerdict.MET, ResultVerdict.NOT_MET, ResultVerdict.UNKNOWN
NOT_APPLICABLE, VOID = ResultVerdict.NOT_APPLICABLE, ResultVerdict.VOID


class Tally(NamedTuple):
    """Events in the baseline and in the result window: those that count, and those of which it cannot be told."""

    before: int
    maybe_before: int
    after: int
    maybe_after: int

    @property
    def begins(self) -> bool | None:
        """Whether the problem begins in the result window; None where it cannot be told."""
        if self.before or not self.after + self.maybe_after:
            return False
        return True if self.after and not self.maybe_before else None


class Comparison(NamedTuple):
    """A case's windows for one kind of event, what the baseline is worth in the result window's length, and the gap in
    the extract's cover, in words, if there is one."""

    case: Case
    kind: Kind
    baseline: Window
    result: Window
    scale: Fraction
    gap: str | None


def judge_falls(scope: Scope, kind: Kind, rules: Framework) -> Iterator[Line]:
    """A line for each family, and one for each of its people with an event in either window.

    Source: Ronicle's summary of the Financial Framework (see the framework's `results`). What the extract does not
    cover is unknown, never nought; what cannot be told counts neither way, and is unknown where it would decide.
    """
    events = find_events(scope, kind, rules)
    for at, case in enumerate(scope.cases):
        test = _test(case, scope, kind, rules)
        yield from _judge_case(test, events.get(at, ()), scope, rules,
                               at_the_address=_at_the_address(scope, at, test))


def _test(case: Case, scope: Scope, kind: Kind, rules: Framework) -> Comparison:
    result = months_before(scope.as_of, kind.months)
    before = case.attached_on - timedelta(days=1)
    if rules.results.baseline.value == "same_length_before":
        baseline, scale = months_before(before, kind.months), Fraction(1)
    else:
        year = rules.crime_asb.window_months.value
        baseline, scale = months_before(min(before, case.eligible_on or before), year), Fraction(kind.months, year)
    gap = cover_gap(scope, kind.extract, Window(baseline.start, result.end), rules)
    return Comparison(case, kind, baseline, result, scale, gap)


def _at_the_address(scope: Scope, at: int, test: Comparison) -> int:
    if test.kind.extract != "asb":
        return 0
    windows = (test.baseline, test.result)
    return sum(any(window.start <= day <= window.end for window in windows) for day in scope.homes.get(at, ()))


def _judge_case(
    test: Comparison, events: Sequence[Event], scope: Scope, rules: Framework, *, at_the_address: int
) -> Iterator[Line]:
    inside = [event for event in events if _in(event, test.baseline) or _in(event, test.result)]
    by_person = defaultdict(list)
    for event in inside:
        by_person[event.person].append(event)
    tallies = {person: tally(own, test) for person, own in by_person.items()}
    beginners = {person for person, own in tallies.items() if by_person[person][0].child and own.begins is not False}
    voids = rules.results.another_child.value == "void"
    surely = {person for person in beginners if tallies[person].begins} if voids else set()
    perhaps = beginners - surely if voids else set()
    yield _line(test, inside, rules, void=_either(surely, perhaps), at_the_address=at_the_address,
                new=[event for event in inside if event.person in beginners and voids])
    for person, own in sorted(by_person.items()):
        void = _either(surely & {person}, perhaps & {person})
        line = _line(test, own, rules, void=void, new=own if person in beginners and voids else [])
        yield line._replace(person_id=scope.person(person))


def _either(surely: set[int], perhaps: set[int]) -> bool | None:
    return True if surely else None if perhaps else False


def _in(event: Event, window: Window) -> bool:
    return window.start <= event.day <= window.end


def tally(events: Sequence[Event], test: Comparison) -> Tally:
    """Count each thing that happened once, whoever took part; it counts for sure if any row of it does."""
    counts = []
    for window in (test.baseline, test.result):
        sure = {event.key for event in events if _in(event, window) and event.sure}
        every = {event.key for event in events if _in(event, window)}
        counts += [len(sure), len(every - sure)]
    return Tally(*counts)


def _line(
    test: Comparison, events: Sequence[Event], rules: Framework, *, void: bool | None, new: Sequence[Event],
    at_the_address: int = 0,
) -> Line:
    found = tally(events, test)
    verdict = UNKNOWN if test.gap else judge(found, test, rules, void=void)
    rows = test.kind.places.of_rows(event.row for event in events) if test.kind.places else None
    line = Line(test.case.family_ref, ClaimRoute.A, test.kind.measure, verdict, "", baseline=test.baseline,
                result=test.result, extract=test.kind.extract, rows=rows)
    if test.gap:
        return line._replace(reason=test.gap)
    hopeless = not found.before and rules.results.zero_baseline.value == "not_met"
    waits = verdict in (NOT_MET, VOID) and not hopeless
    return line._replace(
        baseline_count=found.before, result_count=found.after, arithmetic=_arithmetic(found, test, at_the_address),
        reason=_reason(verdict, found, test), could_be=_could_be(found, test, events, new) if waits else None)


def judge(found: Tally, test: Comparison, rules: Framework, *, void: bool | None) -> ResultVerdict:
    """The verdict on a fall; `void` where a child begins the problem (None: where that cannot be told).

    What cannot be told is tried both ways: unknown unless every way gives the same.
    """
    if void:
        return VOID
    ways = {_fall(before, after, test, rules) for before in (found.before, found.before + found.maybe_before)
            for after in (found.after, found.after + found.maybe_after)}
    ways |= {VOID} if void is None else set()
    if len(ways) == 1:
        return ways.pop()
    return NOT_MET if ways == {NOT_MET, VOID} else UNKNOWN


def _fall(before: int, after: int, test: Comparison, rules: Framework) -> ResultVerdict:
    if before:
        return MET if after <= _most(before, test) else NOT_MET
    return NOT_APPLICABLE if after == 0 and rules.results.zero_baseline.value != "not_met" else NOT_MET


def _most(before: int, test: Comparison) -> Fraction:
    """How many events in the result window still are the fall that is wanted."""
    return before * test.scale * (100 - Fraction(test.kind.percent)) / 100


def _could_be(found: Tally, test: Comparison, events: Sequence[Event], new: Sequence[Event]) -> date | None:
    """The day on which enough of the result window's events are behind it, and all those of a child who began."""
    last_of: dict[tuple[object, ...], date] = {event.key: event.day for event in events if _in(event, test.result)}
    days, stay = sorted(last_of.values()), int(_most(found.before, test))
    gone = days[: len(days) - stay] + [event.day for event in new if _in(event, test.result)]
    return rolled_out(max(gone), test.kind.months) if gone else None


def rolled_out(day: date, months: int) -> date:
    """The first day whose window of so many months no longer holds `day`."""
    later = day + relativedelta(months=months)
    while months_before(later, months).start <= day:
        later += timedelta(days=1)
    return later


def _arithmetic(found: Tally, test: Comparison, at_the_address: int) -> str:
    kind = test.kind
    rate = f" ({found.before * test.scale} in {kind.months} months)" if test.scale != 1 and found.before else ""
    words = (f"{counted(found.before, kind.noun)} in {window_words(test.baseline)}{rate}, {found.after} in "
             f"{window_words(test.result)}: {_fall_words(found, test)}")
    maybe = [f"{number} more in the {name}" for number, name in (
        (found.maybe_before, "baseline"), (found.maybe_after, "result window")) if number]
    doubt = f"; of {' and '.join(maybe)} {kind.doubt}" if maybe else ""
    place = "names" if at_the_address == 1 else "name"
    note = f"; {counted(at_the_address, 'row')} {place} the home and no person: not counted" if at_the_address else ""
    return words + doubt + note


def _fall_words(found: Tally, test: Comparison) -> str:
    if not found.before:
        return "nothing to reduce"
    fair = found.before * test.scale
    change = change_words(fair, found.after)
    third = 33 <= (fair - found.after) / fair * 100 < Fraction(100, 3)
    marked = " (33%, but not a third)" if third and test.kind.percent == 33 else ""
    return f"{change}{marked}, at least {test.kind.percent}% down is wanted"


def _reason(verdict: ResultVerdict, found: Tally, test: Comparison) -> str:
    kind, joined = test.kind, test.case.attached_on
    plain = {
        MET: f"{kind.noun}s are down by at least {kind.percent}%",
        NOT_MET: f"{kind.noun}s are not down by {kind.percent}%" if found.before else
                 f"none in the baseline, {found.after} in the result window" if found.after else "none to reduce",
        NOT_APPLICABLE: "none in the baseline and none in the result window",
        VOID: f"a child who had no {kind.noun} in the baseline has one now",
        UNKNOWN: f"{kind.doubt}, which decides it",
    }[verdict]
    overlap = test.result.start <= test.baseline.end
    return plain + (f"; the windows overlap, since the family joined on {day_words(joined)}" if overlap else "")
