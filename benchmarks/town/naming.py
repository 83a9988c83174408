"""Names for everyone: origins, families of one surname and of several, maiden and preferred names, namesakes."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from benchmarks.town import surnames
from benchmarks.town.draws import Bools, Floats, Ints, Rng, Texts, chance, only, weighted
from benchmarks.town.households import KIND, ROLE
from benchmarks.town.kin import Folk
from benchmarks.town.words import words


ORIGINS = {
    "english": 0.68, "pakistani": 0.07, "punjabi": 0.025, "gujarati": 0.025, "african": 0.05, "caribbean": 0.025,
    "irish": 0.04, "polish": 0.04, "arabic": 0.025, "chinese": 0.012, "portuguese": 0.008,
}  # fmt: skip
CODE = {name: code for code, name in enumerate(ORIGINS)}
RARE_FORENAME = 0.04
RARE_SURNAME = {"english": 0.42, "irish": 0.3}
"""Share of people whose surname is of the long tail; other origins: 0.25."""
WIFE_TAKES_NAME = {"pakistani": 0.35, "punjabi": 0.3, "arabic": 0.15, "chinese": 0.1, "african": 0.6, "portuguese": 0.4}
"""Others: 0.72."""
MIDDLE_NAME = {"english": 0.68, "irish": 0.6, "caribbean": 0.6, "african": 0.55, "portuguese": 0.7, "punjabi": 0.8}
"""Others: 0.2."""
OTHER_ORIGIN_PARTNER = 0.07
DOUBLE_BARRELLED = 0.035
NAMESAKE = 0.022
SINGLE_NAME = {"arabic": 0.03, "pakistani": 0.01, "gujarati": 0.004}
PATRONYM = {"arabic": 0.2, "pakistani": 0.12}
"""Families whose children bear the father's forename."""
FATHERS_NAME_ALONE = 0.5
"""Children of a lone mother who bear the other parent's surname."""


@dataclass(frozen=True)
class _Pool:
    names: Texts
    steps: Floats

    def draw(self, rng: Rng, size: int) -> Texts:
        return np.asarray(self.names[np.searchsorted(self.steps, rng.random(size) * self.steps[-1], side="right")])


def _pool(common: list[str], rare: list[str], rare_share: float) -> _Pool:
    """Common names by a Zipf-like law; rare ones share the rest, flatter."""
    usual = 1.0 / (np.arange(len(common)) + 6.0) ** 0.85
    tail = 1.0 / (np.arange(len(rare)) + 400.0) ** 0.6
    weights = np.r_[usual / usual.sum() * (1 - rare_share), tail / tail.sum() * rare_share]
    return _Pool(np.array(common + rare, dtype=object), np.cumsum(weights))


@cache
def forename_pool(group: str, male: bool) -> _Pool:
    """Forenames of one origin (for the English: of one generation) and sex."""
    sex = "male" if male else "female"
    rare = [stem + end for end in words("rare_forenames", sex) for stem in words("rare_forenames", "stems")]
    return _pool(words(sex, group), rare, RARE_FORENAME)


@cache
def surname_pool(origin: str) -> _Pool:
    """Surnames of one origin."""
    return _pool(surnames.common(origin), surnames.tail(origin), RARE_SURNAME.get(origin, 0.25))


def _by_origin(origin: Ints, table: dict[str, float], default: float) -> Floats:
    return np.array([table.get(name, default) for name in ORIGINS])[origin]


def draw_forenames(rng: Rng, origin: Ints, male: Bools, age: Floats) -> Texts:
    """A forename for each, by origin, sex and (for the English) generation."""
    out = np.empty(len(origin), dtype=object)
    generation = np.digitize(age, [22.0, 55.0])
    for name, code in CODE.items():
        groups = ("english_young", "english", "english_old") if name == "english" else (name,)
        for step, group in enumerate(groups):
            here = (origin == code) & ((generation == step) | (len(groups) == 1))
            for sex in (False, True):
                rows = np.flatnonzero(here & (male == sex))
                out[rows] = forename_pool(group, sex).draw(rng, len(rows))
    return out


def draw_surnames(rng: Rng, origin: Ints) -> Texts:
    """A surname for each, as a man bears it."""
    out = np.empty(len(origin), dtype=object)
    for name, code in CODE.items():
        rows = np.flatnonzero(origin == code)
        out[rows] = surname_pool(name).draw(rng, len(rows))
    return out


