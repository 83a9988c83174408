"""Looking into the audit log: the events that are sought, newest first, each in words; changes and hides nothing."""

import re
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from pipeline.record.audit_log import MENDED, Event, Log


FRAME = ("at", "who", "event", "run_id", "before")
"""What every line has; whatever else it has are the facts of its event."""

WORDS = {
    "wash_started": "A wash was started",
    "wash_published": "A wash was published",
    "wash_failed": "A wash failed, and nothing was published",
    "explained": "A family or a person was explained",
    "verified": "A run was verified",
    "replayed": "A run was replayed",
    "model_saved": "A run's linkage model was written to a file",
    "linkage_reported": "A report on linkage was written",
    "costs_reported": "Costs and shares were written",
    "profile_released": "A profile was released",
    "decisions_written": "Decisions on links were written down",
    "packed": "An evidence pack was written",
    "packed_window": "The evidence packs of a claim window were written",
    "register_written": "Something was written to the register of claims",
    MENDED: "An unfinished line was cut off the audit log",
}
"""The events of the command in words; what a page records stands beside the page."""


class Sought(NamedTuple):
    """Which events are looked for; what is empty bounds nothing. `about` is the id of a family, household or person."""

    who: str = ""
    about: str = ""
    run: str = ""
    event: str = ""
    since: date | None = None
    until: date | None = None


class Found(NamedTuple):
    """An event of the log: its line, its day and time (UTC), who, what, of which run, and its facts as they stand."""

    line: int
    at: str
    who: str
    event: str
    run_id: str
    facts: dict[str, str]


def find_events(log: Log, sought: Sought) -> list[Found]:
    """The events that are sought, newest first. Of a family it finds what names the family, not lists that held it."""
    about = re.compile(rf"(?<!\w){re.escape(sought.about.strip().upper())}(?!\w)") if sought.about.strip() else None
    found = (_found(line, event) for line, event in reversed(log.events))
    return [one for one in found if _fits(one, sought) and (about is None or _names(one, about))]


def known(log: Log, key: str) -> list[str]:
    """Every value that `key` (who, event, run_id) has in the log, in order."""
    return sorted({str(event.get(key, "")) for _, event in log.events} - {""})


def in_words(event: str, words: Iterable[tuple[str, str]] = ()) -> str:
    """An event as a person reads it; `words` are those of the pages."""
    return (WORDS | dict(words)).get(event) or event.replace("_", " ").capitalize()


def _found(line: int, event: Event) -> Found:
    facts = {name: str(value) for name, value in event.items() if name not in FRAME}
    at, who, what, run_id = (str(event.get(name, "")) for name in ("at", "who", "event", "run_id"))
    return Found(line, at, who, what, run_id, facts)


def _fits(one: Found, sought: Sought) -> bool:
    day = one.at[:10]
    return (
        sought.who in ("", one.who)
        and sought.event in ("", one.event)
        and (not sought.run or one.run_id.startswith(sought.run.split("-", 3)[-1]))
        and (sought.since is None or day >= sought.since.isoformat())
        and (sought.until is None or day <= sought.until.isoformat())
    )


def _names(one: Found, about: re.Pattern[str]) -> bool:
    return any(about.search(value.upper()) for value in one.facts.values())
