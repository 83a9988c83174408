"""What truly happens in a borough month by month: the town's own events, less what the programme prevented, and more.

A change only ever concerns the days to come, so that what was known on an earlier day stays as it was.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.borough import Borough
from benchmarks.town.draws import Bools, Ints
from benchmarks.town.terms import Term, day_of
from benchmarks.town.true import Town


NEVER_ENDS = -1
LATER = 100_000


class Job(NamedTuple):
    """An adult's job, or place on a programme; days since 1970, `end` -1 while it lasts."""

    person: int
    start: int
    end: int
    prior: str
    progress: str

    @property
    def pays(self) -> bool:
        """Whether it takes the adult off benefit: a place on a programme alone does not."""
        return self.prior != ""


@dataclass
class Lives:
    """A borough and all that its programme changes. Days are since 1970, people are rows of the town.

    Attributes:
        calmed: (person, since): from that day on the person commits no offence, has no part in ASB, is not excluded.
        absence: (person, position of the term) to the percent of sessions missed without leave.
        offences, asb: what was begun since, as in `Trouble`.
        jobs: in the order in which they began.
    """

    borough: Borough
    calmed: dict[int, int] = field(default_factory=dict)
    absence: dict[tuple[int, int], int] = field(default_factory=dict)
    offences: list[dict[str, object]] = field(default_factory=list)
    asb: list[dict[str, object]] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def town(self) -> Town:
        """As it was before the programme."""
        return self.borough.town

    @property
    def terms(self) -> tuple[Term, ...]:
        """All that are told."""
        return self.town.schooling.terms

    def calm(self, people: Ints, since: int) -> None:
        """From that day on these people cause no trouble."""
        for person in people.tolist():
            self.calmed[person] = min(since, self.calmed.get(person, LATER))

    def attend(self, people: Ints, since: int, percent: int) -> None:
        """In the terms that start after a day these pupils miss that share of sessions without leave."""
        for number, term in enumerate(self.terms):
            if term.start > since:
                self.absence.update({(person, number): percent for person in people.tolist()})

    def move_in(self, person: int, household: int, since: int) -> None:
        """From that day on a person lives with a household, wherever it lives then."""
        homes = self.town.homes
        rows = homes.spells
        theirs = rows["person"] == person
        before = rows[theirs & (rows["start"] < since)]
        before = before.assign(end=np.minimum(before["end"], since))
        host = rows.loc[rows["household"] == household, "person"].iloc[0]
        after = rows[(rows["person"] == host) & (rows["household"] == household) & (rows["end"] > since)]
        after = after.assign(person=person, start=np.maximum(after["start"], since))
        spells = pd.concat([rows[~theirs], before, after]).sort_values(["person", "start"], ignore_index=True)
        town = replace(self.town, homes=replace(homes, spells=spells))
        self.borough = replace(self.borough, town=town)

    def is_prevented(self, person: Ints, day: Ints) -> Bools:
        """Whether these people had been calmed by these days."""
        since = np.array([self.calmed.get(one, LATER) for one in person.tolist()], dtype=np.int64)
        return np.asarray(day >= since)

    def attendance(self) -> pd.DataFrame:
        """Every pupil's terms as they were: columns of `Schooling.attendance`."""
        return missed(self.town.schooling.attendance, self.absence, "person", "term")

    def offences_done(self) -> pd.DataFrame:
        """Offences as they were, with those begun since."""
        rows = self.town.trouble.offences
        kept = rows[~self.is_prevented(rows["person"].to_numpy(), rows["day"].to_numpy())]
        return with_begun(kept, self.offences)

    def cases_prevented(self) -> Bools:
        """Of each row of the town's ASB: whether its case never came about."""
        rows = self.town.trouble.asb
        person, day = rows["person"].to_numpy(), rows["day"].to_numpy()
        first = (rows["role"] == "perpetrator").to_numpy() & (rows["kind"] == "incident").to_numpy()
        gone = set(rows["case"].to_numpy()[first & self.is_prevented(person, day)].tolist())
        return rows["case"].isin(gone).to_numpy()

    def asb_done(self) -> pd.DataFrame:
        """Parts in cases of ASB as they were, with those begun since."""
        rows = self.town.trouble.asb
        kept = rows[~self.cases_prevented()]
        return with_begun(kept, self.asb)

    def exclusions_done(self) -> pd.DataFrame:
        """Exclusions as they were."""
        rows = self.town.schooling.exclusions
        return rows[~self.is_prevented(rows["person"].to_numpy(), rows["day"].to_numpy())].reset_index(drop=True)

    def benefits_on(self, day: int) -> pd.DataFrame:
        """Who is on which benefit on a day: `person, benefit, start, end` (end -1), a job having ended the spell."""
        rows = self.town.trouble.benefits
        running = (rows["start"] <= day) & ((rows["end"] < 0) | (rows["end"] >= day))
        now = rows[running].assign(end=-1)
        jobs = [job for job in self.jobs if job.pays and job.start <= day]
        working = {job.person for job in jobs if job.end < 0 or job.end >= day}
        back = {job.person: job for job in jobs if 0 <= job.end < day and job.person not in working}
        now = now[~now["person"].isin(working)]
        start = now["person"].map({person: job.end + 1 for person, job in back.items()})
        return now.assign(start=start.fillna(now["start"]).astype(np.int64)).reset_index(drop=True)

    def town_on(self, day: date) -> Town:
        """The town as it stood on a day: who lived where, and what had happened by then."""
        town, on = self.town, day_of(day)
        person = np.arange(len(town.people))
        _, household = town.homes.at(person, np.full(len(person), on))
        terms = tuple(term for term in self.terms if term.end <= on)
        learning, trouble = town.schooling, town.trouble
        attendance, exclusions = self.attendance(), self.exclusions_done()
        offences, asb, spells = self.offences_done(), self.asb_done(), trouble.indicators
        status = learning.status
        return replace(
            town,
            as_of=day,
            people=town.people.assign(household=household),
            schooling=replace(
                learning,
                terms=terms,
                attendance=attendance[attendance["term"] < len(terms)],
                exclusions=exclusions[exclusions["day"] <= on],
                status=still_open(status[status["start"] <= on], on),
            ),
            trouble=replace(
                trouble,
                offences=settled_by(offences[offences["day"] <= on], on),
                asb=asb[asb["day"] <= on],
                benefits=self.benefits_on(on),
                indicators=still_open(spells[spells["start"] <= on], on),
            ),
        )


