"""A borough's months on the programme: what was sent, the wash, the list, the council's next cases, and the claims."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks.borough import make_borough
from benchmarks.claims.council import Council
from benchmarks.claims.door import datawash
from benchmarks.claims.eligible import eligible_on
from benchmarks.claims.lives import Lives
from benchmarks.claims.sources import dwp_answers, sent_by
from benchmarks.linkage.stability import known_people
from benchmarks.town.terms import day_of
from benchmarks.town.writing import write_canonical
from benchmarks.washing import Washed


TERMS = 8


class Plan(NamedTuple):
    """How large a borough, on which days it is washed, how many families join and wrong claims are planted each time.

    `lift`: how much needier its families are than elsewhere. `allocation`: the number of families agreed for all years.
    """

    residents: int
    days: tuple[date, ...]
    places: int
    plants: int
    allocation: int
    seed: int = 1
    lift: float = 1.2
    noise: float = 1.0


@dataclass
class Month:
    """A wash and what the council learnt from it.

    ids: of each true person that the run knows their `person_id, household_id, family_id`. listed: true households on
    the master list, in its order. request: whom to ask DWP about. states, blocks, cases: the run's own tables.
    """

    as_of: date
    ids: pd.DataFrame
    listed: list[int]
    seconds: float
    request: pd.DataFrame
    states: pd.DataFrame
    blocks: pd.DataFrame
    cases: pd.DataFrame
    claimed: list[str] = field(default_factory=list)


Claim = Callable[[Month, Path], list[str]]
"""Submits what a wash found ready, in outputs: the references that were claimed for."""


def run_months(plan: Plan, place: Path, claim: Claim) -> Iterator[tuple[Month, Lives, Council]]:
    """Wash every day of the plan; after each, claim, and let the council take its next families."""
    lives, council = prepare(plan)
    request = pd.DataFrame()
    for as_of in plan.days:
        month = run_month(plan, lives, council, as_of, request=request, place=place)
        yield month, lives, council
        month.claimed = claim(month, place / "outputs")
        council.has_claimed(month.claimed, as_of)
        council.meet(as_of, month.listed, places=plan.places, plants=plan.plants)
        request = month.request


def month_ends(first: str, count: int) -> tuple[date, ...]:
    """The last days of so many months."""
    return tuple(day.date() for day in pd.date_range(first, periods=count, freq="ME"))


def prepare(plan: Plan) -> tuple[Lives, Council]:
    """A borough before its programme, and its council, who knows nobody yet."""
    borough = make_borough(
        plan.residents, seed=plan.seed, as_of=plan.days[-1], noise=plan.noise, terms=TERMS, lift=plan.lift
    )
    lives = Lives(borough)
    told = {day_of(day): eligible_on(lives, sent_by(lives, {}, day), day) for day in plan.days}
    return lives, Council(
        lives, {day: found[0] for day, found in told.items()}, {day: found[1] for day, found in told.items()}
    )


def run_month(plan: Plan, lives: Lives, council: Council, as_of: date, *, request: pd.DataFrame, place: Path) -> Month:
    """Write what every source sends, wash it, and line the run's people up with the true ones."""
    written = council.extracts(as_of)
    if len(request):
        written["dwp_benefits"] = dwp_answers(lives, request, as_of)
    folder = place / as_of.isoformat()
    records = write_canonical(sent_by(lives, written, as_of), folder, "csv")
    (folder / "wash.toml").write_text(settings(plan), encoding="utf-8")
    washed = wash(folder, as_of, place / "outputs")
    ids = known_people(washed, records)
    tables = [optional(washed, name) for name in ("dwp_request", "claims", "claim_blocks", "cases")]
    return Month(as_of, ids, listed_homes(lives, washed, ids, as_of), washed.seconds, *tables)


def wash(folder: Path, as_of: date, outputs: Path) -> Washed:
    """Wash a folder with the command."""
    start = time.perf_counter()
    said = datawash("wash", str(folder), "--as-of", as_of.isoformat(), "--outputs", str(outputs), "--plain", "--json")
    return Washed(Path(said["path"]), time.perf_counter() - start, 0.0, {})


def settings(plan: Plan) -> str:
    """The council's settings: its allocation."""
    return (
        f'[authority]\nname = "Brackwell (invented)"\n\n[criteria.allocation]\nindicative_number = {plan.allocation}\n'
    )


def optional(washed: Washed, name: str) -> pd.DataFrame:
    """A table of the run; empty where it has none."""
    path = washed.run / "tables" / f"{name}.parquet"
    return pd.read_parquet(path) if path.exists() else pd.DataFrame()


def listed_homes(lives: Lives, washed: Washed, ids: pd.DataFrame, as_of: date) -> list[int]:
    """The true household behind each family of the list, in the list's order; who is behind none is left out."""
    rows = np.array([int(name[1:]) - 1 for name in ids.index], dtype=np.int64)
    _, home = lives.town.homes.at(rows, np.full(len(rows), day_of(as_of)))
    counted = pd.DataFrame({"household_id": ids["household_id"].to_numpy(), "home": home}).value_counts().reset_index()
    counted = counted.sort_values(["household_id", "count", "home"], ascending=[True, False, True])
    behind = counted.drop_duplicates("household_id").set_index("household_id")["home"]
    master = washed.table("master_list").sort_values("rank")["household_id"].astype(str)
    return [int(home) for home in dict.fromkeys(master.map(behind).dropna())]
