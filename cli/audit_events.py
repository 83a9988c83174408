"""`datawash audit`: the events of the audit log that are sought, newest first; changes nothing."""

from pathlib import Path
from typing import Any

from cli.say import Report, many, table
from pipeline.record.audit_faults import Head, check_log
from pipeline.record.audit_head import parse_head
from pipeline.record.audit_log import AUDIT_LOG, Log, read_log
from pipeline.record.audit_search import Found, Sought, in_words, seek_events
from schemas.errors import IntegrityError


def tell_check(outputs: Path, seen: tuple[str, ...] = ()) -> Report:
    """Whether the log is whole: its chain, its seals, and what runs and files saw of it; each fault by its name."""
    heads = [Head(held.lines, held.digest, "a file that was handed out") for held in map(parse_head, seen)]
    found, log = check_log(outputs, heads), read_log(outputs)
    facts = {"lines": found.lines, "sealed": found.sealed, "head": log.followed.head, "notes": list(found.notes)}
    facts |= {"faults": [fault._asdict() for fault in found.faults]}
    if found.faults:
        lines = [f"{AUDIT_LOG} is not what it was.", *(f"  {fault.kind}: {fault.words}" for fault in found.faults)]
    else:
        sealed = f" {many(found.sealed, 'line')} bear a right seal." if found.sealed else ""
        lines = [f"{AUDIT_LOG} is whole: {many(found.lines, 'line')}, each follows from the one before.{sealed}",
                 f"The last one's digest is {log.followed.head}."]
    return Report(facts, [*lines, *found.notes], IntegrityError.exit_code if found.faults else 0)


def tell_events(outputs: Path, sought: Sought, last: int) -> Report:
    """The `last` events that are sought, and how the log stands; the exit code tells of a line that does not follow."""
    log = read_log(outputs)
    lines = seek_events(log, sought)
    found, count = lines.page(1, last), len(lines.places)
    facts = {"events": [one._asdict() for one in found], "found": count, **_state(log)}
    rows = [_row(one) for one in found]
    more = [f"{count - last:,} more are older: --last shows them."] if count > last else []
    head = ("line", "at (UTC)", "who", "event", "run", "")
    told = table([head, *rows]) if rows else ["No event of the audit log is like this."]
    return Report(facts, [*told, *more, "", *_state_lines(log)], IntegrityError.exit_code if log.followed.broken else 0)


def _row(one: Found) -> tuple[str, ...]:
    facts = "; ".join(f"{name} {value[:40]}" for name, value in one.facts.items())
    return (str(one.line), one.at[:19].replace("T", " "), one.who, in_words(one.event), one.run_id, facts)


def _state(log: Log) -> dict[str, Any]:
    return log.followed._asdict() | {"unfinished_bytes": log.torn}


def _state_lines(log: Log) -> list[str]:
    torn = f" {many(log.torn, 'byte')} of a line that was never finished follow; the next event cuts them off."
    end = torn if log.torn else ""
    if log.followed.broken:
        return [f"{AUDIT_LOG}, line {log.followed.broken}: it does not follow from the line before it.{end}"]
    return [f"Each of the {many(log.followed.lines, 'line')} follows from the one before. "
            f"The last one's digest is {log.followed.head}.{end}"]
