"""The school census as it leaves COLLECT: pupils, addresses, absence by reason, exclusions; by term."""

import numpy as np
import pandas as pd

from benchmarks.town.council_files import CouncilFile, column, spaced
from benchmarks.town.draws import Bools, Ints, Rng, Texts, stream, weighted
from benchmarks.town.scribe import TRUTH
from benchmarks.town.terms import school_year_of
from benchmarks.town.true import Town


CENSUS_DATE = "%Y-%b-%d %H:%M:%S"
EXCUSED = {"I": 60, "M": 22, "C": 12, "H": 6}
"""Reasons of authorised absence."""
FIRST_ID = 410_001
"""Row numbers of the collection system, which run on from one return to the next."""


def school_numbers(urn: object) -> Texts:
    """`9992001` for the school that is 900001 elsewhere: authority and establishment number."""
    return pd.Series(urn, dtype=object).map(lambda u: f"999{2000 + int(u) - 900_000}", na_action="ignore").to_numpy()


def census_files(town: Town, attendance: pd.DataFrame, exclusions: pd.DataFrame) -> list[CouncilFile]:
    """Every table of every term's return, and the council's own notices of exclusions that are not in it."""
    rng, out = stream(town.seed, "census"), []
    placed, first = np.full(len(exclusions), -1), FIRST_ID
    for term in town.schooling.terms:
        label = f"{term.academic_year.replace('/', '-')}-{term.name}"
        rows = attendance[attendance["file"] == f"attendance-{label}"].reset_index(drop=True)
        gone = rows["leaving_date"].notna().to_numpy()
        here, left = rows[~gone].reset_index(drop=True), rows[gone].reset_index(drop=True)
        ids = first + np.arange(len(here))
        out.append(_pupils(town, here, f"census/pupilonroll-{label}.csv", ids, term.year))
        out.append(_addresses(here, label, ids))
        out.append(_reasons(rng, here, label, ids))
        if len(left):
            gone_ids = ids[-1] + 1 + np.arange(len(left))
            out.append(_pupils(town, left, f"census/pupilnolongeronroll-{label}.csv", gone_ids, term.year))
        within = exclusions["start_date"].between(_iso(term.start), _iso(term.end)).to_numpy()
        found = _on_roll(exclusions, here, within & (exclusions["note"] == "").to_numpy())
        placed = np.where(found >= 0, found, placed)
        out.append(_exclusions(exclusions[found >= 0], ids[found[found >= 0]], label))
        first += len(rows)
    return [*out, _notices(exclusions[placed < 0])]


