"""What an answer would do to the list: families put on it or taken off, as far as that can be told before the wash.

Linkage knows no criterion, so this is told here: for each question the two homes as they are, and as they would be if
it were answered the other way, are judged side by side, all questions at once. Where somebody would live after an
answer the next wash decides; here two who are one live where the one of more records does. Changes no verdict and no
link.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria import Facts, Framework, People
from criteria.assess import judge_day
from criteria.facts import make_roster, place_facts
from criteria.small_world import facts_of, people_of
from schemas.columns import TEXT
from schemas.keys import among, look_up
from schemas.words import Effect, ReviewKind, Role


NOW, THEN, APART = "now", "then", "apart"
LIVES = ["case", "when", "person", "home", "base", "as_person", "in_home"]


class World(NamedTuple):
    """Who there is, what the extracts say of them, and which records of a person hold together surely (`parts`)."""

    people: People
    facts: Facts
    parts: pd.DataFrame
    as_of: pd.Timestamp


def find_effects(questions: pd.DataFrame, world: World, rules: Framework) -> pd.DataFrame:
    """A row for each question, in their order: effect (`schemas.words.Effect`), and families that it is about.

    `questions`: kind, left_id, right_id, left_person, right_person.
    """
    if not len(questions):
        return pd.DataFrame({"effect": pd.Series([], dtype=TEXT), "families": pd.Series([], dtype=TEXT)})
    members = world.people.members
    left, right = (look_up(questions[f"{side}_person"], members["person_id"], members["household_id"])
                   for side in ("left", "right"))
    cases = questions.assign(left_home=left, right_home=right).reset_index(drop=True)
    cases["case"] = np.arange(len(cases))
    known = cases.dropna(subset=["left_home", "right_home"])
    if not len(known):
        return _told(pd.DataFrame(columns=["case", "base", NOW, THEN]), world, len(cases))
    leaving = _leaving(known, world.parts)
    lives = _lives(known, members, world.people.people)
    judged = _judge(lives, leaving, world, rules)
    return _told(judged, world, len(cases))


def _lives(cases: pd.DataFrame, members: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Who would live where, by case, today and after the other answer; `base` is the home that theirs is made of."""
    homes = [cases[["case", f"{side}_home"]].set_axis(["case", "home"], axis=1) for side in ("left", "right")]
    ends = pd.concat(homes).drop_duplicates()
    there = members.loc[among(members["household_id"], ends["home"]), ["household_id", "person_id"]]
    near = ends.merge(there.set_axis(["home", "person"], axis=1), on="home")
    both = pd.concat([near.assign(when=NOW), near.assign(when=THEN)], ignore_index=True)
    both = both.merge(cases, on="case").assign(base=lambda of: of["home"], as_person=lambda of: of["person"])
    seen = people.loc[among(people["person_id"], near["person"])].set_index("person_id")["records"]
    return _moved(both, seen)[LIVES]


def _moved(lives: pd.DataFrame, seen: pd.Series) -> pd.DataFrame:
    """The same with each case's answer carried out in its `then`; `seen`: how many records each person has."""
    then, about_homes = lives["when"] == THEN, lives["kind"] == ReviewKind.HOUSEHOLD
    is_left, is_right = lives["person"] == lives["left_person"], lives["person"] == lives["right_person"]
    at_one = lives["left_home"] == lives["right_home"]
    moves = then & about_homes & is_left
    lives["base"] = lives["base"].mask(moves & ~at_one, lives["right_home"]).mask(moves & at_one, APART)
    joins = then & ~about_homes & (lives["left_person"] != lives["right_person"])
    more_left = lives["left_person"].map(seen).fillna(0) >= lives["right_person"].map(seen).fillna(0)
    kept = lives["left_home"].where(more_left, lives["right_home"])
    lives["as_person"] = lives["as_person"].mask(joins & is_right, lives["left_person"])
    lives["base"] = lives["base"].mask(joins & (is_left | is_right), kept)
    parted = lives[then & ~about_homes & is_left & (lives["left_person"] == lives["right_person"])]
    if len(parted):
        lives = pd.concat([lives, parted.assign(as_person=APART, base=APART)], ignore_index=True)
    mark = lives["case"].astype(str) + " " + lives["when"] + " "
    return lives.assign(as_person=mark + lives["as_person"], in_home=mark + lives["base"])


def _leaving(cases: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Of cases about one person, the records that would be somebody else's: those of the smaller part."""
    one = cases[(cases["left_person"] == cases["right_person"]) & (cases["kind"] != ReviewKind.HOUSEHOLD)]
    part, size = parts.set_index("record_id")["part"], parts.groupby("part").size()
    found = []
    for case, left, right in one[["case", "left_id", "right_id"]].itertuples(index=False):
        ends = [part.get(left), part.get(right)]
        if None not in ends and ends[0] != ends[1]:
            least = min(ends, key=lambda name: (size[name], ends.index(name)))
            found.append(parts.loc[parts["part"] == least, ["record_id"]].assign(case=case))
        else:
            found.append(pd.DataFrame({"record_id": [right], "case": [case]}))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=["record_id", "case"])