def name_people(rng: Rng, folk: Folk, origins: Mapping[str, float] = ORIGINS) -> pd.DataFrame:
    """`origin, forename, middle_names, surname, former_surname, preferred_surname` for each row of `folk.people`."""
    origin = _origins(rng, folk, [origins.get(name, 0.0) for name in ORIGINS])
    people = folk.people
    born = draw_surnames(rng, origin)
    surname, former = _adult_surnames(rng, folk, origin, born)
    surname, preferred = _child_surnames(rng, folk, origin, surname, born)
    surname = _gendered(surname, people["male"].to_numpy())
    former = _gendered(former, people["male"].to_numpy())
    forename = _distinct_siblings(rng, folk, origin)
    forename = _namesakes(rng, folk, forename)
    surname = _patronyms(rng, folk, origin, forename, surname)
    middle = _middle_names(rng, folk, origin)
    forename = only(~chance(rng, _by_origin(origin, SINGLE_NAME, 0.0), len(origin)), forename)
    former = only(former != surname, former)
    preferred = only(preferred != surname, preferred)
    columns = {"forename": forename, "middle_names": middle, "surname": surname}
    return pd.DataFrame({"origin": origin, **columns, "former_surname": former, "preferred_surname": preferred})


def _origins(rng: Rng, folk: Folk, shares: list[float]) -> Ints:
    """One origin a household, but for some partners; parents who parted mostly share one too."""
    of_home = weighted(rng, shares, len(folk.kind))
    people = folk.people
    child = np.flatnonzero(people["absent"].to_numpy() >= 0)
    child = child[chance(rng, 0.85, len(child))]
    home = people["household"].to_numpy()
    of_home[home[people["absent"].to_numpy()[child]]] = of_home[home[child]]
    origin = of_home[home]
    mixed = (people["role"].to_numpy() == ROLE["partner"]) & chance(rng, OTHER_ORIGIN_PARTNER, len(people))
    alone = np.isin(people["role"].to_numpy(), [ROLE["resident"], ROLE["placed"]])
    rows = np.flatnonzero(mixed | alone)
    origin[rows] = weighted(rng, shares, len(rows))
    return origin


def _adult_surnames(rng: Rng, folk: Folk, origin: Ints, born: Texts) -> tuple[Texts, Texts]:
    """Partners and grandparents who bear the head's name, and the name they had before."""
    people, surname = folk.people, born.copy()
    former = np.full(len(people), None, dtype=object)
    role, head = people["role"].to_numpy(), folk.head[people["household"].to_numpy()]
    takes = (role == ROLE["partner"]) & chance(rng, _by_origin(origin, WIFE_TAKES_NAME, 0.72), len(people))
    takes |= (role == ROLE["grandparent"]) & chance(rng, 0.6, len(people))
    surname[takes] = born[head[takes]]
    former[takes] = born[takes]
    joined = takes & chance(rng, DOUBLE_BARRELLED, len(people)) & (role == ROLE["partner"])
    surname[joined] = born[joined] + "-" + born[head[joined]]
    _begum_and_kaur(rng, folk, origin, surname)
    divorced = (role == ROLE["head"]) & ~people["male"].to_numpy() & chance(rng, 0.25, len(people))
    former[divorced] = draw_surnames(rng, origin[divorced])
    return surname, former


def _begum_and_kaur(rng: Rng, folk: Folk, origin: Ints, surname: Texts) -> None:
    """Women's names that are no family's: Begum, Bibi, Khatun; Singh and Kaur as surnames of a third of Sikhs."""
    woman, adult = ~folk.people["male"].to_numpy(), folk.people["role"].to_numpy() != ROLE["child"]
    rows = np.flatnonzero((origin == CODE["pakistani"]) & woman & adult)
    rows = rows[chance(rng, 0.35, len(rows))]
    titles = np.array(["Begum", "Bibi", "Khatun", "Akhtar"], dtype=object)
    surname[rows] = titles[weighted(rng, [5, 3, 1, 1], len(rows))]
    rows = np.flatnonzero((origin == CODE["punjabi"]) & chance(rng, 0.33, len(origin)))
    surname[rows] = np.where(woman[rows], "Kaur", "Singh")


