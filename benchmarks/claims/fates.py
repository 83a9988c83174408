"""What becomes of a family on the programme: it improves, relapses, finds work, or another child begins."""

from typing import NamedTuple

import numpy as np

from benchmarks.claims.lives import Job, Lives
from benchmarks.town.draws import Bools, Ints
from benchmarks.town.terms import school_year_of
from benchmarks.town.true import whole_years


FATES = (
    "improves", "works", "improves", "other_child", "improves_and_progresses", "relapses", "works", "improves", "esf",
    "unchanged", "ends_early", "improves_and_works", "other_truant", "work_programme",
)  # fmt: skip
"""In the order in which families get them."""
FEW, MANY = 3, 35
"""Percent of sessions missed without leave by a child who attends, and by one who does not."""


class Family(NamedTuple):
    """A true household on a day: everyone, its children, those of them at school; and that day."""

    people: Ints
    children: Ints
    pupils: Ints
    day: int


def family_on(lives: Lives, household: int, day: int) -> Family:
    """Who lives there on a day."""
    town = lives.town
    everyone = np.arange(len(town.people))
    _, home = town.homes.at(everyone, np.full(len(everyone), day))
    birth = town.people["birth"].to_numpy()
    people = np.flatnonzero((home == household) & (birth <= day))
    children = people[whole_years(birth[people], np.full(len(people), day)) < 18]
    return Family(people, children, children[_at_school(lives, children, day)], day)


def _at_school(lives: Lives, people: Ints, day: int) -> Bools:
    year = (np.datetime64(day, "D") - np.timedelta64(243, "D")).astype("datetime64[Y]").astype(int) + 1970
    group = school_year_of(lives.town.people["birth"].to_numpy()[people], int(year))
    return np.asarray((group >= 0) & (group <= 11))


def live(lives: Lives, family: Family, fate: str) -> None:
    """Let the fate of a family that joins on a day come about, from that day on."""
    if fate.startswith("improves") or fate in ("other_child", "relapses", "neutral", "other_truant"):
        improve(lives, family)
    begun = {
        "works": lambda: work(lives, family),
        "improves_and_works": lambda: work(lives, family),
        "esf": lambda: work(lives, family, progress="esf"),
        "work_programme": lambda: work(lives, family, progress="work_programme"),
        "ends_early": lambda: work(lives, family, weeks=8),
        "improves_and_progresses": lambda: progress(lives, family, "work_programme"),
        "relapses": lambda: relapse(lives, family),
        "other_child": lambda: other_child(lives, family),
        "other_truant": lambda: other_truant(lives, family),
        "neutral": lambda: leave_one_truant(lives, family),
    }
    begun.get(fate, lambda: None)()


def improve(lives: Lives, family: Family) -> None:
    """No more trouble from ten days on, and regular school from the next term on."""
    lives.calm(family.people, family.day + 10)
    lives.attend(family.pupils, family.day, FEW)


def adults_on_benefit(lives: Lives, family: Family) -> list[tuple[int, str]]:
    """The adults of a family who are on benefit on its day, with the benefit."""
    rows = lives.benefits_on(family.day)
    rows = rows[rows["person"].isin(family.people)].drop_duplicates("person")
    return [(int(person), str(benefit)) for person, benefit in zip(rows["person"], rows["benefit"], strict=True)]


def work(lives: Lives, family: Family, *, progress: str = "none", weeks: int = 0, after: int = 25) -> bool:
    """An adult on benefit takes a job, for so many weeks (0: it lasts); whether there was one to take it."""
    found = adults_on_benefit(lives, family)
    if found:
        person, benefit = found[0]
        start = family.day + after
        lives.jobs.append(Job(person, start, start + 7 * weeks - 1 if weeks else -1, benefit, progress))
    return bool(found)


def progress(lives: Lives, family: Family, programme: str) -> None:
    """Ten months on an adult on benefit takes a place on a programme."""
    found = adults_on_benefit(lives, family)
    if found:
        lives.jobs.append(Job(found[0][0], family.day + 300, -1, "", programme))


def _offend(lives: Lives, person: int, first: int, every: int) -> None:
    """Proven offences from a day to the town's last, and ASB beside each."""
    for day in range(first, lives.town.day - 20, every):
        case = 5_000_000 + len(lives.asb)
        lives.offences.append(
            {
                "person": person,
                "day": day,
                "outcome_day": day + 15,
                "proven": True,
                "offence": "Theft from shop",
                "outcome": "Referral Order",
            }
        )
        lives.asb.append(
            {
                "case": case,
                "person": person,
                "dwelling": -1,
                "role": "perpetrator",
                "kind": "incident",
                "day": day + 3,
                "agency": "police",
            }
        )


def _minors(lives: Lives, family: Family, least: int) -> list[int]:
    """Children of at least so many years who are under eighteen to the end, the eldest first."""
    birth = lives.town.people["birth"].to_numpy()
    then = whole_years(birth[family.children], np.full(len(family.children), family.day))
    last = whole_years(birth[family.children], np.full(len(family.children), lives.town.day))
    able = family.children[(then >= least) & (last < 18)]
    return [int(person) for person in able[np.argsort(birth[able], kind="stable")]]


def had_trouble(lives: Lives, person: int, before: int) -> bool:
    """Whether a person offended, or had a part in ASB as perpetrator, before a day."""
    offences, asb = lives.offences_done(), lives.asb_done()
    own = asb[(asb["person"] == person) & (asb["role"] == "perpetrator") & (asb["day"] < before)]
    return bool(((offences["person"] == person) & (offences["day"] < before)).any()) or len(own) > 0


def relapse(lives: Lives, family: Family) -> None:
    """After seven quiet months the trouble is back, and so are the absences, until the end."""
    again = [one for one in _minors(lives, family, 10) if had_trouble(lives, one, family.day)]
    for person in (again or _minors(lives, family, 10))[:1]:
        _offend(lives, person, family.day + 210, 35)
        lives.attend(np.array([person]), family.day + 210, MANY)


def other_child(lives: Lives, family: Family) -> None:
    """A child who never was in trouble begins five months on."""
    fresh = [one for one in _minors(lives, family, 10) if not had_trouble(lives, one, family.day)]
    for person in fresh[:1]:
        _offend(lives, person, family.day + 150, 45)


def other_truant(lives: Lives, family: Family) -> None:
    """The youngest pupil of those who attended stays away from the next term on."""
    rows = lives.attendance()
    rows = rows[rows["person"].isin(family.pupils)].groupby("person")[["possible", "unauthorised"]].sum()
    fine = rows[rows["unauthorised"] * 100 < rows["possible"] * 8].index.to_numpy()
    if len(fine):
        youngest = fine[np.argmax(lives.town.people["birth"].to_numpy()[fine])]
        lives.attend(np.array([youngest]), family.day, MANY)


def _leaving(lives: Lives, family: Family) -> Bools:
    """Which pupils leave school in the summer of 2013."""
    group = school_year_of(lives.town.people["birth"].to_numpy()[family.pupils], 2012)
    return np.asarray(group >= 11)


def may_leave_one_truant(lives: Lives, family: Family) -> bool:
    """Whether a child leaves school in 2013 and another stays there."""
    leaving = _leaving(lives, family)
    return bool(leaving.any() and not leaving.all())


def leave_one_truant(lives: Lives, family: Family) -> None:
    """Where a child leaves school another one, still of school age, stays away: no neutral may hide it."""
    if may_leave_one_truant(lives, family):
        lives.attend(family.pupils[~_leaving(lives, family)][:1], family.day, MANY)
