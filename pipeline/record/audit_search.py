"""Looking into the audit log: the events that are sought, newest first, each in words; changes and hides nothing."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from pipeline.record.audit_log import MENDED, Log, parse_event


FRAME = ("at", "who", "event", "run_id", "before", "seal")
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
    "run_reported": "A report on a run was written",
    "profile_released": "A profile was released",
    "decisions_written": "Decisions on links were written down",
    "list_opened": "A list was written clear to a file",
    "encrypted_again": "Archive and lists were encrypted again",
    "outside_ids_resolved": "Ids of a recipient were looked up",
    "packed": "An evidence pack was written",
    "packed_window": "The evidence packs of a claim window were written",
    "register_written": "Something was written to the register of claims",
    "retention_written": "Something was written to the retention file",
    "held": "A run or a family was put on hold",
    "hold_lifted": "A hold was lifted",
    "rights_written": "Something was written to the rights file",
    "person_marked": "A person was marked: to be erased, or left alone",
    "person_unmarked": "A person's mark was lifted",
    "subject_told": "All that is held about a person was written to a file",
    "purged": "What was older than it is kept was removed",
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


class Lines(NamedTuple):
    """Which lines of a log are sought, newest first: their places, and the log's lines to read them from."""

    places: list[int]
    lines: Sequence[bytes]

    def page(self, number: int, size: int) -> list[Found]:
        """The events of a page of them, as they stand; a line that is no event is none."""
        some = self.places[(number - 1) * size : number * size]
        return [found for place in some if (found := _found(place + 1, self.lines[place]))]


def seek_events(log: Log, sought: Sought) -> Lines:
    """The lines of the events that are sought. Of a family it finds what names the family, not lists that held it.

    Only the lines of a page are taken apart: a log of years is looked through at once.
    """
    lines, word = log.lines, as_id(sought.about).encode()
    places = list(range(len(lines) - 1, -1, -1))
    for part in _wanted(sought):
        places = [place for place in places if part in lines[place]]
    if word:
        whole = re.compile(rb"(?<!\w)%b(?!\w)" % re.escape(word))
        places = [place for place in places if word in lines[place] and whole.search(lines[place])]
    if sought.since or sought.until:
        first, last = str(sought.since or "").encode(), str(sought.until or "9999").encode()
        places = [place for place in places if first <= _day(lines[place]) <= last]
    return Lines(places, lines)


def as_id(text: str) -> str:
    """What somebody wrote as an id is written: `f0000001` -> `F0000001`; the id of a question stays as it is."""
    word = text.strip()
    return word.upper() if _ID.fullmatch(word) else word


def find_events(log: Log, sought: Sought) -> list[Found]:
    """All the events that are sought, newest first."""
    lines = seek_events(log, sought)
    return lines.page(1, max(len(lines.places), 1))


def known(lines: Sequence[bytes], key: str) -> set[str]:
    """Every value that `key` (who, event, run_id) has in these lines of a log."""
    pattern = re.compile(rb'"%b": ("(?:[^"\\]|\\.)*")' % key.encode())
    return {json.loads(value) for value in {one for line in lines for one in pattern.findall(line)}} - {""}


def in_words(event: str, words: Iterable[tuple[str, str]] = ()) -> str:
    """An event as a person reads it; `words` are those of the pages."""
    return (WORDS | dict(words)).get(event) or event.replace("_", " ").capitalize()


def _found(number: int, line: bytes) -> Found | None:
    event = parse_event(line)
    if event is None:
        return None
    facts = {name: str(value) for name, value in event.items() if name not in FRAME}
    at, who, what, run_id = (str(event.get(name, "")) for name in ("at", "who", "event", "run_id"))
    return Found(number, at, who, what, run_id, facts)


def _wanted(sought: Sought) -> Iterator[bytes]:
    """What a line says where it is sought: no text within a fact can say the same, for its quotes are escaped."""
    if sought.who:
        yield f'"who": {json.dumps(sought.who)}'.encode()
    if sought.event:
        yield f'"event": {json.dumps(sought.event)}'.encode()
    if sought.run:
        yield f'"run_id": {json.dumps(sought.run.split("-", 3)[-1])[:-1]}'.encode()


def _day(line: bytes) -> bytes:
    found = _AT.search(line)
    return found[1] if found else b""


_ID = re.compile(r"[FHPfhp]\d{7}")
_AT = re.compile(rb'"at": "(.{10})')
