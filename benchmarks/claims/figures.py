"""The figures of the months: kept beside this file, and what they have to show."""

import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.claims.judged import Judged, judge_month, summarise
from benchmarks.claims.lives import Lives
from benchmarks.claims.months import Claim, Month, Plan, run_months
from benchmarks.linkage import stability
from benchmarks.linkage.machine import describe_machine
from benchmarks.town.terms import day_of


FIGURES = Path(__file__).with_name("figures.json")
Figures = dict[str, Any]


def measure(plan: Plan, place: Path, claim: Claim, tell: Callable[[str], None] = lambda _: None) -> Figures:
    """Wash, claim and judge every day of the plan in a folder; what it showed."""
    start, judged, months = time.perf_counter(), list[Judged](), list[Month]()
    for month, lives, council in run_months(plan, place, claim):
        rows = judge_month(month, lives, council)
        judged += rows
        months.append(month)
        tell(_line(month, rows))
    took = time.perf_counter() - start
    found = summarise(judged, plan.allocation * 5 // 6)
    tell("\n".join(f"  wrong: {one.case.ref}, {one.case.kind}, route {one.route}: {one.wrong}" for one in found.wrong))
    return {
        "residents": plan.residents,
        "seed": plan.seed,
        "washes": len(plan.days),
        "first": plan.days[0].isoformat(),
        "last": plan.days[-1].isoformat(),
        "allocation": plan.allocation,
        "cases": len({one.case.ref for one in judged}),
        "ready": found.ready,
        "right": found.right,
        "claimed": found.claimed,
        "by_route": by_route(judged),
        "planted": {kind: list(counts) for kind, counts in found.planted.items()},
        "missed": dict(sorted(found.missed.items())),
        "ids": changed_ids(lives, months),
        "seconds": round(took, 1),
        "wash_seconds": round(sum(month.seconds for month in months), 1),
    }


def by_route(judged: list[Judged]) -> dict[str, int]:
    """Cases called ready by the route that was taken last."""
    last = {one.case.ref: str(one.route) for one in judged if one.is_ready}
    return {route: list(last.values()).count(route) for route in sorted(set(last.values()))}


def changed_ids(lives: Lives, months: list[Month]) -> dict[str, int]:
    """Of households to which nothing happened in all the months: family ids held, and those that changed."""
    held = [stability.Month(day_of(month.as_of), month.ids) for month in months]
    shares = stability.hold_against(lives.borough, held)
    counted, year = (shares[name] for name in ("families_counted", "families_year_counted"))
    stayed, to_last = (round(shares[name] * of) for name, of in (("families", counted), ("families_year", year)))
    return {"held": int(counted), "changed": int(counted) - stayed, "first_to_last": int(year),
            "changed_first_to_last": int(year) - to_last}  # fmt: skip


def _line(month: Month, rows: list[Judged]) -> str:
    statuses = [row.status for row in rows]
    counts = ", ".join(f"{statuses.count(word)} {word}" for word in sorted(set(statuses)))
    return (
        f"{month.as_of}: {len(month.listed)} listed, {len(rows)} cases ({counts or 'none yet'}), {month.seconds:.1f} s"
    )


def is_held(figures: Figures) -> bool:
    """Every claim called ready right, nothing planted got through, no id of an unchanged family changed."""
    through = sum(through for _, _, through in figures["planted"].values())
    ids = figures["ids"]
    changed = ids["changed"] + ids["changed_first_to_last"]
    return bool(figures["ready"] == figures["right"] > 0 and not through and not changed)


def summary(figures: Figures) -> str:
    """The line of figures."""
    tried = sum(tried for _, tried, _ in figures["planted"].values())
    through = sum(through for _, _, through in figures["planted"].values())
    ids, missed = figures["ids"], sum(figures["missed"].values())
    return (
        f"claims: {figures['washes']} washes, {figures['cases']} cases; {figures['ready']} called ready, "
        f"{figures['right']} right; planted wrong claims put to the test {tried}, got through {through}; "
        f"claimable but not called ready {missed}; ids of unchanged families {ids['held']} held, "
        f"{ids['changed'] + ids['changed_first_to_last']} changed; {figures['seconds']:.0f} s: "
        f"{'held' if is_held(figures) else 'NOT HELD'}"
    )


def keep(figures: Figures, on: date, path: Path = FIGURES) -> None:
    """Write the figures with the day and the machine of their measuring."""
    told = figures | {"on": on.isoformat(), "machine": describe_machine()}
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def read(path: Path = FIGURES) -> Figures:
    """The kept figures."""
    return dict(json.loads(path.read_text(encoding="utf-8")))
