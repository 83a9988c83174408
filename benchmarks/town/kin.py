"""Who belongs to whom: parents who live elsewhere, couples who parted, children who changed homes, the grown who left.

Decides whom each person lived with on every day of the last two years, as `follows`; says nothing of addresses.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Rng, chance, pick
from benchmarks.town.households import KIND, ROLE, Shapes, birth_days, choose_leavers


HISTORY_DAYS = 730
"""How far back homes are told: two years."""
EVER, NEVER = 0, 100_000
"""Days before and after everything."""
PAIRED_SHARE = 0.55
"""Of lone parents, those whose children's other parent lives in the borough too."""
PARTED_SHARE = 0.3
"""Of those, the ones who lived together until some day in the last two years."""
ELDEST_WITH_OTHER_SHARE = 0.03
STEP_SHARE = 0.12
CHANGED_HOMES_SHARE = 0.012
LEFT_HOME_SHARE = 0.16


@dataclass(frozen=True)
class Folk:
    """Everyone, nameless still.

    Attributes:
        people: `household` (on the as-of day), `role, male, birth` (day), `absent` (row of the parent who lives
            elsewhere, -1 for none or unknown), `step` (the man of the house is not the father), `apart` (a child who
            lives with the parent the brothers and sisters do not live with).
        kind, site: of each household. head, partner: rows of people, -1 for none.
        follows: `person, household, start, end`: with which household a person lived from which day to which.
    """

    people: pd.DataFrame
    kind: Ints
    site: Ints
    head: Ints
    partner: Ints
    follows: pd.DataFrame


def make_folk(rng: Rng, shapes: Shapes, as_of_day: int) -> Folk:
    """Relations between the people of `shapes`, and the changes of the last two years."""
    people = shapes.people.copy()
    people["birth"] = birth_days(people["age"].to_numpy(), as_of_day)
    kind, site, moved_out = _leave_home(rng, shapes, people)
    changes = [_follow_change(rng, moved_out, shapes.people["household"].to_numpy()[moved_out], as_of_day)]
    head, partner = _first(people, "head", len(kind)), _first(people, "partner", len(kind))
    other = _pair_parents(rng, people, kind, head)
    people["absent"] = np.where(_is_child(people), other[people["household"].to_numpy()], -1)
    _mark_step(rng, people, kind)
    changes += _part(rng, people, head, other, as_of_day)
    follows = _follows(people, pd.concat(changes, ignore_index=True))
    return Folk(people, kind, site, head, partner, follows)


def _is_child(people: pd.DataFrame) -> Bools:
    return np.asarray(people["role"].to_numpy() == ROLE["child"])


def _first(people: pd.DataFrame, role: str, households: int) -> Ints:
    """The row of each household's first person in a role, -1 for none."""
    rows = np.flatnonzero(people["role"].to_numpy() == ROLE[role])
    out = np.full(households, -1)
    out[people["household"].to_numpy()[rows[::-1]]] = rows[::-1]
    return out


def _leave_home(rng: Rng, shapes: Shapes, people: pd.DataFrame) -> tuple[Ints, Ints, Ints]:
    """Give each leaver a household of one; changes `people`, returns the longer kind and site and the leavers."""
    leavers = choose_leavers(rng, shapes.people, LEFT_HOME_SHARE)
    new = len(shapes.kind) + np.arange(len(leavers))
    people.loc[leavers, "household"] = new
    people.loc[leavers, "role"] = ROLE["head"]
    kind = np.r_[shapes.kind, np.full(len(leavers), KIND["single"])]
    return kind, np.r_[shapes.site, shapes.site.max() + 1 + np.arange(len(leavers))], leavers


def _follow_change(rng: Rng, person: Ints, earlier: Ints, as_of_day: int) -> pd.DataFrame:
    """One change each, on a day of the last two years: `person, earlier` (household), `day`."""
    day = as_of_day - rng.integers(10, HISTORY_DAYS - 10, len(person))
    return pd.DataFrame({"person": person, "earlier": earlier, "day": day})


