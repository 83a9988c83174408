"""The truth as tables: people, homes, households and members on the as-of day, whose each record is, true verdicts."""

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Texts, only
from benchmarks.town.households import KINDS, ROLES
from benchmarks.town.true import Town
from benchmarks.town.verdicts import CRITERIA, WORDS, Verdicts, eligible
from benchmarks.town.written import FULL, iso, one_line


def person_ids(person: Ints) -> Texts:
    """`T0000001` for row 0; empty for -1."""
    return np.array([f"T{p + 1:07d}" if p >= 0 else None for p in person.tolist()], dtype=object)


def household_ids(household: Ints) -> Texts:
    """`D0000001` for household 0; empty for -1."""
    return np.array([f"D{h + 1:07d}" if h >= 0 else None for h in household.tolist()], dtype=object)


def people_table(town: Town, seen: Bools) -> pd.DataFrame:
    """Everyone, with their right names; `seen`: some extract names them; `upn` where they ever had one."""
    upn = np.full(len(town.people), None, dtype=object)
    upn[town.schooling.pupils] = town.schooling.upn
    names = ["forename", "middle_names", "surname", "former_surname", "preferred_surname"]
    frame = pd.DataFrame({"person_id": person_ids(np.arange(len(town.people)))})
    frame[names] = town.people[names]
    frame["date_of_birth"] = iso(town.people["birth"].to_numpy())
    frame["sex"] = np.where(town.people["male"], "M", "F")
    return frame.assign(upn=upn, seen=seen)


def households_table(town: Town) -> pd.DataFrame:
    """Households on the as-of day: kind, home, and whether that is in the borough."""
    now = town.homes.now
    return pd.DataFrame(
        {
            "household_id": household_ids(np.arange(town.households)),
            "kind": np.array(KINDS, dtype=object)[town.folk.kind],
            "in_borough": town.homes.resident,
            **_home(town, now),
        }
    )


def _home(town: Town, dwelling: Ints) -> dict[str, Texts]:
    codes, distinct = pd.factorize(dwelling)
    lines = np.array([one_line(town.places, int(d), FULL, True) for d in distinct], dtype=object)
    return {
        "address": lines[codes],
        "postcode": town.places.postcode[dwelling],
        "uprn": town.places.uprn[dwelling],
    }


def members_table(town: Town) -> pd.DataFrame:
    """Who lives with whom on the as-of day."""
    home = town.people["household"].to_numpy()
    frame = pd.DataFrame(
        {
            "household_id": household_ids(home),
            "person_id": person_ids(np.arange(len(home))),
            "role": np.where(town.years_old < 18, "child", "adult"),
            "part": np.array(ROLES, dtype=object)[town.people["role"].to_numpy()],
            "age": town.years_old,
        }
    )
    return frame.sort_values(["household_id", "person_id"], kind="stable", ignore_index=True)


def spells_table(town: Town) -> pd.DataFrame:
    """Every home of everyone in two years: with which household, from when (empty: before), to when (empty: still)."""
    spells = town.homes.spells
    start, end = spells["start"].to_numpy(), spells["end"].to_numpy()
    return pd.DataFrame(
        {
            "person_id": person_ids(spells["person"].to_numpy()),
            "household_id": household_ids(spells["household"].to_numpy()),
            "started_on": only(start > 0, iso(start)),
            "ended_on": only(end <= town.day, iso(np.minimum(end, town.day))),
            "in_borough": spells["dwelling"].to_numpy() < town.places.inside,
            **_home(town, spells["dwelling"].to_numpy()),
        }
    )


def records_table(extracts: dict[str, pd.DataFrame], suffix: str) -> pd.DataFrame:
    """Of whom each row of each file speaks: the person, for contacts the child too, or the household at an address."""
    parts = []
    for name, frame in extracts.items():
        file = frame["file"].astype(str) + suffix
        parts.append(
            pd.DataFrame(
                {
                    "extract": name,
                    "file": file.to_numpy(),
                    "row_number": frame.groupby("file", sort=False).cumcount().to_numpy() + 2,
                    "person_id": person_ids(frame["true_person"].to_numpy(dtype=np.int64)),
                    "child_person_id": person_ids(frame["true_child"].to_numpy(dtype=np.int64)),
                    "household_id": household_ids(frame["true_household"].to_numpy(dtype=np.int64)),
                    "note": frame["note"].to_numpy(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def verdicts_table(verdicts: Verdicts) -> pd.DataFrame:
    """A row for each household and criterion: what the extracts could tell, and what is so."""
    parts = []
    for name in CRITERIA:
        told, true = verdicts.told[name], verdicts.true[name]
        frame = pd.DataFrame({"household_id": household_ids(np.arange(len(told)))})
        parts.append(frame.assign(criterion=name, verdict=WORDS[told], true_verdict=WORDS[true]))
    return pd.concat(parts, ignore_index=True).sort_values(["household_id", "criterion"], ignore_index=True)


def eligible_table(town: Town, verdicts: Verdicts) -> pd.DataFrame:
    """Families that are eligible or could become so by what the extracts can tell, or are eligible in truth."""
    now, later = eligible(verdicts.told, verdicts.suits_told)
    truly, _ = eligible(verdicts.true, verdicts.suits_true)
    national = np.stack([verdicts.told[name] for name in CRITERIA[:3]])
    rule = np.where((national == 2).all(axis=0), "3_of_3", "2_plus_local").astype(object)
    frame = pd.DataFrame({"household_id": household_ids(np.arange(town.households)), "eligible": now})
    frame = frame.assign(undetermined=later, truly_eligible=truly, in_borough=town.homes.resident)
    frame["rule"] = only(now, rule)
    return frame[now | later | truly].reset_index(drop=True)
