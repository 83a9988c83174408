"""Carries ids from run to run by largest overlap, and records what is new, kept, merged or split.

A person overlaps by identities of mentions, a household or family by its people, children first. Ids are numbered in
the order of content, and a number once given is never given to another.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import duckdb
import numpy as np
import pandas as pd

from linkage.households import Households
from linkage.overlap import list_changes, match_by_overlap, number_groups, read_ids, strongest, write_ids
from schemas.columns import TEXT
from schemas.words import Role


OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
COARSE = (("forename", "surname", "date_of_birth"), ("upn",), ("nino",))
PERSON_STRENGTH = ["fine", "coarse"]
GROUP_STRENGTH = ["children", "adults", "same_place"]


class Previous(NamedTuple):
    """What the previous run knew: whose each identity was, and who lived with whom.

    `identities` (identity, person_id), `members` (household_id, person_id), `households` (household_id, family_id;
    address, postcode and uprn where known), `counters` (last_person, last_household, last_family: the largest number
    ever given).
    """

    identities: pd.DataFrame
    members: pd.DataFrame
    households: pd.DataFrame
    counters: Mapping[str, int] = MappingProxyType({})


class Carried(NamedTuple):
    """Ids by code (text; no family's where a household has no child), identities and changes to keep, and counts."""

    person_ids: pd.Series
    household_ids: pd.Series
    family_ids: pd.Series
    identities: pd.DataFrame
    changes: pd.DataFrame
    counts: dict[str, int]


class Ids(NamedTuple):
    """Ids of one kind by code, with the edges and earlier ids that they were carried by."""

    ids: pd.Series
    changes: pd.DataFrame
    last: int
    into: pd.Series  # earlier id -> the present code that it lives on in


def identify(
    nodes: pd.DataFrame, person: np.ndarray, fine: Sequence[str], coarse: Sequence[Sequence[str]] = COARSE
) -> pd.DataFrame:
    """Hash standardised mentions into identities.

    `nodes` has one row per distinct standardised mention, `person` the code of whose it is. `fine` columns are hashed
    together; each of `coarse` is hashed where all its columns are there, so that a person all of whose mentions change
    is still known. Returns distinct `identity` (16 hex digits of a sha256), `person` and `grade` (fine, coarse).
    """
    people = pd.Series(person, dtype="int64")
    hashed = [("fine", hash_columns(nodes, list(fine), "mention"))]
    for columns in coarse:
        if set(columns) <= set(nodes.columns):
            whole = nodes[list(columns)].notna().all(axis=1).to_numpy()
            hashed.append(("coarse", hash_columns(nodes, list(columns), "+".join(columns)).where(whole)))
    rows = [pd.DataFrame({"identity": values, "person": people, "grade": grade}) for grade, values in hashed]
    table = pd.concat(rows).dropna(subset=["identity"]).drop_duplicates()
    return table.sort_values(["identity", "person", "grade"], kind="stable", ignore_index=True)


def hash_columns(nodes: pd.DataFrame, columns: list[str], purpose: str) -> pd.Series:
    """First 16 hex digits of the sha256 of the columns' texts; a null differs from an empty text."""
    plain = nodes[columns].reset_index(drop=True)
    for name in columns:
        if isinstance(plain[name].dtype, pd.CategoricalDtype):
            plain[name] = plain[name].astype(TEXT)
    pieces = ", ".join(f"coalesce('=' || cast(\"{name}\" as varchar), '')" for name in columns)
    with duckdb.connect(config=OFFLINE) as con:
        con.register("nodes", plain.assign(row=np.arange(len(plain))))
        hashed = f"substr(sha256(concat_ws(chr(31), '{purpose}', {pieces})), 1, 16)"
        found = con.sql(f"select {hashed} as identity from nodes order by row").to_arrow_table()  # noqa: S608
    return pd.Series(found.column("identity").to_pandas(), dtype=TEXT)


def carry_identity(identities: pd.DataFrame, households: Households, previous: Previous | None) -> Carried:
    """Give people, households and families their ids: those of the previous run by largest overlap, else new ones.

    `identities` as `identify` returns them; `households` as `form_households` does. The identities of people of earlier
    runs who are in no record now are kept, so that they find their id again.
    """
    earlier = previous or nobody()
    members = households.members
    people = carry_people(identities, members["person"].to_numpy(), earlier)
    shared = share_people(households, people, earlier)
    key = content_order(identities, len(people.ids))
    first_member = members.assign(key=key[members["person"].to_numpy()]).groupby("household")["key"].min()
    order = first_member.sort_values().index.to_numpy()
    homes = carry_groups("household", shared, order, earlier, households)
    families = carry_groups("family", shared, with_child(order, members), earlier, households)
    return Carried(
        people.ids,
        homes.ids,
        families.ids.reindex(homes.ids.index),
        keep_identities(identities, people, earlier),
        pd.concat([people.changes, homes.changes, families.changes], ignore_index=True),
        count_changes(person=people, household=homes, family=families),
    )


def nobody() -> Previous:
    """A previous run without anybody."""
    return Previous(
        pd.DataFrame({"identity": [], "person_id": []}, dtype=TEXT),
        pd.DataFrame({"household_id": [], "person_id": []}, dtype=TEXT),
        pd.DataFrame({"household_id": [], "family_id": []}, dtype=TEXT),
    )


def carry_people(identities: pd.DataFrame, people: np.ndarray, earlier: Previous) -> Ids:
    """Ids of people, by the identities that they share with people of earlier runs."""
    known = earlier.identities["person_id"].astype(TEXT)
    before = pd.Series(sorted(known.dropna().unique()), dtype=TEXT)
    edges = shared_identities(identities, earlier.identities, before)
    matched = match_by_overlap(edges, PERSON_STRENGTH)
    order = np.argsort(content_order(identities, int(people.max(initial=-1)) + 1), kind="stable")
    last = last_number(before, earlier.counters, "last_person")
    numbers, last = number_groups(matched, read_ids(before), order, last)
    certain = edges[edges["fine"] > 0]
    ids = write_ids("P", numbers)
    merged = strongest(certain[~certain["before"].isin(matched["before"])], PERSON_STRENGTH, "before", "now")
    into = pd.concat([matched.set_index("before")["now"], merged])
    changes = list_changes("person", ids, before, certain, PERSON_STRENGTH)
    return Ids(ids, changes, last, into.set_axis(before[into.index].to_numpy()))


def shared_identities(now: pd.DataFrame, before: pd.DataFrame, before_ids: pd.Series) -> pd.DataFrame:
    """How many fine and coarse identities each earlier person shares with each present one."""
    codes = pd.DataFrame({"person_id": before_ids, "before": np.arange(len(before_ids))})
    with duckdb.connect(config=OFFLINE) as con:
        for name, table in (("now", now), ("earlier", before[["identity", "person_id"]]), ("codes", codes)):
            con.register(name, table)
        return con.sql(
            """
            select before, person as now,
                   count(*) filter (grade = 'fine') as fine, count(*) filter (grade = 'coarse') as coarse
            from now
            join (select distinct identity, person_id from earlier) using (identity)
            join codes using (person_id)
            group by all order by all
            """
        ).df()


def content_order(identities: pd.DataFrame, size: int) -> np.ndarray:
    """The place of each person in the order of content: by smallest fine identity, then by all of them together."""
    values = pd.Series(
        pd.util.hash_array(identities["identity"].to_numpy(object)), index=identities["person"].to_numpy()
    )
    together = values.groupby(level=0).sum().reindex(range(size), fill_value=0)
    fine = identities[identities["grade"] == "fine"].sort_values("identity", kind="stable").drop_duplicates("person")
    first = pd.Series(fine["identity"].to_numpy(), index=fine["person"].to_numpy()).reindex(range(size))
    table = pd.DataFrame({"first": first, "together": together})
    place = np.empty(size, np.int64)
    place[table.sort_values(["first", "together"], kind="stable").index.to_numpy()] = np.arange(size)
    return place


def share_people(now: Households, people: Ids, earlier: Previous) -> pd.DataFrame:
    """Earlier members who are still here: their household and family then, their household, role and place now."""
    then = earlier.members[["household_id", "person_id"]].merge(earlier.households, on="household_id", how="left")
    then["person"] = then["person_id"].map(people.into)
    then = then.dropna(subset=["person"]).astype({"person": "int64"})
    here = now.members[["person", "household", "role"]].merge(now.households, on="household")
    shared = then.merge(here, on="person", suffixes=("_then", "")).drop_duplicates(["household_id", "person"])
    shared["same_place"] = is_same(shared, ["uprn"]) | is_same(shared, ["address", "postcode"])
    shared["children"] = shared["role"] == Role.CHILD
    shared["adults"] = ~shared["children"]
    return shared


def is_same(shared: pd.DataFrame, columns: list[str]) -> pd.Series:
    """Whether a household stands where it stood, where both runs say so."""
    same = pd.Series(True, index=shared.index)
    for name in columns:
        then = shared.get(f"{name}_then", pd.Series(None, index=shared.index, dtype=TEXT))
        same &= (shared[name] == then).fillna(False).astype(bool)
    return same


def carry_groups(kind: str, shared: pd.DataFrame, order: np.ndarray, earlier: Previous, now: Households) -> Ids:
    """Ids of households, or of families (households with a child), by the people they share, children first."""
    column = f"{kind}_id"
    before = pd.Series(sorted(earlier.households[column].dropna().unique()), dtype=TEXT)
    edges = shared_groups(shared, before, column)
    edges = edges[edges["now"].isin(order)]
    if kind == "family":
        has_children = edges.groupby("before")["children"].transform("max") > 0
        edges = edges[(edges["children"] > 0) | ~has_children]
    matched = match_by_overlap(edges, GROUP_STRENGTH)
    last = last_number(before, earlier.counters, f"last_{kind}")
    numbers, last = number_groups(matched, read_ids(before), order, last)
    numbers = np.append(numbers, np.zeros(max(len(now.households) - len(numbers), 0), np.int64))
    ids = write_ids("H" if kind == "household" else "F", numbers)
    changes = list_changes(kind, ids.dropna(), before, edges, GROUP_STRENGTH)
    return Ids(ids, changes, last, matched.set_index("before")["now"])


def shared_groups(shared: pd.DataFrame, before: pd.Series, column: str) -> pd.DataFrame:
    """How many children and adults each earlier group shares with each present household, and whether at one place."""
    rows = shared.dropna(subset=[column])
    codes = pd.Series(np.arange(len(before)), index=before)
    rows = rows.assign(before=rows[column].map(codes).astype("int64"), now=rows["household"])
    counts = rows.groupby(["before", "now"])
    table = pd.concat([counts[["children", "adults"]].sum(), counts["same_place"].any()], axis=1)
    return table.reset_index().astype("int64")


def with_child(order: np.ndarray, members: pd.DataFrame) -> np.ndarray:
    """Those of the households in `order` that have a child."""
    homes = members.loc[members["role"] == Role.CHILD, "household"]
    return order[np.isin(order, homes.to_numpy())]


def last_number(before: pd.Series, counters: Mapping[str, int], name: str) -> int:
    """The largest number ever given."""
    return max(int(read_ids(before).max(initial=0)), counters.get(name, 0))


def keep_identities(identities: pd.DataFrame, people: Ids, earlier: Previous) -> pd.DataFrame:
    """Identities of the people of this run, and of those of earlier runs who are in no record now."""
    here = pd.DataFrame(
        {"identity": identities["identity"], "person_id": people.ids.take(identities["person"].to_numpy()).to_numpy()}
    )
    absent = ~earlier.identities["person_id"].isin(people.into.index)
    table = pd.concat([here, earlier.identities.loc[absent, ["identity", "person_id"]]]).astype(TEXT).drop_duplicates()
    return table.sort_values(["identity", "person_id"], kind="stable", ignore_index=True)


def count_changes(**carried: Ids) -> dict[str, int]:
    """The last number of each kind, and how many of each are new, kept, merged and split."""
    counts = {f"last_{kind}": ids.last for kind, ids in carried.items()}
    for kind, ids in carried.items():
        found = ids.changes["change"].value_counts()
        counts |= {f"{kind}_{change}": int(found.get(change, 0)) for change in ("new", "kept", "merged", "split")}
    return counts