def _pair_parents(rng: Rng, people: pd.DataFrame, kind: Ints, head: Ints) -> Ints:
    """For each lone-parent household the row of the other parent, when that one lives in the borough; else -1."""
    other = np.full(len(kind), -1)
    male, age, home = people["male"].to_numpy(), people["age"].to_numpy(), people["household"].to_numpy()
    has_child = np.zeros(len(kind), dtype=bool)
    has_child[home[_is_child(people)]] = True
    lone = np.flatnonzero(np.isin(kind, [KIND["lone_parent"], KIND["refuge"]]) & has_child)
    free_kind = np.isin(kind[home], [KIND["single"], KIND["couple"]])
    free = free_kind & (people["role"].to_numpy() == ROLE["head"]) & (age > 19) & (age < 60)
    for is_man in (False, True):
        seeking = lone[male[head[lone]] == is_man]
        seeking = pick(rng, seeking, int(len(seeking) * PAIRED_SHARE))
        candidates = pick(rng, np.flatnonzero(free & (male != is_man)), len(seeking))
        seeking = seeking[: len(candidates)]
        seeking = seeking[np.argsort(age[head[seeking]], kind="stable")]
        other[seeking] = candidates[np.argsort(age[candidates], kind="stable")]
    return other


def _mark_step(rng: Rng, people: pd.DataFrame, kind: Ints) -> None:
    """In some families with two parents the man came later: the children over four are not his."""
    home = people["household"].to_numpy()
    stepfamily = (kind == KIND["family"]) & chance(rng, STEP_SHARE, len(kind))
    people["step"] = stepfamily[home] & _is_child(people) & (people["age"].to_numpy() > 4.0)


def _part(rng: Rng, people: pd.DataFrame, head: Ints, other: Ints, as_of_day: int) -> list[pd.DataFrame]:
    """Couples who parted in the last two years, children who stayed with the other parent or changed sides."""
    home = people["household"].to_numpy().copy()
    age = people["age"].to_numpy()
    alone = np.bincount(home, minlength=len(other))[home] == 1
    paired = np.flatnonzero(other >= 0)
    paired = paired[alone[other[paired]]]
    lately = pick(rng, paired, int(len(paired) * PARTED_SHARE))
    man_left = chance(rng, 0.6, len(lately))
    changes = [_follow_change(rng, other[lately[man_left]], lately[man_left], as_of_day)]
    changes.append(_whole_household_left(rng, home, lately[~man_left], other, as_of_day))
    child = np.flatnonzero(_is_child(people) & (age > 5) & (age < 17.5))
    child = child[np.isin(home[child], np.setdiff1d(paired, lately))]
    stays = child[chance(rng, ELDEST_WITH_OTHER_SHARE, len(child))]
    people["apart"] = False
    people.loc[stays, "apart"] = True
    people.loc[stays, "household"] = home[other[home[stays]]]
    people.loc[stays, "absent"] = head[home[stays]]
    swaps = np.setdiff1d(child[chance(rng, CHANGED_HOMES_SHARE, len(child))], stays)
    changes.append(_follow_change(rng, swaps, home[other[home[swaps]]], as_of_day))
    return changes


def _whole_household_left(rng: Rng, home: Ints, households: Ints, other: Ints, as_of_day: int) -> pd.DataFrame:
    """Everyone of these households lived in the other parent's until one day, the same for all of them."""
    day = np.zeros(len(other), dtype=np.int64)
    day[households] = as_of_day - rng.integers(10, HISTORY_DAYS - 10, len(households))
    person = np.flatnonzero(np.isin(home, households))
    return pd.DataFrame({"person": person, "earlier": home[other[home[person]]], "day": day[home[person]]})


def _follows(people: pd.DataFrame, changes: pd.DataFrame) -> pd.DataFrame:
    """Everyone follows their household for ever, save those who changed."""
    changes = changes.drop_duplicates("person")
    start = np.full(len(people), EVER)
    start[changes["person"].to_numpy()] = changes["day"].to_numpy()
    home = people["household"].to_numpy()
    now = pd.DataFrame({"person": np.arange(len(people)), "household": home, "start": start, "end": NEVER})
    before = changes.rename(columns={"earlier": "household", "day": "end"}).assign(start=EVER)
    both = pd.concat([now, before[["person", "household", "start", "end"]]], ignore_index=True)
    return both.sort_values(["person", "start"], kind="stable", ignore_index=True)
