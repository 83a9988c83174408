"""Work: continuous employment after an out-of-work benefit (Route B), and progress to work (beside Route A)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from criteria.calendar import Window, months_before
from criteria.facts import number_of
from criteria.framework import Framework
from criteria.results_scope import Case, Part, Places, Scope
from criteria.results_table import Line, counted, day_words, window_words
from criteria.results_weeks import Spell, Wanted, first_reached, merge_spells, most_weeks, reached_on
from schemas.codes import plain
from schemas.dwp import BENEFIT
from schemas.words import ClaimRoute, Measure, ResultVerdict


MET, NOT_MET, UNKNOWN = ResultVerdict.MET, ResultVerdict.NOT_MET, ResultVerdict.UNKNOWN
JSA, NONE = "JSA", ("none", "no", "nil", "n_a", "not_on_benefit")
PROGRAMMES = {"work_programme": "the Work Programme", "esf": "ESF provision"}
NOT_GIVEN = "the employment extract was not given"


class Job(NamedTuple):
    """A job, or a place on a programme: `ended_on` is the last day, or None while it goes on. `row` is its row."""

    started_on: date
    ended_on: date | None
    evidence: str | None
    prior_benefit: str | None
    programme: str | None
    row: int


class Answer(NamedTuple):
    """DWP's answer for an adult on a day: whether it says that a listed benefit is paid (None: it settles nothing)."""

    day: date
    on_benefit: bool | None
    benefit: str | None


class Before(NamedTuple):
    """Whether an adult was on a listed benefit before a job (None: not known), and which, if that is known."""

    on_benefit: bool | None
    benefit: str | None


class Work(NamedTuple):
    """Jobs and DWP's answers by person (position); where the jobs' rows stand, None if the extract was not given."""

    jobs: Mapping[int, Sequence[Job]]
    answers: Mapping[int, Sequence[Answer]]
    places: Places | None

    def sources(self, jobs: Iterable[Job]) -> tuple[str, str] | None:
        """File digests and row numbers of jobs."""
        return self.places.of_rows(job.row for job in jobs) if self.places else None


class Adult(NamedTuple):
    """An adult of a case: the jobs that count for the family, the other rows of the extract, DWP's answers."""

    case: Case
    ours: tuple[Job, ...]
    programmes: tuple[Job, ...]
    early: tuple[Job, ...]
    answers: Sequence[Answer]


def read_work(scope: Scope, rules: Framework) -> Work:
    """The jobs that began by the as-of date, and DWP's answers up to it."""
    table = scope.facts.rows("employment", ("started_on", "ended_on", "evidence", "prior_benefit", "progress_to_work"))
    jobs: dict[int, list[Job]] = defaultdict(list)
    for row, one in enumerate(() if table is None else _records(table)):
        if one["started_on"] <= scope.as_of:
            jobs[one["member"]].append(Job(one["started_on"], one["ended_on"], one["evidence"], one["prior_benefit"],
                                           one["progress_to_work"], row))
    return Work({person: sorted(own, key=lambda job: (job.started_on, job.ended_on or date.max, job.row))
                 for person, own in jobs.items()}, _answers(scope, rules),
                None if table is None else Places.of(table))


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    days = {name: table[name].dt.date for name in table if str(table[name].dtype).startswith("datetime64")}
    plain = table.assign(**days).astype(object)
    return plain.where(plain.notna(), None).to_dict("records")


def _answers(scope: Scope, rules: Framework) -> dict[int, list[Answer]]:
    table = scope.facts.rows("dwp_benefits", ("status", "benefit", "start_date", "end_date", "as_at"))
    found: dict[int, list[Answer]] = defaultdict(list)
    for one in () if table is None else _records(table):
        if one["as_at"] <= scope.as_of:
            listed = one["benefit"] is None or one["benefit"] in rules.work.benefits.value
            ended = one["end_date"] is not None and one["end_date"] < one["as_at"]
            settles = one["status"] not in rules.dwp.unsettled_statuses.value
            paid = one["status"] == "on_benefit" and listed and not ended
            found[one["member"]].append(Answer(one["as_at"], paid if settles else None, one["benefit"]))
    return {person: sorted(own, key=lambda answer: (answer.day, str(answer))) for person, own in found.items()}


