"""What may truly be claimed for a case on a day, from what truly happened, in plain code that is not the product's.

It follows the readings that the framework states: who counts as family, which windows are held against each other, and
which weeks of work are enough. What no source could tell is not claimable.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd
from dateutil.relativedelta import relativedelta

from benchmarks.claims.cases import Case
from benchmarks.claims.eligible import untraced
from benchmarks.claims.lives import Job, Lives
from benchmarks.town.terms import EPOCH, Term, day_of
from benchmarks.town.verdicts import FEWEST_SESSIONS


ASB_FALL, OFFENDING_FALL, ABSENCE, EXCLUSIONS, TERMS = 60, 33, 15, 3, 3
WEEKS, WEEKS_AFTER_JSA = 13, 26


class Part(NamedTuple):
    """A part of a result: `reasons` why it does not hold; whether it was `tested`; the window that it looked at."""

    reasons: list[str]
    tested: bool = True
    start: int = 0
    end: int = 0


class Window(NamedTuple):
    """Days from and to, both inside."""

    start: int
    end: int

    def holds(self, days: pd.Series) -> pd.Series:
        """Which of these days lie in it."""
        return (days >= self.start) & (days <= self.end)


@dataclass(frozen=True)
class Events:
    """What had truly happened by a day, and what the schools sent of it."""

    lives: Lives
    day: date
    offences: pd.DataFrame
    asb: pd.DataFrame
    attendance: pd.DataFrame
    exclusions: pd.DataFrame
    status: pd.DataFrame
    untraced: np.ndarray
    home: np.ndarray

    @property
    def on(self) -> int:
        """The day, since 1970."""
        return day_of(self.day)


def events_by(lives: Lives, day: date) -> Events:
    """Everything up to a day."""
    town = lives.town_on(day)
    learning, schools = town.schooling, town.schooling.schools
    school = learning.attendance["school"].to_numpy()
    sent = ~schools["silent"].to_numpy()[school] & (schools["phase"].to_numpy()[school] != 3)
    sent &= schools["skipped"].to_numpy()[school] != learning.attendance["term"].to_numpy()
    told = ~schools["silent"].to_numpy()[learning.exclusions["school"].to_numpy()]
    return Events(
        lives,
        day,
        town.trouble.offences,
        town.trouble.asb,
        learning.attendance[sent],
        learning.exclusions[told],
        learning.status,
        untraced(lives),
        town.people["household"].to_numpy(),
    )


def months_before(end: int, months: int) -> Window:
    """The last so many months up to a day."""
    last = EPOCH + timedelta(days=end)
    return Window(day_of(last - relativedelta(months=months)) + 1, end)


def members(events: Events, case: Case, eligible: int) -> dict[int, int]:
    """Everyone of a case: named, at home when it was found eligible, at home today; with the day of birth."""
    lives, birth = events.lives, events.lives.town.people["birth"].to_numpy()
    named = case.named_by(events.on)
    found = set(named) | at_home(lives, case.household, eligible) if eligible >= 0 else set(named)
    homes = pd.Series(events.home[sorted(named)]).value_counts()
    if len(homes):
        now = int(homes[homes == homes.max()].index.min())
        found |= {int(person) for person in np.flatnonzero((events.home == now) & (birth <= events.on))}
    return {person: int(birth[person]) for person in sorted(found)}


def at_home(lives: Lives, household: int, day: int) -> set[int]:
    """Who lived with a household on a day."""
    town = lives.town
    everyone = np.arange(len(town.people))
    _, home = town.homes.at(everyone, np.full(len(everyone), day))
    here = (home == household) & (town.people["birth"].to_numpy() <= day)
    return {int(person) for person in np.flatnonzero(here)}


def age(birth: int, day: int) -> int:
    """Whole years."""
    return relativedelta(EPOCH + timedelta(days=day), EPOCH + timedelta(days=birth)).years


def why_not(events: Events, case: Case, cases: list[Case], eligible: int) -> dict[str, list[str]]:
    """Of each route the reasons why it may not be claimed for; none: it may. `eligible`: since when, -1 for never."""
    family = members(events, case, eligible)
    general = _general(events, case, cases, eligible, set(family))
    parts = [_asb(events, case, family), _offending(events, case, family), _education(events, case, family, eligible)]
    reasons = [reason for part in parts for reason in part.reasons]
    reasons += [reason for part in parts if part.tested for reason in _in_time(part, case, eligible)]
    if not any(part.tested for part in parts):
        reasons.append("nothing_to_improve")
    progress = _progress(events, case, family, eligible)
    return {
        "a": general + reasons,
        "a_progress": general + reasons + progress,
        "b": general + _employment(events, case, family, eligible),
    }


def _in_time(part: Part, case: Case, eligible: int) -> list[str]:
    """The family was eligible before the window began, and met before it ended."""
    reasons = ["eligible_after_window_began"] if eligible > part.start else []
    return reasons + (["first_contact_after_result"] if case.contact > part.end else [])


def _general(events: Events, case: Case, cases: list[Case], eligible: int, family: set[int]) -> list[str]:
    reasons = ["never_eligible"] if eligible < 0 or eligible > case.attached else []
    if not 0 <= case.contact <= events.on:
        reasons.append("no_first_contact")
    others = [other for other in cases if other.ref != case.ref and other.known_from <= events.on]
    if any(family & other.claimants for other in others if other.claimed >= 0):
        reasons.append("person_claimed_before")
    if any(family & other.named_by(events.on) for other in others):
        reasons.append("person_in_two_cases")
    return reasons


def _fall(before: int, after: int, percent: int, what: str) -> list[str]:
    """A fall by so many percent; from nothing to nothing there is none to have."""
    if before == 0:
        return [f"{what}_begun"] if after else []
    return [] if (before - after) * 100 >= percent * before else [f"{what}_not_fallen"]


def _overlap(case: Case, result: Window) -> list[str]:
    """The windows that are held against each other may not overlap."""
    return ["windows_overlap"] if result.start < case.attached else []


def _begun(before: pd.Series, after: pd.Series, what: str) -> list[str]:
    """A child who begins what only others did before."""
    return [f"{what}_another_child"] if set(after) - set(before) else []


def _asb(events: Events, case: Case, family: dict[int, int]) -> Part:
    """Cases of ASB in which one of the family is the perpetrator; one case on one day counts once."""
    rows = events.asb[events.asb["person"].isin(family) & (events.asb["role"] == "perpetrator")]
    baseline, result = months_before(case.attached - 1, 6), months_before(events.on, 6)
    before, after = (rows[window.holds(rows["day"])] for window in (baseline, result))
    fewer, more = (len(part.drop_duplicates(["case", "day"])) for part in (after, before))
    reasons = _fall(more, fewer, ASB_FALL, "asb") + _overlap(case, result)
    reasons += _begun(before["person"], _of_minors(after, family)["person"], "asb")
    return Part(reasons, True, *result) if fewer + more else Part([], False)


def _of_minors(rows: pd.DataFrame, family: dict[int, int]) -> pd.DataFrame:
    """What members did before they were eighteen."""
    young = [age(family[person], day) < 18 for person, day in zip(rows["person"], rows["day"], strict=True)]
    return rows[np.array(young, dtype=bool)]


def _offending(events: Events, case: Case, family: dict[int, int]) -> Part:
    """Proven offences of the family's minors, on the day on which they were proven."""
    rows = events.offences[events.offences["person"].isin(family) & events.offences["proven"].astype(bool)]
    rows = _of_minors(rows, family)
    baseline, result = months_before(case.attached - 1, 6), months_before(events.on, 6)
    before, after = (rows[window.holds(rows["outcome_day"])] for window in (baseline, result))
    reasons = _fall(len(before), len(after), OFFENDING_FALL, "offending") + _overlap(case, result)
    reasons += _begun(before["person"], after["person"], "offending")
    return Part(reasons, True, *result) if len(before) + len(after) else Part([], False)


