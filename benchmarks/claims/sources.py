"""What every source would have sent by a day: its rows of that day, as the programme's changes have left them."""

from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.borough import Borough
from benchmarks.claims.lives import Job, Lives, missed
from benchmarks.linkage.stability import as_it_stood
from benchmarks.town import other_sources
from benchmarks.town.answers import answer
from benchmarks.town.draws import Ints, Rng, Texts, only, stream
from benchmarks.town.scribe import Scribe, finish
from benchmarks.town.terms import day_of
from benchmarks.town.written import iso


OWN = ("caseload", "dwp_benefits")
"""Extracts of the borough that the programme writes itself."""
REASONS = {f"reason_{code}": code for code in "gnou"}


def sent_by(lives: Lives, written: dict[str, pd.DataFrame], as_of: date) -> dict[str, pd.DataFrame]:
    """The extracts of a day, without rows that break a rule; `written`: those that the council itself kept.

    A row of `written` with a column `known_from` (a day) is not sent before.
    """
    borough, on = lives.borough, day_of(as_of)
    base = {name: sound(frame) for name, frame in borough.extracts.items() if name not in OWN}
    sent = {
        **base,
        "attendance": _attendance(lives, base["attendance"], on),
        "exclusions": _until(lives, base["exclusions"], "start_date", on),
        "education_status": _open_ends(base["education_status"], on),
        "local_indicators": _open_ends(base["local_indicators"], on),
        "youth_offending": _offences(lives, base["youth_offending"], on),
        "asb": _asb(lives, base["asb"], on),
        "contacts": _contacts(borough, as_of),
        "referrals": dated(base["referrals"], "referred_on", on),
        "employment": employment_extract(lives, as_of),
    }
    for name, frame in written.items():
        known = frame[frame["known_from"].to_numpy(dtype=np.int64) <= on] if "known_from" in frame else frame
        sent[name] = known.drop(columns="known_from", errors="ignore").reset_index(drop=True)
    return {name: frame.reset_index(drop=True) for name, frame in sent.items() if len(frame)}


def sound(frame: pd.DataFrame) -> pd.DataFrame:
    """Without the rows that break a rule."""
    return frame[frame["note"] != "broken"].reset_index(drop=True)


def days(values: Any) -> Ints:
    """Days since 1970 of ISO text; -1 where there is none."""
    dates = pd.to_datetime(pd.Series(values), format="%Y-%m-%d")
    return np.asarray((dates - pd.Timestamp(0)).dt.days.fillna(-1).astype(np.int64))


def dated(frame: pd.DataFrame, column: str, on: int) -> pd.DataFrame:
    """Rows dated by then."""
    return frame[days(frame[column]) <= on].reset_index(drop=True)


def _until(lives: Lives, frame: pd.DataFrame, column: str, on: int) -> pd.DataFrame:
    """Rows dated by then, of people who had not been calmed."""
    kept = dated(frame, column, on)
    gone = lives.is_prevented(kept["true_person"].to_numpy(dtype=np.int64), days(kept[column]))
    return kept[~gone].reset_index(drop=True)


def _open_ends(frame: pd.DataFrame, on: int) -> pd.DataFrame:
    """Spells begun by then; an end still to come was not known."""
    kept = dated(frame, "start_date", on)
    return kept.assign(end_date=only(days(kept["end_date"]) <= on, kept["end_date"]))


def _offences(lives: Lives, frame: pd.DataFrame, on: int) -> pd.DataFrame:
    begun = offence_rows(lives)
    kept = pd.concat([_until(lives, frame, "offence_date", on), dated(begun, "offence_date", on)], ignore_index=True)
    pending = days(kept["outcome_date"]) > on
    words = {name: only(~pending, kept[name]) for name in ("outcome", "outcome_date")}
    return kept.assign(**words, proven=np.where(pending, "N", kept["proven"]))


def offence_rows(lives: Lives) -> pd.DataFrame:
    """The YOT's rows of offences begun since the programme: each written on its own, so that it never changes."""
    parts = []
    for number, row in enumerate(lives.offences):
        person = np.array([row["person"]], dtype=np.int64)
        day = np.array([row["day"]], dtype=np.int64)
        told = {
            "yot_ref": [f"Y{200_000 + int(person[0])}"],
            "offence_date": iso(day),
            "offence": [row["offence"]],
            "outcome": [row["outcome"]],
            "outcome_date": iso(np.array([row["outcome_day"]], dtype=np.int64)),
            "proven": ["Y" if row["proven"] else "N"],
        }
        about = hand_of(lives, "yot", number).describe(person, day)
        parts.append(finish(pd.DataFrame(told), about, person, file="youth_offending"))
    return _together(parts, lives.borough.extracts["youth_offending"])


def asb_rows(lives: Lives) -> pd.DataFrame:
    """The police's rows of ASB begun since the programme."""
    parts = []
    for number, row in enumerate(lives.asb):
        person, day = (np.array([row[name]], dtype=np.int64) for name in ("person", "day"))
        told = {
            "case_ref": [f"P{row['case']:07d}"],
            "role": [row["role"]],
            "kind": [row["kind"]],
            "event_date": iso(day),
            "agency": ["Police"],
        }
        about = hand_of(lives, "housing", 10_000 + number).describe(person, day)
        parts.append(finish(pd.DataFrame(told), about, person, file="asb-police"))
    return _together(parts, lives.borough.extracts["asb"])


