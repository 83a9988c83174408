"""Schools, and the pupils' years: who was where, absent how often, excluded when, out of school since when."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.town.absence import Pupils, Seats, make_attendance, register_twice
from benchmarks.town.draws import Bools, Floats, Ints, Rng, Texts, chance, place_in_group, weighted
from benchmarks.town.kin import EVER
from benchmarks.town.moves import Homes
from benchmarks.town.numbers import upns
from benchmarks.town.rates import LIFE
from benchmarks.town.terms import Term, school_year_of
from benchmarks.town.words import words


CHANGES_SCHOOL = 0.3
"""Of families who move within the borough."""
SPECIAL_SHARE = 0.012
EXCLUSION_REASONS = {
    "PP": 15, "PA": 5, "VP": 4, "VA": 9, "BU": 3, "RA": 1, "SM": 1, "DA": 4, "DM": 3, "TH": 3, "DB": 35, "OT": 8,
}  # fmt: skip
STATUS_SHARES = {"PRU": 0.0035, "AP": 0.003, "NOT_ON_ROLL": 0.0025, "EHE": 0.003, "PRU_OTHER": 0.0006}


@dataclass(frozen=True)
class Schooling:
    """Everything true about school.

    Attributes:
        schools: `school_urn, school_name, kind, phase, silent, skipped` (position among the terms, -1 for none).
        pupils: rows of people of school age at any time; upn: of each of them.
        attendance: `person, term` (position), `school, status` (C M S), `entry, leaving` (days, -1 for none),
            `possible, authorised, unauthorised, g, n, o, u`: one row for each pupil, school and term.
        exclusions: `person, school, category, day, sessions, reason`.
        status: `person, status, because, start, end` (end -1: still).
    """

    schools: pd.DataFrame
    pupils: Ints
    upn: Texts
    attendance: pd.DataFrame
    exclusions: pd.DataFrame
    status: pd.DataFrame
    terms: tuple[Term, ...]


def make_schools(rng: Rng, pupils: int, terms: int) -> pd.DataFrame:
    """Schools enough for so many pupils, some academies among them silent, one or more of them for a term only."""
    primary, secondary = max(4, round(pupils * 0.58 / 230)), max(3, round(pupils * 0.42 / 800))
    phase = np.r_[np.zeros(primary, dtype=np.int64), np.ones(secondary, dtype=np.int64), 2, 3]
    count = len(phase)
    kinds = np.array(["maintained", "academy", "free"], dtype=object)
    chances = np.where(phase[:, None] == 1, [0.4, 0.55, 0.05], [0.75, 0.22, 0.03])
    kind = kinds[(rng.random(count)[:, None] > np.cumsum(chances, axis=1)).sum(axis=1).clip(max=2)]
    kind[-2:] = ["special", "pru"]
    ends = np.array(["Primary School", "School", "Special School", "Pupil Referral Unit"], dtype=object)[phase]
    frame = pd.DataFrame({"school_urn": [str(900_001 + i) for i in range(count)], "kind": kind, "phase": phase})
    frame["school_name"] = _school_names(count) + " " + ends
    weight = np.r_[np.full(primary, 0.58 / primary), np.full(secondary, 0.42 / secondary), 0.0, 0.0]
    frame["silent"] = _closest(rng, weight, LIFE.silent_schools)
    skips = _closest(rng, np.where(frame["silent"], 0.0, weight), LIFE.term_skipped)
    frame["skipped"] = np.where(skips, terms - 1 - rng.integers(0, 3, count), -1)
    frame.loc[frame["silent"] & ~frame["kind"].isin(["free"]), "kind"] = "academy"
    return frame


def _school_names(count: int) -> Texts:
    stems = words("places", "schools")
    names = [f"St {saint}'s" for saint in words("places", "saints")] + stems
    names += [f"{a} {b}" for b in ("Lane", "Road", "Green", "Bank", "Cross") for a in stems]
    spread = [names[(i * 7) % len(names)] for i in range(min(count, len(names)))]
    more = [f"Academy Trust No {i}" for i in range(max(0, count - len(names)))]
    return np.array(spread + more, dtype=object)


def _closest(rng: Rng, weight: Floats, share: float) -> Bools:
    """At least one, until their weight comes near `share`: whole schools are what is drawn."""
    order = rng.permutation(np.flatnonzero(weight > 0))
    order = order[np.argsort(weight[order] > 2 * share, kind="stable")]
    total = np.cumsum(weight[order])
    taken = order[: max(1, int(np.searchsorted(total, share)))]
    return np.isin(np.arange(len(weight)), taken)


def make_schooling(rng: Rng, people: pd.DataFrame, homes: Homes, need: Floats, terms: tuple[Term, ...]) -> Schooling:
    """Six terms of every pupil. `people` has household, birth, male; `need` is the household's."""
    first, last = terms[0].year, terms[-1].year
    birth = people["birth"].to_numpy()
    ever = (school_year_of(birth, first) <= 11) & (school_year_of(birth, last + 1) >= 0)
    child = np.flatnonzero(ever & (people["birth"].to_numpy() > EVER))
    schools = make_schools(rng, len(child), len(terms))
    seats = _choose_seats(rng, people, homes, child, schools)
    of_child = need[people["household"].to_numpy()[child]]
    exclusions = _exclusions(rng, child, of_child, people, terms)
    status = _status(rng, child, of_child, birth, exclusions, terms)
    attendance = make_attendance(rng, Pupils(child, birth[child], of_child), seats, status, terms)
    attendance = register_twice(rng, attendance, schools)
    exclusions = exclusions.assign(school=_school_then(exclusions, attendance))
    return Schooling(schools, child, _upns(child, birth, seats), attendance, exclusions, status, terms)


