"""A whole invented borough with its truth: people, homes, lives, and every extract with each source's own mistakes.

`python -m benchmarks.borough --residents 100000 --seed 1 --as-of 2013-09-30 OUT` writes one.
"""

import argparse
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.town import education_sources, other_sources, truth
from benchmarks.town.answers import answer
from benchmarks.town.council import write_council
from benchmarks.town.draws import Bools, stream
from benchmarks.town.trouble import choose_caseload
from benchmarks.town.true import Town, make_town
from benchmarks.town.verdicts import (
    MET,
    NOT_MET,
    Verdicts,
    crime_met,
    education,
    eligible,
    local_met,
    suits,
    work_told,
    work_true,
)
from benchmarks.town.writing import write_canonical, write_truth


@dataclass(frozen=True)
class Borough:
    """An invented borough.

    Attributes:
        extracts: canonical name to frame: the columns of docs/extracts.md as text, and beside them `file`, `note` and
            whom each row is truly about (`scribe.TRUTH`).
        truth: `people, households, members, spells, verdicts, eligible` (`records` is made as files are written).
        answers: how DWP would answer about each person.
    """

    town: Town
    noise: float
    extracts: dict[str, pd.DataFrame]
    truth: dict[str, pd.DataFrame]
    answers: pd.DataFrame


def make_borough(
    residents: int, *, seed: int, as_of: date, noise: float = 1.0, terms: int = 6, lift: float = 0.0
) -> Borough:
    """A borough of about `residents` people as of a day; `noise` multiplies every rate of error.

    The same arguments give the same borough. A million residents take about a minute and under 4 GB. `terms` and
    `lift` as `make_town` takes them.
    """
    town = make_town(residents, seed=seed, as_of=as_of, terms=terms, lift=lift)
    extracts = {
        **education_sources.school_extracts(town, noise),
        "education_status": education_sources.status_extract(town, noise),
        "youth_offending": other_sources.youth_offending_extract(town, noise),
        "asb": other_sources.asb_extract(town, noise),
        "local_indicators": other_sources.local_indicators_extract(town, noise),
        "contacts": education_sources.contacts_extract(town, noise),
        "schools": education_sources.schools_extract(town),
    }
    seen, verdicts, answers = _judge(town, extracts)
    caseload = _caseload(town, verdicts)
    extracts["referrals"] = other_sources.referrals_extract(town, noise, caseload)
    extracts["caseload"] = other_sources.caseload_extract(town, noise, caseload)
    seen, verdicts, answers = _judge(town, extracts)
    extracts["dwp_benefits"] = other_sources.dwp_extract(town, noise, _asked_people(town, verdicts, seen))
    return Borough(town, noise, extracts, _truth(town, _seen(town, extracts), verdicts), answers)


def _seen(town: Town, extracts: dict[str, pd.DataFrame]) -> Bools:
    """Who is named in any of these extracts."""
    found = np.zeros(len(town.people) + 1, dtype=bool)
    for frame in extracts.values():
        for column in ("true_person", "true_child"):
            found[frame[column].to_numpy(dtype=np.int64)] = True
    return found[:-1]


def _placed(town: Town, extracts: dict[str, pd.DataFrame]) -> Bools:
    """Whom any of these extracts puts at an address, or ties to somebody at one: the others have no household."""
    named = {name: frame for name, frame in extracts.items() if "address" in frame}
    housed = {name: frame[frame["address"].notna() | frame["uprn"].notna()] for name, frame in named.items()}
    return _seen(town, housed)


def _judge(town: Town, extracts: dict[str, pd.DataFrame]) -> tuple[Bools, Verdicts, pd.DataFrame]:
    """Who has a place in the extracts, the true verdicts, and DWP's answers about everybody."""
    seen, answers = _placed(town, extracts), other_sources.dwp_truth(town)
    crime = np.where(crime_met(town), MET, NOT_MET)
    told, true = education(town, seen)
    suitable = suits(town, seen)
    asked = suitable & ((crime == MET) | (told == MET))
    local, local_true = (
        np.where(local_met(town, _addressed(town), known), MET, NOT_MET) for known in (seen, np.ones_like(seen))
    )
    verdicts = Verdicts(
        told={"crime_asb": crime, "education": told, "work": work_told(town, answers, seen, asked), "local": local},
        true={"crime_asb": crime, "education": true, "work": work_true(town), "local": local_true},
        suits_told=suitable,
        suits_true=suits(town, np.ones(len(town.people), dtype=bool)),
    )
    return seen, verdicts, answers


def _addressed(town: Town) -> np.ndarray:
    """The household that each indicator on an address means, -1 for indicators on people."""
    dwelling = town.trouble.indicators["dwelling"].to_numpy()
    return np.where(dwelling >= 0, other_sources.household_at(town, np.maximum(dwelling, 0)), -1)


def _caseload(town: Town, verdicts: Verdicts) -> pd.DataFrame:
    now, _ = eligible(verdicts.told, verdicts.suits_told)
    return choose_caseload(stream(town.seed, "caseload"), np.flatnonzero(now & town.homes.resident), town.day)


def _asked_people(town: Town, verdicts: Verdicts, seen: Bools) -> np.ndarray:
    met = (verdicts.told["crime_asb"] == MET) | (verdicts.told["education"] == MET)
    return other_sources.adults_to_ask(town, seen, met & verdicts.suits_told)


def _truth(town: Town, seen: Bools, verdicts: Verdicts) -> dict[str, pd.DataFrame]:
    return {
        "people": truth.people_table(town, seen),
        "households": truth.households_table(town),
        "members": truth.members_table(town),
        "spells": truth.spells_table(town),
        "verdicts": truth.verdicts_table(verdicts),
        "eligible": truth.eligible_table(town, verdicts),
    }


def answer_request(borough: Borough, request: pd.DataFrame) -> pd.DataFrame:
    """DWP's answer to a wash's `dwp_request`, by its `request_ref`: a canonical `dwp_benefits` table of text."""
    return answer(request, borough.extracts, borough.answers, borough.town.as_of.isoformat())


def write_borough(borough: Borough, folder: Path, layout: str = "canonical", form: str = "csv") -> None:
    """Write the extracts to `folder` and the truth, as Parquet, to `folder/truth`.

    `layout`: `canonical` (the columns of docs/extracts.md, no settings needed) or `council` (real layouts, with
    wash.toml).
    `form`: `csv` or `parquet`, for the canonical layout.
    """
    if layout not in ("canonical", "council") or form not in ("csv", "parquet"):
        raise ValueError("layout is canonical or council, form is csv or parquet")
    if layout == "council":
        records = write_council(borough.town, borough.extracts, folder)
    else:
        records = write_canonical(borough.extracts, folder, form)
    write_truth({**borough.truth, "records": records}, folder / "truth")


def main() -> None:
    """Make a borough and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--residents", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as-of", type=date.fromisoformat, default=date(2013, 9, 30))
    parser.add_argument("--noise", type=float, default=1.0)
    parser.add_argument("--layout", choices=("canonical", "council"), default="canonical")
    parser.add_argument("--form", choices=("csv", "parquet"), default="csv")
    given = parser.parse_args()
    borough = make_borough(given.residents, seed=given.seed, as_of=given.as_of, noise=given.noise)
    write_borough(borough, given.out, given.layout, given.form)
    rows = sum(len(frame) for frame in borough.extracts.values())
    families = int(borough.truth["eligible"]["eligible"].sum())
    extracts = len(borough.extracts)
    print(f"{len(borough.town.people)} people, {rows} rows in {extracts} extracts, {families} eligible families")


if __name__ == "__main__":
    main()
