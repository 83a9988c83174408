"""What schools and the education service send: attendance, exclusions, children out of school, contacts, schools."""

import numpy as np
import pandas as pd

from benchmarks.town.draws import Bools, Ints, Rng, Texts, chance, only
from benchmarks.town.households import KIND, ROLE
from benchmarks.town.numbers import temporary, upns
from benchmarks.town.rates import LIFE
from benchmarks.town.scribe import Scribe, break_rows, finish
from benchmarks.town.terms import school_year_of
from benchmarks.town.true import Town
from benchmarks.town.written import iso, write_birth, write_names


def school_extracts(town: Town, noise: float) -> dict[str, pd.DataFrame]:
    """Attendance and exclusions, which name a pupil in the same way: both come out of the school's register."""
    scribe, learning = Scribe(town, "school", noise), town.schooling
    rows = learning.attendance[_returned(learning.attendance, learning.schools)].reset_index(drop=True)
    out = _sent_twice(scribe.stream("twice"), learning.exclusions)
    out = out[~learning.schools["silent"].to_numpy()[out["school"].to_numpy()]].reset_index(drop=True)
    ends = np.array([term.end for term in learning.terms])[rows["term"].to_numpy()]
    seen = np.where(rows["leaving"] >= 0, rows["leaving"], ends)
    person = np.r_[rows["person"].to_numpy(), out["person"].to_numpy()]
    school = np.r_[rows["school"].to_numpy(), out["school"].to_numpy()]
    described = scribe.describe(person, np.r_[seen, out["day"].to_numpy()], person * len(learning.schools) + school)
    term = np.r_[rows["term"].to_numpy(), np.full(len(out), len(learning.terms))]
    upn = _upn_of(scribe.stream("upn"), town, person, school, term)
    attendance = _attendance(scribe, rows, described.iloc[: len(rows)], upn[: len(rows)])
    exclusions = _exclusions(scribe, out, described.iloc[len(rows) :], upn[len(rows) :])
    return {"attendance": attendance, "exclusions": exclusions}


def _returned(attendance: pd.DataFrame, schools: pd.DataFrame) -> Bools:
    school = attendance["school"].to_numpy()
    skipped = schools["skipped"].to_numpy()[school] == attendance["term"].to_numpy()
    return np.asarray(~schools["silent"].to_numpy()[school] & ~skipped & (schools["phase"].to_numpy()[school] != 3))


def _sent_twice(rng: Rng, exclusions: pd.DataFrame) -> pd.DataFrame:
    """Some exclusions stand both among the pupils on roll and among those no longer on it."""
    again = exclusions[chance(rng, LIFE.duplicate_exclusion, len(exclusions))]
    return pd.concat([exclusions, again]).sort_index(kind="stable")


def _upn_of(rng: Rng, town: Town, person: Ints, school: Ints, term: Ints) -> Texts:
    """The UPN in each school's register: missing for a few, at first a temporary one for some, a second for fewer."""
    pupils, upn = town.schooling.pupils, town.schooling.upn
    position = np.searchsorted(pupils, person)
    draw = rng.random(len(pupils))
    values = upn.copy()
    values[draw < LIFE.no_upn] = None
    short = (draw >= LIFE.no_upn) & (draw < LIFE.no_upn + LIFE.temporary_upn)
    until = np.where(short, rng.integers(1, len(town.schooling.terms), len(pupils)), 0)
    out = values[position]
    at_first = term < until[position]
    out[at_first] = temporary(upn[position[at_first]])
    again = _elsewhere(position, school) & (draw > 1 - LIFE.second_upn)[position]
    year = np.array([int(number[8:10]) for number in upn[position[again]]], dtype=np.int64)
    out[again] = upns(2000 + school[again], year, 900 + position[again] % 100)
    return np.asarray(out)


def _elsewhere(position: Ints, school: Ints) -> Bools:
    """Rows of another school than the first that stands in the list for the same pupil."""
    first = pd.Series(school).groupby(position).transform("first").to_numpy()
    return np.asarray(first != school)


