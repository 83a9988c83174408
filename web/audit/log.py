"""The audit log as a page: its events by person, family, run, event and day, and whether it is whole; changes none."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from starlette.responses import Response

from pipeline.record.audit_log import read_log
from pipeline.record.audit_search import Found, Sought, find_events, known
from reports.packs.wording import moment
from web.audit.events import event_words
from web.visit import Visit


ON_A_PAGE = 50
LINKED = re.compile(r"F\d{7}|P\d{7}")


class Asked(NamedTuple):
    """What somebody looks for, as they wrote it, and what is wrong with it, by field."""

    given: dict[str, str]
    sought: Sought
    mistakes: dict[str, str]


def show_log(visit: Visit) -> Response:
    """The events that are sought, newest first, a page at a time; and how the log's chain stands."""
    log, asked = read_log(visit.site.outputs), read_asked(visit.query)
    found = [] if asked.mistakes else find_events(log, asked.sought)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(_whole(visit.query.get("page", "1")), 1), pages)
    rows = [_row(one, visit) for one in found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]]
    about = asked.given["about"].upper()
    visit.note(found=len(found), **({"about": about} if LINKED.fullmatch(about) else {}))
    return visit.page(
        "audit/log.html", log=log, asked=asked, rows=rows, found=len(found), page=page, pages=pages,
        people=known(log, "who"), events=_events(known(log, "event")), runs=known(log, "run_id"),
        at=lambda number: visit.address("audit", query={**asked.given, "page": number}),
    )


def read_asked(query: Any) -> Asked:
    """What somebody looks for, from behind the `?` of the address."""
    given = {name: str(query.get(name, "")).strip() for name in Sought._fields}
    days, mistakes = {}, {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(given[name]) if given[name] else None
        except ValueError:
            mistakes[name] = "Give the day as year, month and day, like 2013-09-30"
    sought = Sought(given["who"], given["about"], given["run"], given["event"], days.get("since"), days.get("until"))
    return Asked(given, sought, mistakes)


def _events(names: Iterable[str]) -> list[tuple[str, str]]:
    return sorted(((name, event_words(name)) for name in names), key=lambda pair: pair[1])


def _row(one: Found, visit: Visit) -> dict[str, Any]:
    facts = [(name.replace("_", " "), value, _address(value, visit)) for name, value in one.facts.items()]
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