def judge_work(scope: Scope, rules: Framework) -> Iterator[Line]:
    """Employment for each family and each adult with a job; progress to work likewise, where the framework has it.

    Source: Ronicle's summary of the Financial Framework; the written answer of 27 October 2016 (see `results`).
    """
    work = read_work(scope, rules)
    parts: dict[int, list[Part]] = defaultdict(list)
    for part in scope.parts:
        parts[part.case].append(part)
    for at, case in enumerate(scope.cases):
        found = {part.person: _adult(case, part, work, scope=scope, rules=rules) for part in parts[at]}
        adults = {person: adult for person, adult in found.items() if adult}
        yield from _employment(case, adults, work, scope=scope, rules=rules)
        if rules.results.progress_to_work.value:
            yield from _progress(case, adults, work, scope=scope, rules=rules)


def _adult(case: Case, part: Part, work: Work, *, scope: Scope, rules: Framework) -> Adult | None:
    """A member's jobs as an adult; None where there are none."""
    born, limit = int(scope.roster.born[part.person]), rules.work.adult_from_age.value
    jobs = [job for job in work.jobs.get(part.person, ())
            if (number_of(job.started_on) - born >= limit * 10000 if born else not part.child)]
    if not jobs:
        return None
    excluded, anytime = rules.results.employment_excludes.value, rules.results.employment_began.value == "any_time"
    placed = tuple(job for job in jobs if job.programme in (*excluded, *rules.results.progress_to_work.value))
    worked = [job for job in jobs if job.programme not in excluded]
    ours = tuple(job for job in worked if anytime or job.started_on >= case.attached_on)
    early = tuple(job for job in worked if job not in ours)
    return Adult(case, ours, placed, early, work.answers.get(part.person, ()))


def _employment(
    case: Case, adults: Mapping[int, Adult], work: Work, *, scope: Scope, rules: Framework
) -> Iterator[Line]:
    window = months_before(scope.as_of, rules.results.employment_window_months.value)
    blank = Line(case.family_ref, ClaimRoute.B, Measure.EMPLOYMENT, UNKNOWN, NOT_GIVEN, result=window,
                 extract="employment")
    lines = []
    for at, adult in sorted(adults.items()):
        line = judge_adult(blank._replace(person_id=scope.person(at)), adult, window, rules)
        lines.append(line._replace(rows=work.sources([*adult.ours, *adult.programmes, *adult.early])))
    yield _best_of(blank, lines, work, "no job of an adult of the family is in the extract")
    yield from lines


def _best_of(blank: Line, lines: list[Line], work: Work, nobody: str) -> Line:
    """The family's line: the best of its adults'."""
    if work.places is None:
        return blank
    if not lines:
        return blank._replace(verdict=NOT_MET, reason=nobody)
    order = (MET, UNKNOWN, NOT_MET)
    best = min(lines, key=lambda line: (order.index(line.verdict), line.could_be or date.max, line.person_id or ""))
    return best._replace(person_id=None)


def judge_adult(blank: Line, adult: Adult, window: Window, rules: Framework) -> Line:
    """One adult's employment: the weeks wanted after the benefit before it, ending in the window, on no programme.

    The result window of work that was long enough ends when it first was: who met the family only then did not help.
    """
    if not adult.ours:
        return blank._replace(verdict=NOT_MET, reason="the job began before the family joined" if adult.early else
                              "on a programme that leads to work, and in no job")
    spells = merge_spells(((job.started_on, job.ended_on or date.max) for job in adult.ours),
                          rules.results.employment_gap_days.value)
    before = before_work(adult, rules)
    ways = weeks_wanted(before, rules)
    weeks = [most_weeks(spells, way, window) for way in ways]
    short = [way for way, found in zip(ways, weeks, strict=True) if found < way.weeks]
    line = blank._replace(result=Window(adult.ours[0].started_on, window.end), result_count=min(weeks),
                          arithmetic=_arithmetic(adult, before, list(zip(ways, weeks, strict=True)), window))
    against, doubts = _against(adult, before, spells, rules), _doubts(adult, before, rules)
    if against:
        return line._replace(verdict=NOT_MET, reason=against)
    if len(short) == len(ways):
        days = [day for way in ways if (day := first_reached(spells, way, window.end))]
        soon = max(days) if len(days) == len(ways) and not doubts else None
        return line._replace(verdict=NOT_MET, reason=f"not yet {short[0].words}", could_be=soon)
    if short:
        doubts.append("which benefit came before is not known, and it decides the weeks that are wanted")
    reached = max(day for way in ways if (day := reached_on(spells, way)))
    return line._replace(verdict=UNKNOWN if doubts else MET, result=Window(adult.ours[0].started_on, reached),
                         reason="; ".join(doubts) or "in work for the weeks that are wanted")