def _text(values: object) -> Texts:
    return np.asarray(values).astype(str).astype(object)


def _day(days: Ints) -> Texts:
    """ISO text, empty for -1."""
    return only(days >= 0, iso(np.maximum(days, 0)))


def _attendance(scribe: Scribe, rows: pd.DataFrame, described: pd.DataFrame, upn: Texts) -> pd.DataFrame:
    town, rng = scribe.town, scribe.stream("attendance")
    school, term = rows["school"].to_numpy(), rows["term"].to_numpy()
    with_reasons = chance(rng, 0.9, len(town.schooling.schools))[school]
    own = pd.DataFrame(
        {
            "upn": upn,
            "school_urn": town.schooling.schools["school_urn"].to_numpy()[school],
            "school_name": town.schooling.schools["school_name"].to_numpy()[school],
            "enrolment_status": rows["status"].to_numpy(),
            "entry_date": iso(rows["entry"].to_numpy()),
            "leaving_date": _day(rows["leaving"].to_numpy()),
            "academic_year": np.array([t.academic_year for t in town.schooling.terms], dtype=object)[term],
            "term": np.array([t.name for t in town.schooling.terms], dtype=object)[term],
            "sessions_possible": _text(rows["possible"]),
            "sessions_authorised": _text(rows["authorised"]),
            "sessions_unauthorised": _text(_understated(rng, rows, with_reasons)),
            **{f"reason_{r}": only(with_reasons, _text(rows[r])) for r in "gnou"},
        }
    )
    labels = [f"attendance-{t.academic_year.replace('/', '-')}-{t.name}" for t in town.schooling.terms]
    frame = finish(own, described, rows["person"].to_numpy(), file=np.array(labels, dtype=object)[term])
    breaks = [
        ("term", "michaelmas"),
        ("sessions_possible", "n/k"),
        ("sessions_unauthorised", "9O"),
        ("school_urn", None),
    ]
    return break_rows(rng, frame, [(column, value) for column, value in breaks])


def _understated(rng: Rng, rows: pd.DataFrame, with_reasons: Bools) -> Ints:
    """Totals that say less than the reasons, by a session or two, where nothing hangs on it."""
    total, possible = rows["unauthorised"].to_numpy(), rows["possible"].to_numpy()
    less = chance(rng, LIFE.reasons_differ * 10, len(rows)) & with_reasons & (total > 1) & (total * 20 < possible)
    return np.asarray(total - less)


def _exclusions(scribe: Scribe, rows: pd.DataFrame, described: pd.DataFrame, upn: Texts) -> pd.DataFrame:
    schools = scribe.town.schooling.schools
    own = pd.DataFrame(
        {
            "upn": upn,
            "school_urn": schools["school_urn"].to_numpy()[rows["school"].to_numpy()],
            "category": rows["category"].to_numpy(),
            "start_date": iso(rows["day"].to_numpy()),
            "sessions": _text(rows["sessions"]),
            "reason": rows["reason"].to_numpy(),
        }
    )
    frame = finish(own, described, rows["person"].to_numpy(), file="exclusions")
    return break_rows(scribe.stream("broken"), frame, [("start_date", "2013-02-31"), ("category", "EXCL")])


def status_extract(town: Town, noise: float) -> pd.DataFrame:
    """The council's own registers: PRU and other provision, children missing education, home education."""
    scribe, rows = Scribe(town, "status", noise), town.schooling.status
    person = rows["person"].to_numpy()
    day = np.where(rows["end"] >= 0, rows["end"], rows["start"])
    upn = town.schooling.upn[np.searchsorted(town.schooling.pupils, person)]
    own = pd.DataFrame(
        {
            "upn": only(chance(scribe.stream("upn"), 0.85, len(rows)), upn),
            "status": rows["status"].to_numpy(),
            "because_excluded": only(rows["status"].isin(["PRU", "AP"]), np.where(rows["because"], "Y", "N")),
            "start_date": iso(rows["start"].to_numpy()),
            "end_date": _day(rows["end"].to_numpy()),
        }
    )
    return finish(own, scribe.describe(person, day), person, file="education_status")


