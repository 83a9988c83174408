"""A borough washed at the end of each of twelve months: whether those to whom nothing happened keep their ids.

`python -m benchmarks.linkage.stability`. Schools, police and others send what they had by then; the registers of
contacts and of DWP's answers have the addresses of the month, and the same slips of the pen every month.
"""

import argparse
import json
import tempfile
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.agreement import CHILD
from benchmarks.borough import Borough, make_borough
from benchmarks.town.draws import Bools, Ints
from benchmarks.town.terms import day_of
from benchmarks.town.truth import person_ids
from benchmarks.town.writing import write_canonical
from benchmarks.town.written import FULL, one_line
from benchmarks.washing import Washed, wash
from pipeline.mentions import DATED_BY


WASHES = 12
LAST = date(2013, 9, 30)
ADULT_AGE = 18
IDS = ("person_id", "household_id", "family_id")


class Month(NamedTuple):
    """A wash: its day, and for each true person that it knows (by row of the town) their ids."""

    day: int
    ids: pd.DataFrame


def measure(residents: int, seed: int = 1, noise: float = 1.0) -> dict[str, float]:
    """Wash a borough twelve times and say which shares of ids stayed.

    `people`, `households` and `families`: of those unchanged all year and known in two washes, one after the other, the
    share whose id stayed; `_year`: the same from the first wash to the last; `_counted`: how many there were.
    """
    borough = make_borough(residents, seed=seed, as_of=LAST, noise=noise)
    with tempfile.TemporaryDirectory(prefix="datawash-stability-") as place:
        months = list(wash_months(borough, Path(place)))
    return hold_against(borough, months)


def month_ends(last: date, count: int) -> list[date]:
    """The last days of `count` months, the latest last."""
    return [day.date() for day in pd.date_range(end=last, periods=count, freq="ME")]


def wash_months(borough: Borough, place: Path) -> Iterator[Month]:
    """Wash what was known at the end of each month; each run follows the one before."""
    for as_of in month_ends(LAST, WASHES):
        folder = place / as_of.isoformat()
        records = write_canonical(known_by(borough, as_of), folder, "csv")
        washed = wash(folder, as_of, place / "outputs")
        yield Month(day_of(as_of), known_people(washed, records))


def known_people(washed: Washed, records: pd.DataFrame) -> pd.DataFrame:
    """By true person: the id of the run's person who has most of their records, and the household and family of it.

    `records` says whose each row that was washed is, as `write_canonical` tells it.
    """
    owners = washed.table("person_records").merge(
        records, on=["extract", "file", "row_number"], suffixes=("", "_true")
    )
    is_child = owners["record_id"].astype(str).str.endswith(CHILD)
    right = owners["child_person_id"].where(is_child, owners["person_id_true"])
    counted = pd.DataFrame({"person_id": owners["person_id"].astype(str), "right": right}).dropna().value_counts()
    known = counted.reset_index().sort_values(["count", "person_id", "right"], ascending=[False, True, True])
    homes = washed.table("households")[["household_id", "family_id"]].astype(object)
    members = washed.table("members")[["person_id", "household_id"]].astype(str).merge(homes, on="household_id")
    ids = known.drop_duplicates("person_id").drop_duplicates("right").merge(members, on="person_id")
    return ids.set_index("right")[list(IDS)]


def known_by(borough: Borough, as_of: date) -> dict[str, pd.DataFrame]:
    """The extracts as they stood on a day, without rows that break a rule."""
    extracts = {name: frame[~dated_after(name, frame, as_of)] for name, frame in borough.extracts.items()}
    extracts["attendance"] = ended_by(borough, as_of)
    extracts["contacts"] = as_it_stood(borough, "contacts", as_of)
    extracts["dwp_benefits"] = as_it_stood(borough, "dwp_benefits", as_of).assign(as_at=as_of.isoformat())
    sound = {name: frame[frame["note"] != "broken"].reset_index(drop=True) for name, frame in extracts.items()}
    return {name: frame for name, frame in sound.items() if len(frame)}


def as_it_stood(borough: Borough, name: str, as_of: date) -> pd.DataFrame:
    """A register with the addresses of a day: whoever has moved since is still where they were."""
    town, frame = borough.town, borough.extracts[name].copy()
    person = frame["true_person"].to_numpy(dtype=np.int64)
    then, now = (town.homes.at(person, np.full(len(person), day))[0] for day in (day_of(as_of), town.day))
    moved = np.flatnonzero(then != now)
    frame.loc[frame.index[moved], "address"] = [one_line(town.places, int(home), FULL, True) for home in then[moved]]
    frame.loc[frame.index[moved], "postcode"] = town.places.postcode[then[moved]]
    frame.loc[frame.index[moved], "uprn"] = None
    return frame


