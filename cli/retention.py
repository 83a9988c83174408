"""`datawash purge` and `datawash hold`: what would go, what went, what must stay; in words and as facts."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from cli.say import Report, many, table
from pipeline.published import settings_of
from pipeline.record.manifest import read_manifest
from pipeline.record.run import open_run, published_runs
from pipeline.retention.holding import lift_hold, place_hold
from pipeline.retention.policy import Kind, Retention
from pipeline.retention.purge import Asked, Plan, carry_out, plan_purge
from pipeline.retention.register import holds, read_retention


def purge(outputs: Path, settings: Path | None, kinds: Iterable[str], runs: Iterable[str], plan: str | None) -> Report:
    """Say what would go; with the name of a plan, remove what that plan listed."""
    policy = _policy(outputs, settings)
    named = tuple(open_run(outputs, run).name for run in runs)
    asked = Asked(date.today(), policy, tuple(Kind(kind) for kind in kinds), named)
    done = plan_purge(outputs, asked) if plan is None else carry_out(outputs, asked, plan)
    went = plan is not None
    return Report(_facts(done, policy, went), _lines(done, policy, went))


def hold(outputs: Path, what: str, reason: str) -> Report:
    """Put a run or a family on hold."""
    entry = place_hold(outputs, what, reason)
    return Report({"on": entry["on"], "held": True}, [f"{entry['on']} is on hold: nothing of it is purged."])


def lift(outputs: Path, what: str, reason: str) -> Report:
    """Lift the hold on a run or a family."""
    entry = lift_hold(outputs, what, reason)
    return Report({"on": entry["on"], "held": False}, [f"The hold on {entry['on']} is lifted."])


def list_holds(outputs: Path) -> Report:
    """The holds that stand."""
    standing = holds(read_retention(outputs))
    rows = [(on, entry["at"][:10], entry["who"], entry["reason"]) for on, entry in standing.items()]
    said = table([("on hold", "since", "by", "reason"), *rows]) if rows else ["Nothing is on hold."]
    return Report({"holds": list(standing.values())}, said)


def _policy(outputs: Path, settings: Path | None) -> Retention:
    """The periods of the settings that are given, else those that the latest run was washed with."""
    runs = published_runs(outputs)
    if settings is None and not runs:
        return Retention()
    return settings_of(runs[-1], read_manifest(runs[-1]), settings).retention if runs else _given(settings)


def _given(settings: Path | None) -> Retention:
    from pipeline.config import load_settings

    return load_settings(settings).retention


def _facts(plan: Plan, policy: Retention, went: bool) -> dict[str, Any]:
    things = [{"kind": str(one.thing.kind), "path": one.thing.path, "day": one.thing.day.isoformat(),
               "files": len(one.thing.files), "bytes": one.bytes, "sha256": one.sha256} for one in plan.goes]
    periods = {str(kind): policy.of(kind).model_dump() for kind in Kind}
    return {"plan": plan.digest, "removed": went, "things": things, "held": [thing.path for thing in plan.held],
            "left_behind": plan.left, "claimed": list(plan.claimed), "periods": periods}


def _lines(plan: Plan, policy: Retention, went: bool) -> list[str]:
    rows = [_row(kind, plan, policy) for kind in Kind if kind is not Kind.TEMP]
    listed = [f"  {one.thing.path}, of {one.thing.day.isoformat()}" for one in plan.goes[:MOST_SHOWN]]
    unsaid = len(plan.goes) - MOST_SHOWN
    more = [f"  and {unsaid:,} more: --json names them all."] if unsaid > 0 else []
    held = [f"{many(len(plan.held), 'thing')} would have gone but for a hold."] if plan.held else []
    held += [f"Claims were made from {run}: what is behind them goes with it." for run in plan.claimed]
    left = [f"{many(plan.left, 'thing')} that interrupted commands left {'went' if went else 'would go'}, too."]
    head = ("class", "kept for", "go" if not went else "went", "files", "bytes")
    return [*table([head, *rows]), *listed, *more, *held, *(left if plan.left else []), "", *_ending(plan, went)]


MOST_SHOWN = 20


def _row(kind: Kind, plan: Plan, policy: Retention) -> tuple[str, ...]:
    own = [one for one in plan.goes if one.thing.kind is kind]
    months = policy.of(kind).months
    period = "until settings say" if months is None else many(months, "month")
    files, size = sum(len(one.thing.files) for one in own), sum(one.bytes for one in own)
    return (str(kind), period, f"{len(own):,}", f"{files:,}", f"{size:,}")


def _ending(plan: Plan, went: bool) -> list[str]:
    if went:
        return [f"Removed as plan {plan.digest[:12]} listed; each is written down in retention.jsonl."]
    if not plan.goes and not plan.left:
        return ["Nothing is older than it is kept."]
    return [f"Nothing was removed. To remove this and nothing else give the same options and --plan {plan.digest[:12]}"]