def schools_extract(town: Town) -> pd.DataFrame:
    """The schools that should return."""
    frame = town.schooling.schools[["school_urn", "school_name", "kind"]].astype(object)
    return frame.assign(true_person=-1, true_child=-1, true_household=-1, note="", file="schools")


def tied_adults(town: Town, rng: Rng) -> pd.DataFrame:
    """`child, adult, relationship`: whom the education service knows as whose parent or carer, on the as-of day."""
    people, folk = town.people, town.folk
    home = people["household"].to_numpy()
    group = school_year_of(people["birth"].to_numpy(), town.schooling.terms[-1].year + (town.as_of.month >= 9))
    here = town.homes.resident[home]
    child = np.flatnonzero((group >= 0) & (group <= 11) & here & (people["birth"].to_numpy() > 0))
    kin = folk.kind[home[child]] == KIND["kinship"]
    placed = people["role"].to_numpy()[child] == ROLE["placed"]
    ties = []
    for adult, share in ((folk.head[home[child]], 0.8), (folk.partner[home[child]], 0.95)):
        share_of = np.where(folk.partner[home[child]] < 0, 0.97, share)
        ties.append(_ties(rng, town, child, adult, share_of, _relation(town, child, adult, kin, placed)))
    absent = people["absent"].to_numpy()[child]
    ties.append(_ties(rng, town, child, absent, np.full(len(child), 0.4), _relation(town, child, absent, kin, placed)))
    frame = pd.concat(ties, ignore_index=True)
    return frame.sort_values(["child", "adult"], kind="stable", ignore_index=True)


def _relation(town: Town, child: Ints, adult: Ints, kin: Bools, placed: Bools) -> Texts:
    male = town.people["male"].to_numpy()[np.maximum(adult, 0)]
    parent = np.where(male, "father", "mother").astype(object)
    step = (
        town.people["step"].to_numpy()[child]
        & male
        & (adult == town.folk.head[town.people["household"].to_numpy()[child]])
    )
    parent = np.where(step, "stepfather", parent)
    parent = np.where(kin, np.where(male, "grandfather", "grandmother"), parent)
    return np.where(placed, "foster carer", parent)


def _ties(rng: Rng, town: Town, child: Ints, adult: Ints, share: np.ndarray, relation: Texts) -> pd.DataFrame:
    keep = (adult >= 0) & chance(rng, share, len(child)) & (child != adult)
    keep &= town.age[np.maximum(adult, 0)] >= 16
    return pd.DataFrame({"child": child[keep], "adult": adult[keep], "relationship": relation[keep]})


def contacts_extract(town: Town, noise: float) -> pd.DataFrame:
    """Parents and carers as the education service has them on the as-of day; adults first, their child beside them."""
    scribe, children = Scribe(town, "parents", noise), Scribe(town, "their_children", noise)
    rng = scribe.stream("ties")
    ties = tied_adults(town, rng)
    adult, child = ties["adult"].to_numpy(), ties["child"].to_numpy()
    card = adult * 2 + chance(rng, 0.15, len(ties))
    described = scribe.describe(adult, np.full(len(ties), town.day), card)
    names = write_names(children.stream("names"), town.people, child, children.rates)
    upn = town.schooling.upn[np.minimum(np.searchsorted(town.schooling.pupils, child), len(town.schooling.pupils) - 1)]
    own = pd.DataFrame(
        {
            "upn": only(chance(rng, 0.93, len(ties)), upn),
            "child_forename": names["forename"],
            "child_surname": names["surname"],
            "child_date_of_birth": write_birth(
                children.stream("birth"), town.people["birth"].to_numpy()[child], children.rates
            ),
            "relationship": ties["relationship"].to_numpy(),
        }
    )
    frame = finish(own, described, adult, file="contacts").assign(true_child=child)
    return break_rows(rng, frame, [("surname", "UNKNOWN")])
