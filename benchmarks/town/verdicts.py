"""The true verdict on every household, worked out from events in plain code of its own, and not by the product's rules.

Two verdicts stand side by side: `true`, from all that happened, and `told`, from what the extracts could tell at best:
a school that sent nothing, an adult whom DWP did not trace, a child whom nobody mentions make it unknown, or not met.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

from benchmarks.town.draws import Bools, Ints
from benchmarks.town.terms import day_of
from benchmarks.town.trouble import SANCTIONS
from benchmarks.town.true import Town, whole_years


NOT_MET, UNKNOWN, MET = 0, 1, 2
WORDS = np.array(["not_met", "unknown", "met"], dtype=object)
CRITERIA = ("crime_asb", "education", "work", "local")
STATES = ("child_in_need", "child_protection", "looked_after")
"""Indicators that last while they are open; the others are events."""
ABSENCE_SHARE = 15
FEWEST_SESSIONS = 60


@dataclass(frozen=True)
class Verdicts:
    """For each household: a verdict by criterion, as `told` and as `true`; whether it has a child of five or more."""

    told: dict[str, Ints]
    true: dict[str, Ints]
    suits_told: Bools
    suits_true: Bools


def a_year_before(as_of: date) -> int:
    """The first day of the last twelve months: what happened exactly twelve months before is outside."""
    return day_of(as_of - relativedelta(months=12) + timedelta(days=1))


def any_of(town: Town, person: Ints) -> Bools:
    """The households, on the as-of day, of any of these people."""
    found = np.zeros(town.households, dtype=bool)
    found[town.people["household"].to_numpy()[person]] = True
    return found


def crime_met(town: Town) -> Bools:
    """A minor's proven offence, or a member's sanction as perpetrator, in the last twelve months."""
    opens, offences = a_year_before(town.as_of), town.trouble.offences
    anchor = np.where(offences["outcome_day"] >= 0, offences["outcome_day"], offences["day"])
    person = offences["person"].to_numpy()
    minor = whole_years(town.people["birth"].to_numpy()[person], offences["day"].to_numpy()) < 18
    counted = offences["proven"].to_numpy() & (anchor >= opens) & (anchor <= town.day) & minor
    asb = town.trouble.asb
    punished = asb["kind"].isin(SANCTIONS) & (asb["role"] == "perpetrator") & (asb["day"] >= opens)
    return any_of(town, person[counted]) | any_of(town, asb["person"].to_numpy()[punished.to_numpy()])


@dataclass(frozen=True)
class Absences:
    """Per person: sessions possible and unauthorised over the last three terms, and the terms (as rows) with any."""

    possible: Ints
    missed: Ints
    terms: Bools

    @property
    def enough(self) -> Bools:
        return self.possible >= FEWEST_SESSIONS

    @property
    def met(self) -> Bools:
        return self.enough & (self.missed * 100 >= self.possible * ABSENCE_SHARE)


def absences(town: Town, sent_only: bool) -> Absences:
    """Pooled over schools and terms; a subsidiary registration counts only where there is no other."""
    learning, size = town.schooling, len(town.people)
    rows = learning.attendance
    rows = rows[rows["term"] >= len(learning.terms) - 3]
    if sent_only:
        school = rows["school"].to_numpy()
        silent = learning.schools["silent"].to_numpy()[school] | (learning.schools["phase"].to_numpy()[school] == 3)
        rows = rows[~silent & (learning.schools["skipped"].to_numpy()[school] != rows["term"].to_numpy())]
    key = rows["person"] * 64 + rows["term"]
    main = (rows["status"] != "S").to_numpy()
    rows = rows[main | ~key.isin(key[main]).to_numpy()]
    person = rows["person"].to_numpy()
    seen = np.zeros((size, 3), dtype=bool)
    seen[person, rows["term"].to_numpy() - len(learning.terms) + 3] = True
    possible, missed = (
        np.bincount(person, weights=rows[name].to_numpy(), minlength=size).astype(np.int64)
        for name in ("possible", "unauthorised")
    )
    return Absences(possible, missed, seen)


def _of_school_age(town: Town, day: int) -> Bools:
    """From five until the last Friday in June of the school year in which they turn sixteen."""
    birth = town.people["birth"].to_numpy()
    born = birth.astype("datetime64[D]")
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    june = (year + 16 + (month >= 9) - 1970).astype("datetime64[Y]").astype("datetime64[M]") + 6
    last = june.astype("datetime64[D]") - 1
    friday = (last - (last.astype(np.int64) + 3 - 4) % 7).astype(np.int64)
    return np.asarray((whole_years(birth, np.full(len(birth), day)) >= 5) & (day <= friday))


def _excluded(town: Town, sent_only: bool) -> Bools:
    """People excluded for good since the first of the three terms, or three times for a fixed period in them."""
    learning, rows = town.schooling, town.schooling.exclusions
    if sent_only:
        rows = rows[~learning.schools["silent"].to_numpy()[rows["school"].to_numpy()]]
    terms = learning.terms[-3:]
    inside = (rows["day"] >= terms[0].start) & (rows["day"] <= town.day)
    fixed = rows[inside & (rows["category"] == "FIXD") & (rows["day"] <= terms[-1].end)]
    often = np.bincount(fixed["person"], minlength=len(town.people)) >= 3
    often[rows.loc[inside & (rows["category"] == "PERM"), "person"].to_numpy()] = True
    return often


def _out_of_school(town: Town) -> Bools:
    """In a PRU or other provision because excluded, or of school age and on no roll, on the as-of day."""
    rows = town.schooling.status
    now = rows[(rows["start"] <= town.day) & ((rows["end"] < 0) | (rows["end"] >= town.day))]
    person = now["person"].to_numpy()
    away = (now["status"].isin(["PRU", "AP"]) & now["because"]).to_numpy()
    off = (now["status"] == "NOT_ON_ROLL").to_numpy() & _of_school_age(town, town.day)[person]
    found = np.zeros(len(town.people), dtype=bool)
    found[person[away | off]] = True
    return found


def _at_home(town: Town) -> Bools:
    """Per person and term, educated at home for any of it."""
    home = np.zeros((len(town.people), 3), dtype=bool)
    rows = town.schooling.status[town.schooling.status["status"] == "EHE"]
    for number, term in enumerate(town.schooling.terms[-3:]):
        during = (rows["start"] <= term.end) & ((rows["end"] < 0) | (rows["end"] >= term.start))
        home[rows.loc[during, "person"].to_numpy(), number] = True
    return home


def _skipped(town: Town) -> Bools:
    """Per person and term, whether their school sent nothing of that term alone."""
    learning = town.schooling
    rows, first = learning.attendance, len(learning.terms) - 3
    school = rows["school"].to_numpy()
    lost = (learning.schools["skipped"].to_numpy()[school] == rows["term"]) & (rows["term"] >= first)
    found = np.zeros((len(town.people), 3), dtype=bool)
    found[rows.loc[lost, "person"].to_numpy(), rows.loc[lost, "term"].to_numpy() - first] = True
    return found


def _untold(town: Town, sent: Absences, seen: Bools) -> Bools:
    """Children of whom the schools did not say enough: nothing at all, nothing for a term, too little."""
    due = np.column_stack([_of_school_age(town, term.start) for term in town.schooling.terms[-3:]]) & ~_at_home(town)
    child = seen & (town.years_old < 18)
    nothing = due.any(axis=1) & ~sent.terms.any(axis=1)
    silent_term = (due & ~sent.terms & _skipped(town)).any(axis=1) & sent.terms.any(axis=1)
    thin = due.any(axis=1) & sent.terms.any(axis=1) & ~sent.enough
    return np.asarray(child & (nothing | silent_term | thin))


def education(town: Town, seen: Bools) -> tuple[Ints, Ints]:
    """Verdicts as told (by the schools that sent) and as true."""
    child = town.years_old < 18
    sent, every = absences(town, sent_only=True), absences(town, sent_only=False)
    away = _out_of_school(town)
    told = any_of(town, np.flatnonzero(child & (sent.met | _excluded(town, sent_only=True) | away)))
    true = any_of(town, np.flatnonzero(child & (every.met | _excluded(town, sent_only=False) | away)))
    untold = any_of(town, np.flatnonzero(_untold(town, sent, seen)))
    return np.where(told, MET, np.where(untold, UNKNOWN, NOT_MET)), np.where(true, MET, NOT_MET)


def local_met(town: Town, by_address: Ints, known: Bools) -> Bools:
    """Any indicator of the last year on a member, or on the home (`by_address`: household of each row, or -1).

    Only indicators on people who are `known` count.
    """
    rows, opens = town.trouble.indicators, a_year_before(town.as_of)
    open_state = rows["indicator"].isin(STATES) & (rows["end"] < 0)
    inside = ((rows["start"] >= opens) | (rows["end"] >= opens) | open_state).to_numpy()
    person, home = rows["person"].to_numpy(), by_address
    found = any_of(town, person[inside & (person >= 0) & known[np.maximum(person, 0)]])
    home = np.where(person >= 0, -1, home)
    found[home[inside & (home >= 0)]] = True
    return found


def suits(town: Town, seen: Bools) -> Bools:
    """Households with a child who had turned five when the current term began."""
    year = town.as_of.year
    starts = (date(year, 1, 1), easter(year) + timedelta(days=1), date(year, 9, 1))
    began = max(day_of(start) for start in starts if start <= town.as_of)
    five = whole_years(town.people["birth"].to_numpy(), np.full(len(town.people), began)) >= 5
    return any_of(town, np.flatnonzero(seen & five & (town.years_old < 18)))


def work_told(town: Town, answers: pd.DataFrame, seen: Bools, asked: Bools) -> Ints:
    """From DWP's answers about the adults whom the sources show, in the households asked about."""
    adult = np.flatnonzero(seen & (town.years_old >= 18))
    rows = answers.iloc[adult]
    ended = rows["end_date"].notna() & (rows["end_date"].fillna("9999") < town.as_of.isoformat())
    on = (rows["status"] == "on_benefit") & ~ended
    unsettled = ~rows["status"].isin(["on_benefit", "not_on_benefit"])
    verdict = np.where(any_of(town, adult[unsettled.to_numpy()]) | ~any_of(town, adult), UNKNOWN, NOT_MET)
    verdict = np.where(any_of(town, adult[on.to_numpy()]), MET, verdict)
    return np.where(asked, verdict, UNKNOWN)


def work_true(town: Town) -> Ints:
    """An adult on a benefit on the as-of day."""
    rows = town.trouble.benefits
    now = rows.loc[rows["end"] < 0, "person"].to_numpy()
    return np.where(any_of(town, now[town.years_old[now] >= 18]), MET, NOT_MET)


def eligible(verdict: dict[str, Ints], suitable: Bools) -> tuple[Bools, Bools]:
    """Who is eligible: three national criteria, or two and a local one; and who still could be."""
    national = np.stack([verdict[name] for name in CRITERIA[:3]])
    met, possible = (national == MET).sum(axis=0), (national >= UNKNOWN).sum(axis=0)
    local = verdict["local"] == MET
    now = suitable & ((met == 3) | ((met == 2) & local))
    later = suitable & ((possible == 3) | ((possible == 2) & local)) & ~now
    return now, later