def _education(events: Events, case: Case, family: dict[int, int], eligible: int) -> Part:
    """Each child of school age: fewer than three fixed exclusions, under 15% unauthorised, in three terms."""
    told = [term for term in events.lives.terms if term.end <= events.on]
    terms, before = told[-TERMS:], [term for term in told if term.end <= max(eligible, 0)][-TERMS:]
    children = [person for person, birth in family.items() if age(birth, events.on) < 18]
    due = [child for child in children if of_school_age(family[child], events.on)]
    reasons = [reason for child in due for reason in _school(events, child, family[child], terms, events.on)]
    then = [child for child in children if of_school_age(family[child], max(eligible, 0))]
    had = [reason for child in then for reason in _school(events, child, family[child], before, max(eligible, 0))]
    if not had and not reasons:
        return Part([], False)
    return Part(reasons, bool(due), terms[0].start, terms[-1].end)


def of_school_age(birth: int, day: int) -> bool:
    """From five until the last Friday in June of the school year of the sixteenth birthday."""
    born = EPOCH + timedelta(days=birth)
    last = date(born.year + 16 + (born.month >= 9), 6, 30)
    friday = last - timedelta(days=(last.weekday() - 4) % 7)
    return age(birth, day) >= 5 and EPOCH + timedelta(days=day) <= friday


