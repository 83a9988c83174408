"""Finds families by an id, a name or a postcode; decides what a search may mean, and tells nobody what it was.

A name is found by the beginnings of its parts, whatever their order, accents and marks: `obrien una` finds Una O'Brien.
"""

import re
from typing import NamedTuple

import pandas as pd

from linkage.names import clean_name
from pipeline.record.rows import rows_with
from web.families.kept import once
from web.published import Published


LONGEST = 100
INDEX = "search"
ID = re.compile(r"[FHP]\d{3,}", re.IGNORECASE)
POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?(\d([A-Z]{2})?)?")


class Found(NamedTuple):
    """The families that a search found, by what (`id`, `postcode`, `name`), and in each whose name it was."""

    families: frozenset[str]
    by: str
    named: dict[str, str]


class _Member(NamedTuple):
    family: str
    person: str
    name: str
    folded: str


class _Index(NamedTuple):
    """What is searched: members with their names, and of each family its ids and its postcode."""

    members: list[_Member]
    ids: dict[str, set[str]]
    postcodes: dict[str, str]


def find(run: Published, text: str) -> Found:
    """The families of the run's lists that `text` means: an id of theirs or of a member, a postcode, else a name."""
    index, plain = once(run, INDEX, lambda: _index(run)), " ".join(text.split())[:LONGEST]
    squeezed = plain.replace(" ", "").upper()
    known = index.ids.get(squeezed)
    if known or ID.fullmatch(squeezed):
        return Found(frozenset(known or ()), "id", {})
    if POSTCODE.fullmatch(squeezed):
        found = (family for family, code in index.postcodes.items() if squeezed in _parts(code))
        return Found(frozenset(found), "postcode", {})
    return _by_name(index, plain)


def make_ready(run: Published) -> None:
    """Make what a search looks through, so that the first does not wait for it."""
    once(run, INDEX, lambda: _index(run))


def _by_name(index: _Index, text: str) -> Found:
    wanted = [f" {part}" for part in fold(text).split()]
    found = [one for one in index.members if all(part in one.folded for part in wanted)] if wanted else []
    if not found and wanted:
        whole = "".join(wanted).replace(" ", "")
        found = [one for one in index.members if whole in one.folded.replace(" ", "")]
    named: dict[str, str] = {}
    for one in found:
        named[one.family] = f"{named[one.family]}, {one.name}" if one.family in named else one.name
    return Found(frozenset(named), "name", named)


def fold(name: str) -> str:
    """A name as it is compared: small letters without accents and marks, parted by spaces."""
    return clean_name(name) or " ".join(name.casefold().split())


def _parts(postcode: str) -> tuple[str, str, str]:
    """A full postcode and the district and sector it lies in, without spaces."""
    district, _, rest = postcode.partition(" ")
    return district + rest, district + rest[:1], district


def _index(run: Published) -> _Index:
    families, folder = _families(run), run.sound("tables")
    homes = rows_with(folder, "households", "family_id", families)[["household_id", "family_id", "postcode"]]
    lived = rows_with(folder, "members", "household_id", homes["household_id"])[["household_id", "person_id"]]
    people = rows_with(folder, "people", "person_id", lived["person_id"])[["person_id", "forename", "surname"]]
    members = lived.merge(homes, on="household_id")
    named = members.merge(people, how="left", on="person_id").fillna({"forename": "", "surname": ""})
    rows = zip(*(named[column] for column in ("family_id", "person_id", "forename", "surname")), strict=True)
    every = [_member(*row) for row in rows]
    ids: dict[str, set[str]] = {family: {family} for family in families}
    for family, other in _other_ids(run, named):
        ids.setdefault(other.upper(), set()).add(family)
    codes = homes.dropna(subset=["postcode"])
    return _Index(every, ids, dict(zip(codes["family_id"], codes["postcode"], strict=True)))


def _member(family: str, person: str, forename: str, surname: str) -> _Member:
    folded = f" {fold(forename)} {fold(surname)}"
    return _Member(family, person, f"{forename} {surname}".strip(), folded)


def _families(run: Published) -> set[str]:
    """Every family of the lists."""
    names = ("master_list", "undetermined", "left_list")
    return set(pd.concat([run.table(name, ["family_id"])["family_id"] for name in names]))


def _other_ids(run: Published, named: pd.DataFrame) -> list[tuple[str, str]]:
    """By what else a family may be called: its household, its members, its reference in the caseload."""
    cases = run.table("master_list", ["family_id", "family_ref"]).dropna()
    pairs = [(named, "household_id"), (named, "person_id"), (cases, "family_ref")]
    return [pair for table, column in pairs for pair in zip(table["family_id"], table[column], strict=True)]