def _iso(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


def _pupils(town: Town, rows: pd.DataFrame, path: str, ids: Ints, year: int) -> CouncilFile:
    group = school_year_of(town.people["birth"].to_numpy()[rows["true_person"].to_numpy(dtype=np.int64)], year)
    table = path.removeprefix("census/").partition("-")[0]
    frame = pd.DataFrame(
        {
            f"{table}tableid": ids.astype(str),
            "NativeId": school_numbers(rows["school_urn"]),
            "upn": rows["upn"],
            "formerupn": None,
            "surname": rows["surname"],
            "forename": rows["forename"],
            "middlenames": rows["middle_names"],
            "preferredsurname": rows["preferred_surname"],
            "formersurname": rows["former_surname"],
            "gender": rows["sex"],
            "dob": column(rows["date_of_birth"], CENSUS_DATE),
            "entrydate": column(rows["entry_date"], CENSUS_DATE),
            "leavingdate": column(rows["leaving_date"], CENSUS_DATE),
            "enrolstatus": rows["enrolment_status"],
            "ncyearactual": np.where(group == 0, "R", group.astype(str)),
            "parttime": "false",
            "boarder": "N",
            "termlysessionspossible": rows["sessions_possible"],
            "termlysessionsauthorised": rows["sessions_authorised"],
            "termlysessionsunauthorised": rows["sessions_unauthorised"],
        }
    )
    if table == "pupilonroll":
        frame = frame.drop(columns="leavingdate")
    return CouncilFile(path, frame, "attendance", rows[list(TRUTH)])


def _addresses(rows: pd.DataFrame, label: str, ids: Ints) -> CouncilFile:
    lines = spaced(rows["address"], 5)
    frame = pd.DataFrame({"pupilonrolltableid": ids.astype(str), "postcode": rows["postcode"]})
    frame = frame.assign(saon=None, paon=None, street=None, locality=None, town=None)
    frame = frame.assign(**{f"addressline{n + 1}": line for n, line in enumerate(lines)})
    return CouncilFile(f"census/addressesonroll-{label}.csv", frame[rows["address"].notna().to_numpy()])


def _reasons(rng: Rng, rows: pd.DataFrame, label: str, ids: Ints) -> CouncilFile:
    """One row for each pupil and reason; schools that send no reasons have none."""
    parts = [
        pd.DataFrame({"pupil": ids, "attendancereason": letter.upper(), "sessions": rows[f"reason_{letter}"]})
        for letter in "gnou"
    ]
    excused = pd.to_numeric(rows["sessions_authorised"], errors="coerce").fillna(0).to_numpy(dtype=np.int64)
    pupil = np.repeat(ids, np.where(rows["reason_g"].notna(), excused, 0))
    reason = np.array(list(EXCUSED), dtype=object)[weighted(rng, list(EXCUSED.values()), len(pupil))]
    counted = pd.DataFrame({"pupil": pupil, "attendancereason": reason}).value_counts(sort=False).reset_index()
    frame = pd.concat([*parts, counted.rename(columns={"count": "sessions"})], ignore_index=True)
    frame = frame[frame["sessions"].notna() & (frame["sessions"].astype(str) != "0")]
    frame = frame.sort_values(["pupil", "attendancereason"], kind="stable")
    table = {"pupilonrolltableid": frame["pupil"].astype(str), "absencesessions": frame["sessions"].astype(str)}
    return CouncilFile(
        f"census/termlysessiondetailsonroll-{label}.csv",
        pd.DataFrame({**table, "attendancereason": frame["attendancereason"]}),
    )


def _on_roll(exclusions: pd.DataFrame, pupils: pd.DataFrame, within: Bools) -> Ints:
    """The place in `pupils` of each exclusion's pupil at the school that excluded, -1 where there is none."""
    key = pupils["true_person"].astype(str) + "/" + pupils["school_urn"].astype(str)
    places = pd.Series(np.arange(len(pupils)), index=key.to_numpy())
    places = places[~places.index.duplicated()]
    wanted = exclusions["true_person"].astype(str) + "/" + exclusions["school_urn"].astype(str)
    return np.where(within, wanted.map(places).fillna(-1).astype(np.int64), -1)


def _exclusions(rows: pd.DataFrame, pupil: Ints, label: str) -> CouncilFile:
    frame = pd.DataFrame(
        {
            "termlyexclusionsonrolltableid": np.arange(1, len(rows) + 1).astype(str),
            "pupilonrolltableid": pupil.astype(str),
            "startdate": column(rows["start_date"], CENSUS_DATE),
            "sessions": rows["sessions"].to_numpy(),
            "category": rows["category"].to_numpy(),
            "reason": rows["reason"].to_numpy(),
            "incare": "false",
        }
    )
    return CouncilFile(
        f"census/termlyexclusionsonroll-{label}.csv", frame, "exclusions", rows[list(TRUTH)].reset_index(drop=True)
    )


def _notices(rows: pd.DataFrame) -> CouncilFile:
    frame = rows.drop(columns=list(TRUTH)).assign(school_urn=school_numbers(rows["school_urn"])).reset_index(drop=True)
    return CouncilFile("exclusions.csv", frame, "exclusions", rows[list(TRUTH)].reset_index(drop=True))
