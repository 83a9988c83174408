"""What changed about a family between the run before and this one; compares two published runs, and decides nothing.

A family is the same where its id is; who came from where is what the wash made out (`identity_changes`).
"""

from pathlib import Path
from typing import Any

from pipeline.record.manifest import MANIFEST, read_manifest
from pipeline.record.rows import has_table, records, rows_with


SAME = ("criterion", "indicator", "person_id")
FACT = (*SAME, "event_date")
"""What makes a fact the same in two runs: the row numbers of a file may change."""

Facts = dict[str, Any]


def run_before(run: Path) -> Path | None:
    """The folder of the run that this one followed; None where there was none, or it is not here any more."""
    previous = read_manifest(run).previous
    folder = run.parent / previous.name if previous else None
    return folder if folder and (folder / MANIFEST).exists() else None


def changes_since(run: Path, family: str) -> Facts | None:
    """What changed about `family` since the run before; None where that run is not here.

    `previous`, `as_of`; `change` (what became of its listing, where it was ever listed), `came_from` (earlier ids that
    are not its own); `verdicts` that differ (criterion, before, now); `joined` and `left` (ids of people); `moved`
    (from, to); `new_facts`, that count and were not known then, and `lapsed_facts`, that counted then and do not now.
    """
    before = run_before(run)
    if before is None:
        return None
    now, then = _held(run, family), _held(before, family)
    as_of = read_manifest(before).as_of.isoformat()
    return {
        "previous": before.name,
        "as_of": as_of,
        "was_known": then["home"] is not None,
        "change": next(iter(_kept(run, "family_changes", "family_id", family)), None),
        "came_from": _came_from(run, family),
        **(differences(then, now, as_of) if then["home"] and now["home"] else {}),
    }


def _held(run: Path, family: str) -> Facts:
    home = next(iter(records(rows_with(run, "households", "family_id", [family]))), None)
    key = [home["household_id"]] if home else []
    return {
        "home": home,
        "members": set(rows_with(run, "members", "household_id", key)["person_id"]),
        "verdicts": {row["criterion"]: row for row in records(rows_with(run, "verdicts", "household_id", key))},
        "facts": records(rows_with(run, "evidence", "household_id", key)),
    }


def differences(then: Facts, now: Facts, as_of: str) -> Facts:
    """How a family differs from what the run before, of the day `as_of`, held of it.

    Both have `home`, `members` (ids), `verdicts` by criterion, and `facts`.
    """
    new, lapsed = _compare(then["facts"], now["facts"], as_of)
    return {
        "verdicts": _verdicts(then["verdicts"], now["verdicts"]),
        "joined": sorted(now["members"] - then["members"]),
        "left": sorted(then["members"] - now["members"]),
        "moved": _moved(then["home"], now["home"]),
        "new_facts": new,
        "lapsed_facts": lapsed,
    }


def _compare(then: list[Facts], now: list[Facts], as_of: str) -> tuple[list[Facts], list[Facts]]:
    """Facts that count and did not, and that counted and do not.

    One that still held on the day of the run before, such as an open plan, bears that day: with a later day it is the
    same.
    """
    counted_then, counted_now = _counted(then, FACT), _counted(now, FACT)
    open_then = _counted([fact for fact in then if fact["event_date"] == as_of], SAME)
    new = [fact for key, fact in counted_now.items()
           if key not in counted_then and _key(fact, SAME) not in open_then]  # fmt: skip
    held_now = _counted(now, SAME)
    lapsed = [fact for key, fact in counted_then.items() if key not in counted_now
              and not (fact["event_date"] == as_of and _key(fact, SAME) in held_now)]  # fmt: skip
    return new, lapsed


def _counted(facts: list[Facts], key: tuple[str, ...]) -> dict[tuple[Any, ...], Facts]:
    return {_key(fact, key): fact for fact in facts if fact["met"]}


def _key(fact: Facts, key: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(fact[name] for name in key)


def _verdicts(then: dict[str, Facts], now: dict[str, Facts]) -> list[Facts]:
    pairs = [(name, then.get(name, {}).get("verdict"), row["verdict"]) for name, row in now.items()]
    return [{"criterion": name, "before": before, "now": after} for name, before, after in pairs if before != after]


def _moved(then: Facts, now: Facts) -> Facts | None:
    """A new postcode is a move; another way to write the same address is none."""
    if not then["postcode"] or not now["postcode"] or then["postcode"] == now["postcode"]:
        return None
    return {"from": _address(then), "to": _address(now)}


def _address(home: Facts) -> str:
    return ", ".join(filter(None, (home["address"], home["postcode"])))


def _came_from(run: Path, family: str) -> list[Facts]:
    """The earlier ids of which this family is what became, but for its own: previous_id, change."""
    changes = _kept(run, "identity_changes", "id", family)
    return [{"previous_id": row["previous_id"], "change": row["change"]}
            for row in changes if row["kind"] == "family" and row["previous_id"] not in (None, family)]


def _kept(run: Path, table: str, column: str, value: str) -> list[Facts]:
    """The rows of a table that hold a value; none where the run's version did not make the table."""
    return records(rows_with(run, table, column, [value])) if has_table(run, table) else []