def dated_after(name: str, frame: pd.DataFrame, as_of: date) -> Bools:
    """Rows of which even the earliest date was still to come."""
    columns = [column for column in DATED_BY.get(name, ()) if column in frame]
    if not columns:
        return np.zeros(len(frame), dtype=bool)
    dates = frame[columns].apply(pd.to_datetime, errors="coerce", format="%Y-%m-%d")
    return np.asarray(dates.min(axis=1) > pd.Timestamp(as_of))


def ended_by(borough: Borough, as_of: date) -> pd.DataFrame:
    """The attendance of the terms that had ended."""
    ended = {(term.academic_year, term.name) for term in borough.town.schooling.terms if term.end <= day_of(as_of)}
    frame = borough.extracts["attendance"]
    kept = [pair in ended for pair in zip(frame["academic_year"], frame["term"], strict=True)]
    return frame[np.array(kept, dtype=bool)]


def hold_against(borough: Borough, months: list[Month]) -> dict[str, float]:
    """The shares of ids that stayed, among the people of households to which nothing happened all year.

    A family is a household that had a child all the time.
    """
    household, still = unchanged(borough, [month.day for month in months])
    homes = pd.Series(household, index=person_ids(np.arange(len(household))))[still]
    children = is_child_on(borough, months[-1].day)
    young = set(person_ids(np.flatnonzero(children)))
    families = homes[homes.isin(household[children & still])]
    ids = [month.ids for month in months]
    pairs = list(zip(ids[:-1], ids[1:], strict=True))
    figures: dict[str, float] = {}
    of_kind = (pd.Series(homes.index, index=homes.index), homes, families)
    for kind, column, groups in zip(("people", "households", "families"), IDS, of_kind, strict=True):
        held = [count_stayed(one[column], next_one[column], groups, young) for one, next_one in pairs]
        stayed = np.array(held).sum(axis=0)
        year = count_stayed(ids[0][column], ids[-1][column], groups, young)
        figures |= {kind: stayed[0] / max(stayed[1], 1), f"{kind}_counted": float(stayed[1])}
        figures |= {f"{kind}_year": year[0] / max(year[1], 1), f"{kind}_year_counted": float(year[1])}
    return figures


def unchanged(borough: Borough, days: list[int]) -> tuple[Ints, Bools]:
    """Everybody's household, and whether its people and its dwelling were the same on all these days."""
    town = borough.town
    person = np.arange(len(town.people))
    seen = [town.homes.at(person, np.full(len(person), day)) for day in days]
    dwelling, household = (np.array(column) for column in zip(*seen, strict=True))
    moved = (dwelling != dwelling[0]).any(axis=0) | (household != household[0]).any(axis=0)
    moved |= town.people["birth"].to_numpy() > days[0]
    changed = np.zeros(town.households, dtype=bool)
    for column in household:
        changed[column[moved]] = True
    return household[0], ~changed[household[0]]


def is_child_on(borough: Borough, day: int) -> Bools:
    """Whether each person of the town is under eighteen on a day."""
    born = pd.Series(pd.to_datetime(borough.town.people["birth"].to_numpy(), unit="D"))
    return np.asarray(born + pd.DateOffset(years=ADULT_AGE) > pd.to_datetime(day, unit="D"))


def count_stayed(
    before: pd.Series, after: pd.Series, groups: pd.Series, children: Collection[str] = ()
) -> tuple[int, int]:
    """Of how many groups of true people the id stayed, of those known both times.

    The id of a group is the one that most of its `children`, or if none is known, most of its people had before; it
    stayed where no other is commoner among these same people after. So nobody who was first found in between, and no
    one who is no longer known, counts as a change. Of ids that are equally common one has to stay.
    """
    known = pd.DataFrame({"group": groups, "before": before, "after": after}).dropna()
    is_child = pd.Series(known.index.isin(children), known.index)
    known["weight"] = (is_child | ~is_child.groupby(known["group"]).transform("any")).astype(int)
    theirs = _commonest(known, ["group"], "before")
    stayed = _commonest(theirs, ["group", "before"], "after").query("before == after")["group"].nunique()
    return stayed, known["group"].nunique()


def _commonest(known: pd.DataFrame, of: list[str], column: str) -> pd.DataFrame:
    """The rows that have one of the commonest values of a column among those of their kind."""
    weight = known.groupby([*of, column])["weight"].transform("sum")
    return known[weight == weight.groupby([known[name] for name in of]).transform("max")]


def main() -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--residents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--noise", type=float, default=1.0)
    given = parser.parse_args()
    found = measure(given.residents, given.seed, given.noise)
    print(json.dumps({name: round(value, 5) for name, value in found.items()}, indent=2))


if __name__ == "__main__":
    main()