def with_begun(kept: pd.DataFrame, begun: list[dict[str, object]]) -> pd.DataFrame:
    """Rows with those begun since below them, every column of the kind it was."""
    if not begun:
        return kept.reset_index(drop=True)
    return pd.concat([kept, pd.DataFrame(begun, columns=kept.columns).astype(kept.dtypes)], ignore_index=True)


def missed(rows: pd.DataFrame, absence: dict[tuple[int, int], int], person: str, term: str) -> pd.DataFrame:
    """`rows` of attendance with the shares that the programme changed: all of it for other reasons (code O)."""
    keys = zip(rows[person].astype(int), rows[term].astype(int), strict=True)
    percent = pd.Series([absence.get(key, -1) for key in keys], index=rows.index)
    changed = percent >= 0
    count = (rows["possible"].astype(int) * percent // 100).where(changed, rows["unauthorised"].astype(int))
    codes = {code: rows[code].where(~changed, 0) for code in "gnu"}
    excused = np.minimum(rows["authorised"].astype(int), rows["possible"].astype(int) - count)
    return rows.assign(unauthorised=count, authorised=excused, o=rows["o"].where(~changed, count), **codes)


def still_open(rows: pd.DataFrame, on: int) -> pd.DataFrame:
    """Spells as they stood on a day: an end that was still to come was not known."""
    return rows.assign(end=np.where(rows["end"] > on, NEVER_ENDS, rows["end"]))


def settled_by(rows: pd.DataFrame, on: int) -> pd.DataFrame:
    """Offences as they stood on a day: before its outcome one is not proven."""
    open_then = (rows["outcome_day"] > on).to_numpy()
    proven = rows["proven"].to_numpy(dtype=bool) & ~open_then
    return rows.assign(outcome_day=np.where(open_then, -1, rows["outcome_day"]), proven=proven)
