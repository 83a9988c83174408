"""What a question's page shows: the two records field by field, who is near them, and how they compare; decides none.

How they compare is made only for who has answered, or asked to see it.
"""

from functools import lru_cache
from typing import Any, NamedTuple

import pandas as pd

from linkage.explain import STEPS, level_words, waterfall
from reports.charts import waterfall as draw
from schemas.words import ReviewKind
from web.published import Published
from web.review.desk import Put
from web.wording import words


FIELDS = {
    "forename": "Forename",
    "middle_names": "Middle names",
    "surname": "Surname",
    "other_surnames": "Other surnames",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "address": "Address",
    "postcode": "Postcode",
    "seen_on": "True on",
    "source": "Source",
    "where": "File and row",
}
COMPARED = {"forename": "forename", "middle_names": "middle_names", "surname": "surname", "sex": "sex",
            "date_of_birth": "date_of_birth", "address": "address"}
IDENTIFIER = "identifier"
SEXES = {"M": "Male", "F": "Female"}
ASKS = {
    ReviewKind.PAIR: "Are these the same person?",
    ReviewKind.BRIDGE: "Are these the same person?",
    ReviewKind.HOUSEHOLD: "Do these two people live together?",
}
ANSWERS = {
    ReviewKind.PAIR: (("match", "Same person"), ("no_match", "Different people")),
    ReviewKind.BRIDGE: (("match", "Same person"), ("no_match", "Different people")),
    ReviewKind.HOUSEHOLD: (("same_household", "They live together"), ("other_household", "They live apart")),
}
UNSURE_WORDS = "Not sure, ask a colleague"
ANSWER_WORDS = {word: said for pairs in ANSWERS.values() for word, said in pairs} | {"unsure": UNSURE_WORDS}
EFFECTS = {
    "on_list": "The other answer would put a family on the list.",
    "off_list": "The other answer would take a family off the list.",
    "on_and_off": "The other answer would put one family on the list and take another off.",
    "undetermined": "The other answer would change whether a family could still come onto the list.",
    "none": "No family comes onto the list or goes off it by the answer, as far as can be told.",
}


class Side(NamedTuple):
    """One of the two records: what it says by field, the other records joined to it, the others of the household.

    `others`: those that say the same as one, with how many they are (`count`).
    """

    said: dict[str, Any]
    others: list[dict[str, Any]]
    home: list[dict[str, Any]]
    address: str

    @property
    def joined(self) -> int:
        """How many other records are joined to it."""
        return sum(other["count"] for other in self.others)


class Shown(NamedTuple):
    """The two sides of a question, and whether both are in one household today."""

    left: Side
    right: Side
    at_one: bool

    @property
    def bridged(self) -> int:
        """How many other records an answer that joins the two would bring together."""
        return self.left.joined + self.right.joined


class Compared(NamedTuple):
    """How the two records compare: in words by field, the weight of all, the steps to it, and a picture of them."""

    words: dict[str, tuple[str, str]]
    weight: float | None
    probability: float | None
    steps: list[dict[str, Any]]
    picture: str | None


class Around(NamedTuple):
    """Whoever the questions of a run are about: records by id, those of each person, homes, and who lives in them."""

    records: dict[str, dict[str, Any]]
    of_person: dict[str, list[str]]
    home_of: dict[str, str]
    members: dict[str, list[dict[str, Any]]]
    addresses: dict[str, str]


def show(run: Published, one: Put) -> Shown:
    """The two records of a question and what is around them."""
    around = _around(run)
    others, ends = _others(around, one), [around.home_of.get(person) for person in one.people]
    sides = [
        Side(
            around.records.get(record) or dict.fromkeys(FIELDS),
            others[at],
            [person for person in around.members.get(home or "", []) if person["person_id"] not in one.people],
            around.addresses.get(home or "", ""),
        )
        for at, (record, home) in enumerate(zip((one.asked.left_id, one.asked.right_id), ends, strict=True))
    ]
    return Shown(sides[0], sides[1], at_one=ends[0] is not None and ends[0] == ends[1])