def _choose_seats(rng: Rng, people: pd.DataFrame, homes: Homes, child: Ints, schools: pd.DataFrame) -> Seats:
    """Seats as `pupils x 2` (primary, secondary)."""
    rows = homes.spells[homes.spells["person"].isin(child)]
    latest = rows.groupby("person", sort=True).tail(1)
    change = latest["start"].to_numpy()
    household = people["household"].to_numpy()[child]
    dwelling = latest["dwelling"].to_numpy()
    before, _ = homes.at(child, change - 1)
    total = homes.now.max() + 1
    now = _nearest(rng, household, dwelling, schools, total)
    then = _nearest(rng, household, before, schools, total)
    switches = chance(rng, CHANGES_SCHOOL, int(household.max()) + 1)[household]
    inside_now, inside_then = homes.resident[household], before < homes.inside
    stays = inside_now & inside_then & ~switches
    then = np.where(stays[:, None], now, then)
    special = chance(rng, SPECIAL_SHARE, len(child))
    now[special] = then[special] = int(np.flatnonzero(schools["phase"] == 2)[0])
    change = np.where((change <= people["birth"].to_numpy()[child]) | stays, EVER, change)
    return Seats(np.where(inside_then[:, None], then, -1), np.where(inside_now[:, None], now, -1), change)