def _judge(lives: pd.DataFrame, leaving: pd.DataFrame, world: World, rules: Framework) -> pd.DataFrame:
    """By case and home: how it stands now and then (2 eligible, 1 undetermined, 0 neither)."""
    near = people_of(world.people, lives["home"])
    facts = facts_of(world.facts, near.members["person_id"], near.households["household_id"], as_of=world.as_of)
    tables = {name: _copied(table, lives, leaving) if "person_id" in table else table
              for name, table in facts.tables.items()}
    roster = make_roster(_people(lives, near), world.as_of.date(), rules.work.adult_from_age.value)
    _, outcome = judge_day(place_facts(Facts(tables), roster), roster, rules)
    stands = np.where(outcome.eligible, 2, np.where(outcome.undetermined, 1, 0))
    case, when, base = (roster.households["household_id"].str.split(" ", n=2).str[place] for place in range(3))
    table = pd.DataFrame({"case": case.astype(int), "when": when, "base": base, "stands": stands})
    wide = table.pivot_table(index=["case", "base"], columns="when", values="stands", fill_value=0)
    return wide.reindex(columns=[NOW, THEN], fill_value=0).reset_index()


def _people(lives: pd.DataFrame, near: People) -> People:
    """The people and homes of all cases, each with ids of its own. Two who are one are as the one of more records."""
    people = lives[["person", "as_person", "in_home"]].merge(near.people, left_on="person", right_on="person_id")
    people = people.assign(undated=people["date_of_birth"].isna())
    people = people.sort_values(["as_person", "undated", "records"], ascending=[True, True, False], kind="stable")
    known = people.drop_duplicates("as_person")
    members = known[["person", "as_person", "in_home"]].merge(near.members, left_on="person", right_on="person_id")
    homes = lives[["in_home", "home"]].drop_duplicates("in_home")
    homes = homes.merge(near.households, left_on="home", right_on="household_id")
    with_child = members.loc[members["role"] == Role.CHILD, "in_home"]
    family = homes["in_home"].where(homes["in_home"].isin(with_child)).astype(TEXT)
    return People(
        known.assign(person_id=known["as_person"].astype(TEXT))[near.people.columns],
        homes.assign(household_id=homes["in_home"].astype(TEXT), family_id=family)[near.households.columns],
        members.assign(person_id=members["as_person"].astype(TEXT), household_id=members["in_home"].astype(TEXT))[
            near.members.columns
        ],
    )


def _copied(table: pd.DataFrame, lives: pd.DataFrame, leaving: pd.DataFrame) -> pd.DataFrame:
    """The rows of an extract once for each case and time in which their person, or their home, is looked at."""
    stay = lives[~lives["as_person"].str.endswith(f" {APART}")]
    whose = stay[["person", "as_person", "case", "when"]].drop_duplicates()
    rows = table.merge(whose, left_on="person_id", right_on="person")
    moved = (rows["when"] == THEN) & pd.MultiIndex.from_frame(rows[["record_id", "case"]]).isin(
        pd.MultiIndex.from_frame(leaving)
    )
    mark = rows["case"].astype(str) + " " + rows["when"] + " "
    rows["person_id"] = rows["as_person"].mask(moved, mark + APART).astype(TEXT)
    here = lives.loc[lives["base"] == lives["home"], ["home", "in_home", "case", "when"]].drop_duplicates()
    places = table[table["person_id"].isna() & table["household_id"].notna()]
    places = places.merge(here, left_on="household_id", right_on="home")
    places["household_id"] = places["in_home"].astype(TEXT)
    nobody = table[table["person_id"].isna() & table["household_id"].isna()].assign(case=-1, when=NOW)
    every = pd.concat([part for part in (rows, places, nobody) if len(part)] or [rows], ignore_index=True)
    unique = every["record_id"].astype(str) + " " + every["case"].astype(str) + " " + every["when"]
    return every.assign(record_id=unique.astype(TEXT))[table.columns]


def _told(judged: pd.DataFrame, world: World, size: int) -> pd.DataFrame:
    """The effect of each case in one word, and the families that come, go, or stay open."""
    kept = judged[judged["base"] != APART]
    homes = world.people.households
    family = look_up(kept["base"], homes["household_id"], homes["family_id"])
    now, then = kept[NOW].astype(int), kept[THEN].astype(int)
    comes, goes, opens = (then == 2) & (now < 2), (now == 2) & (then < 2), (now != then) & (now < 2) & (then < 2)
    effect, families = np.full(size, Effect.NONE, dtype=object), np.full(size, None, dtype=object)
    for flags, word in ((opens, Effect.UNDETERMINED), (goes, Effect.OFF_LIST), (comes, Effect.ON_LIST)):
        for case in kept.loc[flags, "case"].astype(int):
            swapped = {effect[case], word} == {Effect.ON_LIST, Effect.OFF_LIST}
            effect[case] = Effect.ON_AND_OFF if swapped else word
    changed = kept.assign(family=family)[comes | goes | opens].dropna(subset=["family"])
    for case, names in changed.groupby("case")["family"]:
        families[int(case)] = ";".join(sorted(set(names)))
    return pd.DataFrame({"effect": pd.array([str(word) for word in effect], dtype=TEXT),
                         "families": pd.array(families, dtype=TEXT)})