def compare(run: Published, one: Put) -> Compared:
    """How the two records compare, as linkage weighed them; without a pair there is only how likely it is."""
    pairs = run.table("review_pairs")
    found = pairs[(pairs["left_id"] == one.asked.left_id) & (pairs["right_id"] == one.asked.right_id)]
    if found.empty or one.asked.kind == ReviewKind.HOUSEHOLD:
        return Compared({}, None, one.probability, [], None)
    pair = found.iloc[0].to_dict()
    compared = {shown: _level(pair, field) for shown, field in (*COMPARED.items(), (IDENTIFIER, IDENTIFIER))}
    steps = waterfall(pair)
    told = steps.assign(
        level=[level_words(step, level) if level else "" for step, level in steps[["step", "level"]].to_numpy()],
        step=steps["step"].map(lambda step: STEPS.get(step, step)),
    )
    return Compared(compared, float(pair["match_weight"]), one.probability, told.to_dict("records"), draw(told))


def _level(pair: dict[str, Any], field: str) -> tuple[str, str]:
    """How a field compares, and whether that is for or against: words, and for, against or nothing."""
    level = str(pair[field])
    if level == "missing":
        return "not in both", ""
    weight = float(pair[f"{field}_weight"])
    return level_words(field, level), "for" if weight > 0 else "against" if weight < 0 else ""


def _others(around: Around, one: Put) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The other records of the people of the two. Of one person: those of each one's part; else in turn, so that
    nothing tells whether the two are joined today."""
    ends = (one.asked.left_id, one.asked.right_id)
    near = [[around.records[name] for name in around.of_person.get(person, []) if name not in ends]
            for person in one.people]
    if one.people[0] != one.people[1]:
        return _gathered(near[0]), _gathered(near[1])
    part = [(around.records.get(end) or {}).get("part") for end in ends]
    if part[0] and part[1] and part[0] != part[1]:
        near = [[row for row in near[0] if row["part"] == own] for own in part]
    else:
        near = [near[0][0::2], near[0][1::2]]
    return _gathered(near[0]), _gathered(near[1])


def _gathered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records that say the same as one, the newest first."""
    near: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        name = " ".join(row[part] for part in ("forename", "surname") if row[part])
        one = near.setdefault((name, row["date_of_birth"], row["address"], row["source"]), row | {"count": 0})
        one |= {"name": name, "count": one["count"] + 1}
    return list(near.values())


@lru_cache(maxsize=2)
def _around(run: Published) -> Around:
    records = run.table("review_records").sort_values(["seen_on", "record_id"], ascending=[False, True])
    people = set(records["person_id"].dropna())
    members = run.table("members")
    homes = set(members.loc[members["person_id"].isin(people), "household_id"])
    near = members[members["household_id"].isin(homes)].sort_values(
        ["role", "age", "person_id"], ascending=[True, False, True]
    )
    named = near.merge(run.table("people", ["person_id", "forename", "surname", "date_of_birth"]), on="person_id")
    named["role"] = named["role"].map(words)
    places = run.table("households", ["household_id", "address", "postcode"])
    places = places[places["household_id"].isin(homes)]
    return Around(
        {row["record_id"]: _plain(row) for row in records.to_dict("records")},
        {str(person): rows.tolist() for person, rows in records.groupby("person_id")["record_id"]},
        dict(zip(near["person_id"], near["household_id"], strict=True)),
        {str(home): rows.to_dict("records") for home, rows in named.groupby("household_id")},
        {row["household_id"]: _address(row) for row in places.to_dict("records")},
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    said = {name: None if pd.isna(row[name]) else row[name] for name in (*FIELDS, "part")}
    sex = said["sex"]
    return said | {"sex": sex and SEXES.get(sex, "Not known"), "source": words(said["source"])}


def _address(row: dict[str, Any]) -> str:
    return ", ".join(str(row[name]) for name in ("address", "postcode") if not pd.isna(row[name]))