def hand_of(lives: Lives, source: str, number: int) -> Scribe:
    """A hand for the rows of one number: the same slips whenever they are made again, whatever else is written."""
    return _Hand(lives.town, source, lives.borough.noise, number)


class _Hand(Scribe):
    """A source's hand with draws of its own."""

    def __init__(self, town: Any, source: str, noise: float, number: int) -> None:
        super().__init__(town, source, noise)
        object.__setattr__(self, "number", number)

    def stream(self, part: str) -> Rng:
        """Draws of this number."""
        return stream(self.town.seed, f"{self.source}/{part}/{self.number}")  # type: ignore[attr-defined]

    def late(self) -> Ints:
        """Nobody is late: it was written on the spot."""
        return np.zeros(self.town.households, dtype=np.int64)


def _together(parts: list[pd.DataFrame], like: pd.DataFrame) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else like.iloc[:0]


def _asb(lives: Lives, frame: pd.DataFrame, on: int) -> pd.DataFrame:
    rows = lives.town.trouble.asb[lives.cases_prevented()]
    gone = {f"{agency[0].upper()}{case:07d}" for agency, case in zip(rows["agency"], rows["case"], strict=True)}
    kept = dated(frame[~frame["case_ref"].isin(gone)], "event_date", on)
    return pd.concat([kept, dated(asb_rows(lives), "event_date", on)], ignore_index=True)


def _attendance(lives: Lives, frame: pd.DataFrame, on: int) -> pd.DataFrame:
    """The terms that had ended, with the shares that the programme changed."""
    number = {(term.academic_year, term.name): place for place, term in enumerate(lives.terms) if term.end <= on}
    names = zip(frame["academic_year"], frame["term"], strict=True)
    position = np.array([number.get(name, -1) for name in names], dtype=np.int64)
    kept = frame[position >= 0].reset_index(drop=True)
    counts = ("possible", "authorised", "unauthorised")
    plain = {name: kept[f"sessions_{name}"].astype(int) for name in counts}
    plain |= {code: kept[column].fillna("0").astype(int) for column, code in REASONS.items()}
    rows = pd.DataFrame(plain).assign(person=kept["true_person"], term=position[position >= 0])
    after = missed(rows, lives.absence, "person", "term")
    has_reasons = kept["reason_o"].notna()
    told: dict[str, Texts] = {f"sessions_{name}": _text(after[name]) for name in counts}
    told |= {column: only(has_reasons, _text(after[code])) for column, code in REASONS.items()}
    return kept.assign(**told)


def _text(values: pd.Series) -> Texts:
    return values.astype(int).astype(str).to_numpy(dtype=object)


def _contacts(borough: Borough, as_of: date) -> pd.DataFrame:
    """The register of the day: of children born by then."""
    frame = sound(as_it_stood(borough, "contacts", as_of))
    birth = borough.town.people["birth"].to_numpy()[frame["true_child"].to_numpy(dtype=np.int64)]
    return frame[birth <= day_of(as_of)]


def employment_extract(lives: Lives, as_of: date) -> pd.DataFrame:
    """Jobs and places on programmes that the council had heard of: three weeks after they began."""
    on = day_of(as_of)
    parts = [_job_row(lives, number, job, on) for number, job in enumerate(lives.jobs) if job.start + 21 <= on]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _job_row(lives: Lives, number: int, job: Job, on: int) -> pd.DataFrame:
    ended = 0 <= job.end <= on
    told = {
        "started_on": iso(np.array([job.start])),
        "ended_on": iso(np.array([job.end])) if ended else [None],
        "hours_a_week": ["30" if job.pays else None],
        "evidence": ["payslips" if job.pays else "provider's letter"],
        "prior_benefit": [job.prior or None],
        "progress_to_work": [job.progress],
    }
    person = np.array([job.person])
    about = hand_of(lives, "caseworkers", 20_000 + number).describe(person, np.array([job.start + 21]))
    return finish(pd.DataFrame(told), about, person, file="employment")


def dwp_answers(lives: Lives, request: pd.DataFrame, as_of: date) -> pd.DataFrame:
    """DWP's answer, on a day, to a wash's own request: `dwp_benefits`, without the columns of the truth."""
    fixed = other_sources.dwp_truth(lives.town)
    told = fixed["status"].isin(["on_benefit", "not_on_benefit"])
    now = lives.benefits_on(day_of(as_of)).drop_duplicates("person").set_index("person")
    person = pd.Series(np.arange(len(fixed)))
    on = person.isin(now.index) & told
    status = fixed["status"].where(~told, np.where(on, "on_benefit", "not_on_benefit"))
    start = pd.Series(iso(person.map(now["start"]).fillna(0).astype(np.int64).to_numpy()))
    truth = fixed.assign(
        status=status, benefit=only(on, person.map(now["benefit"])), start_date=only(on, start), end_date=None
    )
    known = {name: frame for name, frame in lives.borough.extracts.items() if name not in OWN}
    found = answer(request, known, truth, as_of.isoformat())
    return found.assign(true_person=-1, true_child=-1, true_household=-1, note="", file="dwp_benefits")
