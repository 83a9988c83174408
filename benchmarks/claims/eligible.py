"""Which true households are eligible on a day by what the sources could tell: the plain code of the town's verdicts."""

from datetime import date

import numpy as np
import pandas as pd

from benchmarks.claims.lives import Lives
from benchmarks.town import other_sources
from benchmarks.town.draws import Bools
from benchmarks.town.terms import day_of
from benchmarks.town.true import Town
from benchmarks.town.verdicts import MET, NOT_MET, crime_met, education, eligible, local_met, suits, work_told


SETTLED = ["on_benefit", "not_on_benefit"]


def eligible_on(lives: Lives, sent: dict[str, pd.DataFrame], day: date) -> tuple[Bools, Bools]:
    """Of each household: whether it is eligible, and whether it is, or still could be if what is unknown were known."""
    town = lives.town_on(day)
    seen = _seen(town, sent)
    told, _ = education(town, seen)
    everyone = np.ones(town.households, dtype=bool)
    verdicts = {
        "crime_asb": np.where(crime_met(town), MET, NOT_MET),
        "education": told,
        "work": work_told(town, _answers(lives, town), seen, everyone),
        "local": np.where(local_met(town, _addressed(town), seen), MET, NOT_MET),
    }
    now, later = eligible(verdicts, suits(town, seen))
    return now, now | later


def untraced(lives: Lives) -> Bools:
    """Whom DWP cannot settle: it did not trace them, could not confirm the address, or sent the row back."""
    return np.asarray(~other_sources.dwp_truth(lives.town)["status"].isin(SETTLED))


def _seen(town: Town, sent: dict[str, pd.DataFrame]) -> Bools:
    """Whom an extract puts at an address, or ties to somebody at one."""
    found = np.zeros(len(town.people) + 1, dtype=bool)
    for frame in sent.values():
        if "address" in frame and "true_person" in frame:
            rows = frame[frame["address"].notna() | frame["uprn"].notna()]
            for column in ("true_person", "true_child"):
                found[rows[column].to_numpy(dtype=np.int64)] = True
    return found[:-1]


def _answers(lives: Lives, town: Town) -> pd.DataFrame:
    """How DWP would answer about everybody on the day."""
    fixed = other_sources.dwp_truth(lives.town)
    on = np.isin(np.arange(len(fixed)), lives.benefits_on(day_of(town.as_of))["person"].to_numpy())
    settled = fixed["status"].isin(SETTLED).to_numpy()
    status = np.where(settled, np.where(on, "on_benefit", "not_on_benefit"), fixed["status"])
    return fixed.assign(status=status, end_date=None)


def _addressed(town: Town) -> np.ndarray:
    """The household that each indicator on an address means, -1 for indicators on people."""
    dwelling = town.trouble.indicators["dwelling"].to_numpy()
    return np.where(dwelling >= 0, other_sources.household_at(town, np.maximum(dwelling, 0)), -1)