def before_work(adult: Adult, rules: Framework) -> Before:
    """Whether the adult was on a listed benefit before the first job that counts, as its row says, else as DWP says."""
    first = adult.ours[0]
    said = first.prior_benefit
    if said is not None:
        code = BENEFIT.read(said)
        return Before(None if code is None and plain(said) not in NONE else code in rules.work.benefits.value, code)
    told = [answer for answer in adult.answers if answer.day <= first.started_on and answer.on_benefit is not None]
    last = told[-1] if told else Answer(first.started_on, None, None)
    return Before(last.on_benefit, last.benefit if last.on_benefit else None)


def weeks_wanted(before: Before, rules: Framework) -> tuple[Wanted, ...]:
    """The weeks wanted after that benefit; both kinds where it is not known which it was."""
    usual = Wanted(rules.results.employment_weeks.value, rules.results.employment_weeks.value)
    after_jsa = Wanted(*rules.results.employment_weeks_after_jsa.value)
    if before.benefit is None:
        return (usual, after_jsa)
    return (after_jsa,) if before.benefit == JSA else (usual,)


def _against(adult: Adult, before: Before, spells: Sequence[Spell], rules: Framework) -> str | None:
    """What speaks against the adult's job, whatever its length."""
    excluded = rules.results.employment_excludes.value
    for job in adult.programmes:
        if job.programme in excluded and any(
                job.started_on <= end and start <= (job.ended_on or date.max) for start, end in spells):
            return f"on {PROGRAMMES.get(job.programme, job.programme)} at the same time, which pays for the job itself"
    if before.on_benefit is False:
        return "not on a listed out-of-work benefit before the job"
    return None


def _doubts(adult: Adult, before: Before, rules: Framework) -> list[str]:
    doubts = []
    if before.on_benefit is None:
        doubts.append("whether the adult was on an out-of-work benefit before the job is not known")
    if rules.results.programme_not_stated.value == "unknown" and any(job.programme is None for job in adult.ours):
        doubts.append("whether the adult is on the Work Programme or ESF provision is not stated")
    settled = [answer for answer in adult.answers if answer.on_benefit is not None]
    if settled and settled[-1].on_benefit and settled[-1].day > adult.ours[0].started_on:
        doubts.append(f"DWP's answer of {day_words(settled[-1].day)} says that the adult is on a benefit")
    return doubts


def _arithmetic(adult: Adult, before: Before, found: list[tuple[Wanted, int]], window: Window) -> str:
    after = f"after {before.benefit}" if before.benefit else "after a benefit that is not named"
    parts = [f"{counted(weeks, 'week')} of {way.of}" if way.weeks != way.of else f"{counted(weeks, 'week')} in a row"
             for way, weeks in found]
    wanted = " or ".join(way.words for way, _ in found)
    evidence = sorted({job.evidence for job in adult.ours if job.evidence})
    shown = f"; evidence: {', '.join(evidence)}" if evidence else "; no evidence is named"
    return (f"in work from {day_words(adult.ours[0].started_on)}, {after}: {' and '.join(parts)} by a day in "
            f"{window_words(window)}; {wanted} wanted{shown}")


def _progress(
    case: Case, adults: Mapping[int, Adult], work: Work, *, scope: Scope, rules: Framework
) -> Iterator[Line]:
    window = months_before(scope.as_of, rules.results.progress_window_months.value)
    blank = Line(case.family_ref, ClaimRoute.A_PROGRESS, Measure.PROGRESS_TO_WORK, UNKNOWN, NOT_GIVEN, result=window,
                 extract="employment")
    lines = [_place(blank._replace(person_id=scope.person(at)), adult, work, window=window, rules=rules)
             for at, adult in sorted(adults.items()) if adult.programmes]
    yield _best_of(blank, lines, work, "no adult of the family has a place that leads to work in the extract")
    yield from lines


def _place(blank: Line, adult: Adult, work: Work, *, window: Window, rules: Framework) -> Line:
    """An adult's latest place on a programme: met where it began in the window, after the family joined."""
    last = [job for job in adult.programmes if job.programme in rules.results.progress_to_work.value][-1]
    words = f"on {PROGRAMMES.get(str(last.programme), last.programme)} from {day_words(last.started_on)}"
    early = last.started_on < adult.case.attached_on and rules.results.employment_began.value == "after_attachment"
    inside = window.start <= last.started_on <= window.end
    reason = ("which was before the family joined" if early else f"{'' if inside else 'not '}in the last "
              f"{rules.results.progress_window_months.value} months")
    return blank._replace(verdict=MET if inside and not early else NOT_MET, reason=f"{words}, {reason}",
                          rows=work.sources([last]))