def _child_surnames(rng: Rng, folk: Folk, origin: Ints, surname: Texts, born: Texts) -> tuple[Texts, Texts]:
    """Children's surnames (father's, mother's, both, or another man's) and the ones some are known by instead."""
    people, out = folk.people, surname.copy()
    preferred = np.full(len(people), None, dtype=object)
    rows = np.flatnonzero(people["role"].to_numpy() == ROLE["child"])
    home = people["household"].to_numpy()[rows]
    absent, head, partner = people["absent"].to_numpy()[rows], folk.head[home], folk.partner[home]
    name = surname[head].copy()
    with_other = (absent >= 0) & _once_a_home(rng, home, FATHERS_NAME_ALONE)
    name[with_other] = surname[absent[with_other]]
    kin = folk.kind[home] == KIND["kinship"]
    fatherless = people["step"].to_numpy()[rows] | ((partner < 0) & (absent < 0)) | kin
    drawn = draw_surnames(rng, origin[rows])
    stranger = fatherless & _once_a_home(rng, home, 0.4)
    name[stranger] = _one_a_home(home, drawn)[stranger]
    both = (partner >= 0) & ~fatherless & _once_a_home(rng, home, DOUBLE_BARRELLED)
    name[both] = born[partner[both]] + "-" + surname[head[both]]
    out[rows] = name
    known_as = people["step"].to_numpy()[rows] & stranger & chance(rng, 0.5, len(rows))
    preferred[rows[known_as]] = surname[head[known_as]]
    return out, preferred


def _once_a_home(rng: Rng, home: Ints, share: float) -> Bools:
    """The same yes or no for all rows of one household."""
    homes, position = np.unique(home, return_inverse=True)
    return chance(rng, share, len(homes))[position]


def _one_a_home(home: Ints, values: Texts) -> Texts:
    _, first, position = np.unique(home, return_index=True, return_inverse=True)
    return np.asarray(values[first][position])


def _gendered(surname: Texts, male: Bools) -> Texts:
    codes, names = pd.factorize(surname)
    as_woman = np.array([surnames.for_women(n) for n in names] + [None], dtype=object)
    return np.where(male, surname, as_woman[codes])


def _distinct_siblings(rng: Rng, folk: Folk, origin: Ints) -> Texts:
    """Forenames, drawn again (a few times) where two children of one household would share one."""
    people = folk.people
    male, age = people["male"].to_numpy(), people["age"].to_numpy()
    forename = draw_forenames(rng, origin, male, age)
    for _ in range(4):
        key = pd.DataFrame({"home": people["household"].to_numpy(), "name": forename})
        again = np.flatnonzero(key.duplicated().to_numpy())
        forename[again] = draw_forenames(rng, origin[again], male[again], age[again])
    return forename


def _namesakes(rng: Rng, folk: Folk, forename: Texts) -> Texts:
    """Some eldest sons bear the father's forename."""
    people, out = folk.people, forename.copy()
    son = (people["role"].to_numpy() == ROLE["child"]) & people["male"].to_numpy()
    rows = np.flatnonzero(son & chance(rng, NAMESAKE, len(people)))
    rows = rows[~pd.Series(people["household"].to_numpy()[rows]).duplicated().to_numpy()]
    head = folk.head[people["household"].to_numpy()[rows]]
    usable = (head >= 0) & people["male"].to_numpy()[np.maximum(head, 0)]
    out[rows[usable]] = forename[head[usable]]
    return out


def _patronyms(rng: Rng, folk: Folk, origin: Ints, forename: Texts, surname: Texts) -> Texts:
    people, out = folk.people, surname.copy()
    home = people["household"].to_numpy()
    rows = np.flatnonzero(people["role"].to_numpy() == ROLE["child"])
    rows = rows[(folk.partner[home[rows]] >= 0) & (folk.kind[home[rows]] != KIND["kinship"])]
    share = _by_origin(origin[rows], PATRONYM, 0.0)
    homes, position = np.unique(home[rows], return_inverse=True)
    chosen = rng.random(len(homes))[position] < share
    out[rows[chosen]] = forename[folk.head[home[rows[chosen]]]]
    return out


def _middle_names(rng: Rng, folk: Folk, origin: Ints) -> Texts:
    """One middle name for many, two for a few; Singh and Kaur for most Sikhs."""
    people = folk.people
    male, age = people["male"].to_numpy(), people["age"].to_numpy()
    middle = draw_forenames(rng, origin, male, age)
    two = chance(rng, 0.08, len(people))
    middle[two] = middle[two] + " " + draw_forenames(rng, origin[two], male[two], age[two])
    sikh = origin == CODE["punjabi"]
    middle[sikh] = np.where(male[sikh], "Singh", "Kaur")
    return only(chance(rng, _by_origin(origin, MIDDLE_NAME, 0.2), len(people)), middle)
