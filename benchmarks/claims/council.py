"""The council month by month: whom it takes from the list, and the wrong claims that are planted among its cases."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from benchmarks.claims.cases import OF_FATE, ORDINARY, Case, caseload_extract, claims_extract
from benchmarks.claims.eligible import untraced
from benchmarks.claims.fates import FATES, Family, adults_on_benefit, family_on, improve, live, may_leave_one_truant
from benchmarks.claims.lives import Job, Lives
from benchmarks.claims.truth import at_home, events_by, members
from benchmarks.town.draws import Bools
from benchmarks.town.terms import day_of
from benchmarks.town.true import whole_years


ROTA = (
    "claimed_long_ago", "no_evidence", "late_eligibility", "retrospective", "late_contact", "no_contact",
    "split_household", "esf_job",
)  # fmt: skip
"""Planted claims, in the order in which they are planted; beside them, whatever was claimed for is claimed again."""


class Council:
    """Its caseload, and the claims it made before it kept a register.

    `eligible`, `possible`: of each wash's day, which households are eligible, and which could be, had nobody joined.
    """

    def __init__(self, lives: Lives, eligible: dict[int, Bools], possible: dict[int, Bools]) -> None:
        self.lives, self.eligible, self.possible = lives, eligible, possible
        self.cases: list[Case] = []
        self.old: list[tuple[str, int, str, int]] = []
        self._fates, self._turn, self._untraced = 0, 0, untraced(lives)

    def extracts(self, as_of: date) -> dict[str, pd.DataFrame]:
        """What the council itself keeps, as of a day: caseload and claims."""
        kept = {"caseload": caseload_extract(self.lives, self.cases, day_of(as_of))}
        if self.old:
            kept["claims"] = claims_extract([claim for claim in self.old if claim[1] <= day_of(as_of)] or self.old)
        return {name: frame for name, frame in kept.items() if len(frame)}

    @property
    def households(self) -> set[int]:
        """Those on the caseload."""
        return {case.household for case in self.cases}

    def has_claimed(self, refs: Iterable[str], as_of: date) -> None:
        """The claims of these references were sent: their people are known from then on."""
        events = events_by(self.lives, as_of)
        for case in self.cases:
            if case.ref in set(refs):
                case.claimed = day_of(as_of)
                case.claimants = set(members(events, case, case.listed))

    def meet(self, as_of: date, listed: Iterable[int], *, places: int, plants: int) -> None:
        """After a wash: take so many families from its list, and plant so many wrong claims."""
        today = day_of(as_of)
        fresh = [home for home in listed if home not in self.households and self._has_room(home, today)]
        for kind in (*self._again(), *self._turns(plants)):
            self._plant(kind, fresh, today)
        for home in fresh[:places]:
            self._join(home, today)

    def _again(self) -> tuple[str, ...]:
        """What a claim that was made gives occasion to."""
        paid = sum(case.claimed >= 0 for case in self.cases if case.kind != "old")
        tried = sum(case.kind in ("double_reference", "double_person") for case in self.cases)
        return ("double_reference", "double_person") if paid > tried else ()

    def _turns(self, count: int) -> list[str]:
        turns = [ROTA[(self._turn + step) % len(ROTA)] for step in range(count)]
        self._turn += count
        return turns

    def _has_room(self, household: int, today: int) -> bool:
        """An ordinary home with at least one child in it."""
        return len(family_on(self.lives, household, today).children) > 0

    def _open(self, household: int, attached: int, *, kind: str, people: set[int], today: int) -> Case:
        """A new case, in the order of references."""
        case = Case(
            ref=f"TF{len(self.cases) + 1:05d}",
            household=household,
            attached=attached,
            contact=attached + 9,
            people=sorted(people),
            kind=kind,
            listed=today if self.eligible[today][household] else -1,
            known_from=attached,
            tier=("intensive", "light", "super_light")[len(self.cases) % 3],
        )
        self.cases.append(case)
        return case

    def _family(self, household: int, day: int) -> Family:
        return family_on(self.lives, household, day)

    def _join(self, household: int, today: int) -> Case:
        """A family from the list joins some days later, and meets its fate."""
        attached = today + 3 + 5 * (self._fates % 5)
        family = self._family(household, attached)
        fate = self._fate(family)
        kind = OF_FATE.get(fate, ORDINARY)
        case = self._open(household, attached, kind=kind, people=set(family.people.tolist()), today=today)
        case.fate = fate
        live(self.lives, family, fate)
        if self._fates % 6 == 0:
            self._new_partner(case, attached + 60)
        return case

    def _fate(self, family: Family) -> str:
        """The next in turn; of every ten families one in which a child leaves school while another stays away."""
        fate = FATES[self._fates % len(FATES)]
        self._fates += 1
        misused = sum(case.kind == "neutral_misused" for case in self.cases)
        if misused * 10 <= self._fates and may_leave_one_truant(self.lives, family):
            return "neutral"
        return fate

    def _new_partner(self, case: Case, since: int) -> None:
        """Somebody who lived alone moves in; the caseload comes to name them."""
        town, extracts = self.lives.town, self.lives.borough.extracts
        alone = np.bincount(town.people["household"], minlength=town.households)[town.people["household"]] == 1
        known = np.concatenate([frame["true_person"].to_numpy(dtype=np.int64) for frame in extracts.values()])
        free = alone & (town.age > 25) & (town.age < 55) & (town.homes.spells.groupby("person").size().to_numpy() == 1)
        free &= ~np.isin(np.arange(len(free)), known)
        if free.any() and since < town.day - 60:
            person = int(np.flatnonzero(free)[len(self.cases) % int(free.sum())])
            self.lives.move_in(person, case.household, since)
            case.later.append((person, since + 30))

    def _plant(self, kind: str, fresh: list[int], today: int) -> None:
        """Plant a wrong claim of a kind, where the borough has the makings of one; may take a family from `fresh`."""
        planted = {
            "claimed_long_ago": self._claimed_long_ago,
            "no_evidence": lambda _, day: self._from_elsewhere("no_evidence", self._never(), day),
            "late_eligibility": lambda _, day: self._from_elsewhere("late_eligibility", self._later(day), day),
            "retrospective": self._retrospective,
            "late_contact": lambda homes, day: self._contact(homes, day, "late_contact"),
            "no_contact": lambda homes, day: self._contact(homes, day, "no_contact"),
            "split_household": lambda _, day: self._split(day),
            "esf_job": self._programme_job,
            "double_reference": lambda _, day: self._second_reference(day),
            "double_person": self._second_family,
        }
        planted[kind](fresh, today)

    def _taken(self, fresh: list[int], today: int, kind: str, wait: int = 8) -> tuple[Case, Family] | None:
        """A case for the first family of the list that has somebody on benefit."""
        for home in fresh:
            family = self._family(home, today + wait)
            if any(not self._untraced[person] for person, _ in adults_on_benefit(self.lives, family)):
                fresh.remove(home)
                case = self._open(home, family.day, kind=kind, people=set(family.people.tolist()), today=today)
                return case, family
        return None

    def _hire(self, family: Family, *, start: int, progress: str = "none") -> None:
        """An adult whom DWP can settle takes a lasting job, whether or not on benefit in truth."""
        births = self.lives.town.people["birth"].to_numpy()[family.people]
        adults = family.people[whole_years(births, np.full(len(births), family.day)) >= 18]
        on = dict(adults_on_benefit(self.lives, family))
        able = [int(person) for person in adults if not self._untraced[person]]
        able = sorted(able, key=lambda person: (person not in on, person))
        if able:
            self.lives.jobs.append(Job(able[0], start, -1, on.get(able[0], "ESA"), progress))

    def _claimed_long_ago(self, fresh: list[int], today: int) -> None:
        """A family claimed for before there was a register, under a reference that is closed."""
        found = self._taken(fresh, today, "claimed_long_ago")
        if found is None:
            return
        case, family = found
        people = at_home(self.lives, case.household, today)
        before = Case(f"OLD{len(self.cases):04d}", case.household, today - 90, today - 80, sorted(people), "old")
        before.closed, before.known_from, before.claimed, before.claimants = today, today, today, people
        self.cases.append(before)
        self.old.append((before.ref, today, "b", 800))
        self._hire(family, start=family.day + 25)
        improve(self.lives, family)

    def _never(self) -> list[int]:
        """Households that could not be found eligible on any day."""
        possible = np.logical_or.reduce(list(self.possible.values()))
        return [int(home) for home in np.flatnonzero(~possible & self.lives.town.homes.resident)]

    def _later(self, today: int) -> list[int]:
        """Households not eligible now, nor next month, that will be."""
        soon = [self.possible[day] for day in self.possible if day <= today + 62]
        late = [self.eligible[day] for day in self.eligible if day > today + 62]
        if not late:
            return []
        will = np.logical_or.reduce(late) & ~np.logical_or.reduce(soon)
        return [int(home) for home in np.flatnonzero(will & self.lives.town.homes.resident)]

    def _from_elsewhere(self, kind: str, homes: list[int], today: int) -> None:
        """A family that no list had joins, and somebody in it finds work."""
        start = (len(self.cases) * 37) % max(len(homes), 1)
        for home in homes[start:] + homes[:start]:
            family = self._family(home, today + 8)
            if home not in self.households and len(family.pupils) and len(family.people) > len(family.children):
                self._open(home, family.day, kind=kind, people=set(family.people.tolist()), today=today)
                self._hire(family, start=family.day + 25)
                improve(self.lives, family)
                return

    def _retrospective(self, fresh: list[int], today: int) -> None:
        """A family found work by itself, and joins only then."""
        if found := self._taken(fresh, today, "retrospective", wait=100):
            self._hire(found[1], start=today + 5)

    def _contact(self, fresh: list[int], today: int, kind: str) -> None:
        """A family found work before anybody had met it, or nobody ever wrote down that it was met."""
        if found := self._taken(fresh, today, kind):
            case, family = found
            self._hire(family, start=family.day + 15)
            case.contact = family.day + 15 + 7 * 26 + 20 if kind == "late_contact" else -1

    def _programme_job(self, fresh: list[int], today: int) -> None:
        """Work that the ESF provision already pays for."""
        if found := self._taken(fresh, today, "esf_job"):
            self._hire(found[1], start=found[1].day + 20, progress="esf")

    def _split(self, today: int) -> None:
        """One parent of a family on the programme becomes a case of their own, with one of its children."""
        split = {case.household for case in self.cases if case.kind == "split_household"}
        births = self.lives.town.people["birth"].to_numpy()
        for case in self.cases:
            family = self._family(case.household, today + 8)
            adults = [int(one) for one in family.people if today + 8 - births[one] > 19 * 366]
            if case.kind == ORDINARY and case.household not in split and len(adults) > 1 and len(family.children):
                people = {adults[-1], int(family.children[0])}
                self._open(case.household, family.day, kind="split_household", people=people, today=today)
                self._hire(family, start=today + 30)
                return

    def _second_reference(self, today: int) -> None:
        """A family that was claimed for joins again under another reference."""
        again = {case.household for case in self.cases if case.kind == "double_reference"}
        for case in self.cases:
            if 0 <= case.claimed <= today and case.kind != "old" and case.household not in again:
                family = self._family(case.household, today + 8)
                people = set(family.people.tolist())
                if people:
                    self._open(case.household, family.day, kind="double_reference", people=people, today=today)
                    self._hire(family, start=family.day + 25)
                    return

    def _second_family(self, fresh: list[int], today: int) -> None:
        """Somebody of a claimed family turns up in a new one that joins."""
        paid = [case for case in self.cases if 0 <= case.claimed <= today and case.kind != "old"]
        if paid and (found := self._taken(fresh, today, "double_person")):
            case, family = found
            paid_adults = [person for person in paid[-1].people if self.lives.town.years_old[person] >= 18]
            case.people = sorted({*case.people, *paid_adults[:1]})
            self._hire(family, start=family.day + 25)