def _school(events: Events, child: int, birth: int, terms: list[Term], day: int) -> list[str]:
    """What is wrong, or not known, of a child's last terms."""
    numbers = [events.lives.terms.index(term) for term in terms]
    status = events.status[(events.status["person"] == child) & (events.status["start"] <= day)]
    open_now = status[(status["end"] < 0) | (status["end"] >= day)]
    out = events.exclusions[(events.exclusions["person"] == child) & (events.exclusions["day"] <= day)]
    out = out[out["day"] >= terms[0].start] if terms else out.iloc[:0]
    reasons = []
    if (out["category"] == "PERM").any():
        reasons.append("education_permanent_exclusion")
    if ((out["category"] == "FIXD") & (out["day"] <= terms[-1].end)).sum() >= EXCLUSIONS if terms else False:
        reasons.append("education_exclusions")
    if (open_now["status"] == "NOT_ON_ROLL").any():
        reasons.append("education_not_on_roll")
    return reasons + _absence(events, child, [number for number in numbers if _due(events, birth, number)], numbers)


def _due(events: Events, birth: int, number: int) -> bool:
    return of_school_age(birth, events.lives.terms[number].start)


def _absence(events: Events, child: int, due: list[int], numbers: list[int]) -> list[str]:
    """Pooled over the terms; a subsidiary registration counts only where there is no other."""
    rows = events.attendance[(events.attendance["person"] == child) & events.attendance["term"].isin(numbers)]
    main = rows[rows["status"] != "S"]
    rows = rows[(rows["status"] != "S") | ~rows["term"].isin(main["term"])]
    possible, missed = int(rows["possible"].sum()), int(rows["unauthorised"].sum())
    if set(due) - set(rows["term"]):
        return ["education_not_told"]
    if possible < FEWEST_SESSIONS:
        return ["education_not_told"] if due else []
    return ["education_absence"] if missed * 100 >= possible * ABSENCE else []


def _employment(events: Events, case: Case, family: dict[int, int], eligible: int) -> list[str]:
    """Of the jobs that adults began after they joined, the one that comes nearest; none where one is enough."""
    jobs = [job for job in events.lives.jobs if job.pays and job.person in family and job.start + 21 <= events.on]
    told = [_job(events, case, family, job, eligible) for job in jobs]
    return min(told, key=len) if told else ["no_job"]


def _job(events: Events, case: Case, family: dict[int, int], job: Job, eligible: int) -> list[str]:
    reasons = ["job_on_programme"] if job.progress != "none" else []
    reasons += ["job_before_joining"] if job.start < case.attached else []
    reasons += ["dwp_not_settled"] if events.untraced[job.person] else []
    reasons += ["not_adult"] if age(family[job.person], job.start) < 18 else []
    weeks = WEEKS_AFTER_JSA if job.prior == "JSA" else WEEKS
    enough = job.start + 7 * weeks - 1
    last = min(job.end, events.on) if job.end >= 0 else events.on
    if last < enough or last <= months_before(events.on, 6).start - 1:
        reasons.append("job_too_short")
    return reasons + _in_time(Part([], True, job.start, enough), case, eligible)


def _progress(events: Events, case: Case, family: dict[int, int], eligible: int) -> list[str]:
    """An adult took a place on a programme in the last six months, after the family joined."""
    window = months_before(events.on, 6)
    places = [job for job in events.lives.jobs if job.person in family and job.progress != "none"]
    places = [job for job in places if max(window.start, case.attached) <= job.start <= events.on - 21]
    grown = [job for job in places if age(family[job.person], job.start) >= 18]
    return _in_time(Part([], True, *window), case, eligible) if grown else ["no_progress"]
