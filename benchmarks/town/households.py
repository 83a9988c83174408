"""Who there is: households of every shape, with ages and sexes; gives nobody a name or a home."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Floats, Ints, Rng, chance, pick, place_in_group, weighted


KINDS = (
    "single", "couple", "family", "lone_parent", "three_generation", "kinship", "foster", "sharers",
    "hmo", "hostel", "refuge", "childrens_home", "care_home",
)  # fmt: skip
KIND = {name: code for code, name in enumerate(KINDS)}
SHARES = {
    "single": 31.0, "couple": 29.0, "family": 22.0, "lone_parent": 9.5, "three_generation": 1.4, "kinship": 0.4,
    "foster": 0.3, "sharers": 2.4,
}  # fmt: skip
CHILDREN_WANTED = [0.22, 0.42, 0.22, 0.09, 0.03, 0.014, 0.006]
TWIN_SHARE = 0.03
"""Of births after the first in a family: about 1.6% of children are twins."""
DAYS = 365.25
ROLES = ("head", "partner", "grandparent", "child", "placed", "resident")
ROLE = {name: code for code, name in enumerate(ROLES)}
WITH_CHILDREN = tuple(KIND[k] for k in ("family", "lone_parent", "three_generation", "kinship", "foster", "refuge"))


@dataclass(frozen=True)
class Shapes:
    """Households before anyone has a name.

    Attributes:
        kind: code of `KINDS` for each household. site: households of one site share one address.
        people: `household, role, male, age` (years, fraction), sorted by household and role; the row is the person.
    """

    kind: Ints
    site: Ints
    people: pd.DataFrame


@dataclass
class _Parts:
    """Rows of people while they are collected."""

    household: list[Ints] = field(default_factory=list)
    role: list[Ints] = field(default_factory=list)
    male: list[Bools] = field(default_factory=list)
    age: list[Floats] = field(default_factory=list)

    def add(self, household: Ints, role: str, male: Bools, age: Floats) -> None:
        self.household.append(household)
        self.role.append(np.full(len(household), ROLE[role]))
        self.male.append(male)
        self.age.append(age)

    def frame(self) -> pd.DataFrame:
        columns = {n: np.concatenate(getattr(self, n)) for n in ("household", "role", "male", "age")}
        frame = pd.DataFrame(columns)
        return frame.sort_values(["household", "role", "age"], ascending=[True, True, False], kind="stable")


def make_shapes(rng: Rng, residents: int) -> Shapes:
    """Households of about `residents` people in all, institutions among them."""
    kind, site = _draw_kinds(rng, residents)
    parts = _Parts()
    _add_adults_alone(rng, kind, parts)
    _add_families(rng, kind, parts)
    people = parts.frame()
    last = int(np.searchsorted(np.arange(1, len(people) + 1), residents))
    ordinary = people["household"].to_numpy()
    cut = int(ordinary[min(last, len(people) - 1)])
    keep = ordinary < max(cut, 1)
    return Shapes(kind[: max(cut, 1)], site[: max(cut, 1)], people[keep].reset_index(drop=True))


def _draw_kinds(rng: Rng, residents: int) -> tuple[Ints, Ints]:
    """Institutions come first, so that cutting to size never loses them."""
    sites = _institutions(rng, residents)
    kinds = [np.full(size, KIND[name]) for name, size in sites]
    number = [np.full(size, i) for i, (_, size) in enumerate(sites)]
    count = residents // 2 + 20
    ordinary = np.array([KIND[k] for k in SHARES])[weighted(rng, list(SHARES.values()), count)]
    kind = np.concatenate([*kinds, ordinary])
    return kind, np.concatenate([*number, len(sites) + np.arange(count)])


def _institutions(rng: Rng, residents: int) -> list[tuple[str, int]]:
    """Name and number of households of each shared address."""
    wanted = [
        ("hmo", max(1, residents // 2500), 4, 10),
        ("hostel", max(1, residents // 40_000), 12, 25),
        ("refuge", max(1, residents // 60_000), 4, 8),
        ("childrens_home", max(1, residents // 25_000), 3, 6),
        ("care_home", max(1, residents // 15_000), 20, 30),
    ]
    return [(name, int(rng.integers(low, high))) for name, sites, low, high in wanted for _ in range(sites)]


def _of(kind: Ints, *names: str) -> Ints:
    return np.flatnonzero(np.isin(kind, [KIND[n] for n in names]))


def _add_adults_alone(rng: Rng, kind: Ints, parts: _Parts) -> None:
    """Singles, couples, sharers, and the residents of places for one."""
    single = _of(kind, "single")
    old = chance(rng, 0.45, len(single))
    age = np.where(old, rng.uniform(60, 92, len(single)), rng.uniform(19, 60, len(single)))
    parts.add(single, "head", chance(rng, np.where(old, 0.35, 0.58), len(single)), age)
    couple = _of(kind, "couple")
    age = np.where(chance(rng, 0.5, len(couple)), rng.uniform(55, 85, len(couple)), rng.uniform(20, 58, len(couple)))
    _add_couple(rng, couple, age, parts)
    sharers = _of(kind, "sharers")
    sharers = np.repeat(sharers, rng.integers(2, 5, len(sharers)))
    parts.add(sharers, "resident", chance(rng, 0.55, len(sharers)), rng.uniform(19, 36, len(sharers)))
    rooms = _of(kind, "hmo", "hostel")
    parts.add(rooms, "head", chance(rng, 0.68, len(rooms)), rng.uniform(18, 58, len(rooms)))
    homes = _of(kind, "care_home")
    parts.add(homes, "head", chance(rng, 0.3, len(homes)), rng.uniform(74, 98, len(homes)))
    placed = _of(kind, "childrens_home")
    parts.add(placed, "placed", chance(rng, 0.6, len(placed)), rng.uniform(9, 17.9, len(placed)))


def _add_couple(rng: Rng, household: Ints, woman: Floats, parts: _Parts) -> None:
    """A man as head and a woman as partner; one couple in seventy is of one sex."""
    man = np.maximum(woman + rng.normal(2.5, 4.0, len(household)), 18.0)
    same = chance(rng, 0.014, len(household))
    men = chance(rng, 0.5, len(household))
    parts.add(household, "head", ~same | men, man)
    parts.add(household, "partner", same & men, woman)


def _add_families(rng: Rng, kind: Ints, parts: _Parts) -> None:
    households = _of(kind, "family", "lone_parent", "three_generation", "foster", "refuge", "kinship")
    eldest = rng.uniform(0.0, np.where(kind[households] == KIND["refuge"], 12.0, 24.0))
    mother = eldest + np.clip(rng.normal(26.5, 5.5, len(households)), 15.5, 43.0)
    _add_children(rng, households, eldest, parts)
    lone = np.isin(kind[households], [KIND["lone_parent"], KIND["refuge"]])
    lone |= (kind[households] == KIND["three_generation"]) & chance(rng, 0.4, len(households))
    raised_by_kin = kind[households] == KIND["kinship"]
    mother = np.where(raised_by_kin, mother + rng.uniform(18, 30, len(households)), mother)
    _add_couple(rng, households[~lone], mother[~lone], parts)
    father_alone = chance(rng, 0.09, int(lone.sum())) & (kind[households[lone]] != KIND["refuge"])
    parts.add(households[lone], "head", father_alone, mother[lone] + np.where(father_alone, 3.0, 0.0))
    three = kind[households] == KIND["three_generation"]
    elders = mother[three] + rng.uniform(19, 34, int(three.sum()))
    parts.add(households[three], "grandparent", chance(rng, 0.25, int(three.sum())), elders)
    _add_placed(rng, _of(kind, "foster"), parts)


def _add_placed(rng: Rng, foster: Ints, parts: _Parts) -> None:
    placed = np.repeat(foster, rng.integers(1, 3, len(foster)))
    parts.add(placed, "placed", chance(rng, 0.55, len(placed)), rng.uniform(0.5, 17.8, len(placed)))


def _add_children(rng: Rng, households: Ints, eldest: Floats, parts: _Parts) -> None:
    """Children from the eldest down; the grown have partly left, and are not there."""
    wanted = 1 + weighted(rng, CHILDREN_WANTED, len(households))
    family = np.repeat(np.arange(len(households)), wanted)
    order = place_in_group(family)
    gap = np.where(chance(rng, TWIN_SHARE, len(family)), 0.0, 0.85 + rng.gamma(2.0, 1.0, len(family)))
    gap[order == 0] = 0.0
    run = np.cumsum(gap)
    age = eldest[family] - (run - np.repeat(run[order == 0], wanted))
    stays = chance(rng, np.where(age < 18.0, 1.0, np.exp(-(age - 18.0) / 4.0)), len(family))
    here = (age >= 0.0) & stays
    parts.add(households[family[here]], "child", chance(rng, 0.512, int(here.sum())), age[here])


def birth_days(age: Floats, as_of_day: int) -> Ints:
    """Days since 1970 on which people of these ages were born; twins share an age, so they share the day."""
    return as_of_day - np.floor(age * DAYS).astype(np.int64)


def choose_leavers(rng: Rng, people: pd.DataFrame, share: float) -> Ints:
    """Grown children of the house who moved out within the last two years."""
    age, role = people["age"].to_numpy(), people["role"].to_numpy()
    grown = np.flatnonzero((role == ROLE["child"]) & (age >= 18.2) & (age < 27.0))
    return np.sort(pick(rng, grown, int(len(grown) * share)))
