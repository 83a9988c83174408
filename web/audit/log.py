"""The audit log as a page: its events by person, family, run, event and day, and whether it is whole; changes none."""

import re
import threading
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from starlette.responses import Response

from pipeline.record.audit_faults import Fault, check_log, kept_heads, unlike_heads
from pipeline.record.audit_log import Followed, Log, read_log
from pipeline.record.audit_search import Found, Lines, Sought, find_events, known, seek_events
from reports.packs.wording import moment
from schemas.errors import UsageError
from web.audit.events import event_words
from web.audit.facts import tell_facts
from web.audit.log_file import TITLE, as_csv, as_workbook, events_table
from web.visit import CSV, XLSX, NotFoundError, Visit


ON_A_PAGE = 50
FORMS = {"xlsx": XLSX, "csv": CSV}
CHOICES = ("who", "event", "run_id")
LINKED = re.compile(r"F\d{7}|P\d{7}")
ABOUT = re.compile(r"[FHPfhp]\d{7}|R[0-9a-f]{6,64}")


class Asked(NamedTuple):
    """What somebody looks for, as they wrote it, and what is wrong with it, by field."""

    given: dict[str, str]
    sought: Sought
    mistakes: dict[str, str]


def show_log(visit: Visit) -> Response:
    """The events that are sought, newest first, a page at a time; and how the log's chain stands."""
    (log, values), asked = look(visit.site.outputs), read_asked(visit.query)
    lines = Lines([], ()) if asked.mistakes else seek_events(log, asked.sought)
    found = len(lines.places)
    pages = max(1, -(-found // ON_A_PAGE))
    page = min(max(_whole(visit.query.get("page", "1")), 1), pages)
    rows = [_row(one, visit) for one in lines.page(page, ON_A_PAGE)]
    visit.note(found=found, filters=in_short(asked, values))
    return visit.page(
        "audit/log.html", log=log, asked=asked, rows=rows, found=found, page=page, pages=pages,
        faults=_faults(visit.site.outputs, log),
        people=sorted(values["who"]), events=_events(values["event"]), runs=sorted(values["run_id"]),
        query={name: value for name, value in asked.given.items() if value},
        at=lambda number: visit.address("audit", query={**asked.given, "page": number}),
    )


def download(visit: Visit) -> Response:
    """All the events that are sought, as a file."""
    form = visit.part("form")
    if form not in FORMS:
        raise NotFoundError("There is no such file.")
    (log, values), asked = look(visit.site.outputs), read_asked(visit.query)
    if asked.mistakes:
        raise UsageError(". ".join(asked.mistakes.values()))
    table = events_table(find_events(log, asked.sought))
    filters = in_short(asked, values)
    visit.note(events=len(table), form=form, filters=filters)
    notes = (f"Asked for by {visit.person.name}.", f"Looked for: {filters or 'everything'}.",
             f"Lines of the log: {log.followed.lines:,}; the last one's digest: {log.followed.head}.")
    if form == "xlsx":
        data = as_workbook(table, visit.run.cover(TITLE, notes))
    else:
        data = as_csv(table, visit.run.settings.authority.marking, visit.person.name)
    return visit.download(data, f"audit-log.{form}", FORMS[form])


def _faults(outputs: Path, log: Log) -> tuple[Fault, ...]:
    """What is wrong with the log: the whole of it is checked only where its chain is broken."""
    return check_log(outputs).faults if log.followed.broken else tuple(unlike_heads(log.lines, kept_heads(outputs)))


class Seen(NamedTuple):
    """How the log stood when it was read last, and what who, event and run_id can be."""

    followed: Followed
    values: dict[str, set[str]]


_lock = threading.Lock()
_seen: dict[Path, Seen] = {}


def look(outputs: Path) -> tuple[Log, dict[str, set[str]]]:
    """The log below `outputs`, and what who, event and run_id can be. Lines that were followed once, and have not
    changed by a byte, are not followed again."""
    with _lock:
        before = _seen.get(outputs, Seen(Followed(), {name: set() for name in CHOICES}))
        log = read_log(outputs, before.followed)
        new = log.lines[before.followed.lines :] if log.followed.lines >= before.followed.lines else log.lines
        values = {name: before.values[name] | known(new, name) for name in CHOICES}
        _seen[outputs] = Seen(log.followed, values)
        return log, values


def read_asked(query: Any) -> Asked:
    """What somebody looks for, from behind the `?` of the address."""
    given = {name: str(query.get(name, "")).strip() for name in Sought._fields}
    days, mistakes = {}, {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            mistakes[name] = "Give the day as year, month and day, like 2013-09-30"
    if given["about"] and not ABOUT.fullmatch(given["about"]):
        mistakes["about"] = "Give an id such as F0000001, P0000001 or that of a question: the log holds no names"
    sought = Sought(given["who"], given["about"], given["run"], given["event"], days.get("since"), days.get("until"))
    return Asked(given, sought, mistakes)


def in_short(asked: Asked, values: Mapping[str, set[str]]) -> str:
    """What was looked for, as the log and a file have it: what is no id, day or known value is left out."""
    allowed = {"who": values["who"], "event": values["event"], "run": values["run_id"]}
    fine = {name: value for name, value in asked.given.items() if value and name not in asked.mistakes}
    return "; ".join(f"{name}: {value}" for name, value in fine.items() if value in allowed.get(name, {value}))


def _events(names: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((name, event_words(name)) for name in names), key=lambda pair: pair[1])


def _row(one: Found, visit: Visit) -> dict[str, Any]:
    facts = [(told.words, _address(told.value, visit)) for told in tell_facts(one.facts)]
    return {"line": one.line, "at": moment(one.at), "who": one.who, "event": event_words(one.event),
            "run_id": one.run_id, "facts": facts}


def _address(value: str, visit: Visit) -> str:
    """Where a family or person of the latest run is shown, for whoever may see it."""
    name = "family" if value.startswith("F") else "person"
    if not LINKED.fullmatch(value) or not visit.may(name):
        return ""
    return visit.address("family", family_id=value) if name == "family" else visit.address("person", person_id=value)


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 7 else 1