def _nearest(rng: Rng, household: Ints, dwelling: Ints, schools: pd.DataFrame, total: int) -> Ints:
    """The school of the district by phase; one family in seven prefers another."""
    columns = []
    other = chance(rng, 0.15, int(household.max()) + 1)[household]
    shift = rng.integers(1, 4, int(household.max()) + 1)[household]
    for phase in (0, 1):
        ids = np.flatnonzero((schools["phase"] == phase).to_numpy())
        district = np.minimum(dwelling * len(ids) // total, len(ids) - 1)
        columns.append(ids[np.where(other, (district + shift) % len(ids), district)])
    return np.column_stack(columns)


def _upns(child: Ints, birth: Ints, seats: Seats) -> Texts:
    """Given at the first school, in the year of reception."""
    first = np.where(seats.before[:, 0] >= 0, seats.before[:, 0], np.maximum(seats.now[:, 0], 0))
    year = 2000 + (birth.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)[child] + 1970 + 5) % 100
    key = first * 100 + year % 100
    order = np.argsort(key, kind="stable")
    serial = np.empty(len(child), dtype=np.int64)
    serial[order] = 1 + place_in_group(key[order])
    return upns(2000 + first + 600 * (serial // 1000), year, serial)


def _spread_days(rng: Rng, terms: tuple[Term, ...], count: int) -> Ints:
    """School days of the six terms, about evenly."""
    term = weighted(rng, [t.sessions for t in terms], count)
    start = np.array([t.start for t in terms])[term] + 5
    length = np.array([t.sessions for t in terms])[term] * 7 // 11
    return np.asarray(start + (rng.random(count) * length).astype(np.int64))


def _exclusions(rng: Rng, child: Ints, need: Floats, people: pd.DataFrame, terms: tuple[Term, ...]) -> pd.DataFrame:
    age = (terms[-1].end - people["birth"].to_numpy()[child]) / 365.25
    male = people["male"].to_numpy()[child]
    rate = np.exp(-4.8 + 1.35 * need + 1.1 * (age > 11) + 0.6 * male) * (age > 6)
    fixed = rng.poisson(np.minimum(rate * rng.gamma(0.5, 2.0, len(child)) * 2, 12.0))
    permanent = chance(rng, 0.0022 * np.exp(1.0 * need) * (age > 8), len(child)).astype(np.int64)
    lunch = rng.poisson(rate * 0.15)
    parts = []
    for number, category in ((fixed, "FIXD"), (permanent, "PERM"), (lunch, "LNCH")):
        person = np.repeat(child, number)
        parts.append(
            pd.DataFrame({"person": person, "category": category, "day": _spread_days(rng, terms, len(person))})
        )
    frame = pd.concat(parts, ignore_index=True)
    frame = frame[school_year_of(people["birth"].to_numpy()[frame["person"]], terms[0].year) <= 11]
    frame = frame[_in_school(people, frame["person"].to_numpy(), frame["day"].to_numpy())]
    frame = frame.drop_duplicates(["person", "day"]).sort_values(["day", "person"], kind="stable", ignore_index=True)
    sessions = np.where(frame["category"] == "FIXD", 2 * rng.integers(1, 8, len(frame)), 1)
    reasons = np.array(list(EXCLUSION_REASONS), dtype=object)
    return frame.assign(sessions=sessions, reason=reasons[weighted(rng, list(EXCLUSION_REASONS.values()), len(frame))])


def _in_school(people: pd.DataFrame, person: Ints, day: Ints) -> Bools:
    age = (day - people["birth"].to_numpy()[person]) / 365.25
    return np.asarray((age >= 5.0) & (age < 16.0))


def _status(
    rng: Rng, child: Ints, need: Floats, birth: Ints, exclusions: pd.DataFrame, terms: tuple[Term, ...]
) -> pd.DataFrame:
    """Present spells out of ordinary school, and some that ended before the last three terms."""
    as_of = terms[-1].end
    group = school_year_of(birth[child], terms[-1].year + 1)
    rows = []
    for name, share in STATUS_SHARES.items():
        steep = 0.2 if name == "EHE" else 1.0
        floor = 1 if name in ("NOT_ON_ROLL", "EHE") else 5
        here = (group >= floor) & (group <= 11) & chance(rng, share * np.exp(steep * need - 0.5 * steep), len(child))
        start = as_of - rng.integers(20, 500, int(here.sum()))
        rows.append(_spell(child[here], name.split("_OTHER")[0], name in ("PRU", "AP"), start, -1))
        ended = chance(rng, share * 0.3, len(child)) & (group >= floor + 2) & (group <= 11)
        start = terms[0].start - rng.integers(0, 100, int(ended.sum()))
        rows.append(_spell(child[ended], name.split("_OTHER")[0], name in ("PRU", "AP"), start, start + 90))
    gone = exclusions[(exclusions["category"] == "PERM") & (exclusions["day"] >= terms[-3].start)]
    gone = gone[chance(rng, 0.6, len(gone))]
    rows.insert(0, _spell(gone["person"].to_numpy(), "PRU", True, gone["day"].to_numpy() + 12, -1))
    return pd.concat(rows, ignore_index=True).drop_duplicates("person", ignore_index=True)


def _spell(person: Ints, status: str, because: bool, start: Ints, end: Ints | int) -> pd.DataFrame:
    frame = pd.DataFrame({"person": person, "start": start}).assign(end=end, status=status, because=because)
    return frame[["person", "status", "because", "start", "end"]]


def _school_then(exclusions: pd.DataFrame, attendance: pd.DataFrame) -> Ints:
    """The school of a pupil's nearest attendance row (any), 0 where there is none."""
    first = attendance[attendance["status"] != "S"].drop_duplicates("person").set_index("person")["school"]
    return np.asarray(exclusions["person"].map(first).fillna(0).astype(np.int64))
