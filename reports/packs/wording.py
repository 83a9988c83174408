"""Days, people, places and codes as an auditor reads them; decides words only."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any

from reports.workbook import heading


CRITERIA = {
    "crime_asb": "Crime and anti-social behaviour",
    "education": "Education",
    "work": "Work",
    "children_who_need_help": "Children who need help",
    "domestic_abuse": "Domestic abuse",
    "health": "Health",
    "local": "Local criteria",
}
VERDICTS = {"met": "met", "not_met": "not met", "unknown": "unknown", "not_applicable": "not applicable"}
RULES = {
    "3_of_3": "all three national criteria",
    "2_plus_local": "two national criteria and a local one",
    "2_of_6": "two of the six problems",
}
ROUTES = {
    "a": "A (crime, ASB and education)",
    "a_progress": "A with progress to work",
    "b": "B (continuous employment)",
}
STATUSES = {"ready": "Ready", "blocked": "Blocked", "not_yet": "Not yet", "claimed": "Claimed"}
ISO_DAY = re.compile(r"(?<![\w-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?![\w-])")
COUNTS = {True: "counts", False: "does not count", None: "cannot be told"}


def words(code: str | None) -> str:
    """A code in words: `not_traced` -> `not traced`; nothing where there is none."""
    return (code or "").replace("_", " ")


def sentence(code: str | None) -> str:
    """A code in words as a sentence begins: `asb_sanction` -> `ASB sanction`."""
    said = words(code)
    said = said[:1].upper() + said[1:]
    return re.sub(r"\b(asb|dwp|nosp|asbo)\b", lambda found: found.group().upper(), said, flags=re.IGNORECASE)


def with_days(said: str | None) -> str:
    """Text in which days are written as everywhere else: `from 2013-01-27` -> `from 27 Jan 2013`."""
    return ISO_DAY.sub(lambda found: short_day(date.fromisoformat(found.group())), said or "")


def listed(codes: str | None) -> str:
    """Codes joined by `;` as a list in words."""
    return ", ".join(words(code) for code in (codes or "").split(";") if code)


def title_of(name: str) -> str:
    """A heading for a column or an extract."""
    return heading(name)


def day(when: date | None) -> str:
    """`30 September 2013`; nothing where there is no day."""
    return f"{when.day} {when:%B %Y}" if when else ""


def short_day(when: date | None) -> str:
    """`30 Sep 2013`."""
    return f"{when.day} {when:%b %Y}" if when else ""


def moment(said: str | None) -> str:
    """A time of the register: `2013-10-02T09:00:00+00:00` -> `2 Oct 2013, 09:00 UTC`."""
    if not said:
        return ""
    at = datetime.fromisoformat(said).astimezone(UTC)
    return f"{short_day(at.date())}, {at:%H:%M} UTC"


def window(start: date | None, end: date | None) -> str:
    """`1 Oct 2012 to 30 Sep 2013`; one end where there is one."""
    if start and end:
        return f"{short_day(start)} to {short_day(end)}"
    return f"from {short_day(start)}" if start else f"to {short_day(end)}" if end else ""


def many(count: int, one: str, more: str | None = None) -> str:
    """`1 fact`, `2,000 facts`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def pounds(amount: int | float | None) -> str:
    """`£1,600`."""
    return "" if amount is None else f"£{amount:,.0f}"


def text(value: Any) -> str:
    """Any value of a row as text."""
    if value is None:
        return ""
    if isinstance(value, date):
        return short_day(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def person(row: Mapping[str, Any] | None, person_id: str | None) -> str:
    """`Kim Ashdown (P0000001)`; the id alone where no name is known."""
    name = " ".join(filter(None, (row["forename"], row["surname"]))) if row else ""
    return f"{name} ({person_id})" if name else person_id or ""


def places(digests: str | None, rows: str | None, files: Mapping[str, Any]) -> str:
    """Where a fact stands: each file (`files`: by sha256) with its rows; one digest is of all rows."""
    numbers = [int(row) for row in (rows or "").split(";") if row]
    held = [digest for digest in (digests or "").split(";") if digest]
    held = held * len(numbers) if len(held) == 1 and numbers else held
    named = [files[digest].name if digest in files else f"a file with sha256 {digest[:12]}" for digest in held]
    if not numbers:
        return "; ".join(dict.fromkeys(named))
    by_file = {file: [row for name, row in zip(named, numbers, strict=False) if name == file] for file in named}
    return "; ".join(f"{file}, {row_numbers(found)}" for file, found in by_file.items())


def row_numbers(numbers: Iterable[int]) -> str:
    """`row 4`; `rows 2-5, 9`."""
    ordered = sorted(set(numbers))
    runs = [list(run) for _, run in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])]
    ends = [(run[0][1], run[-1][1]) for run in runs]
    said = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)
    return f"{'row' if len(ordered) == 1 else 'rows'} {said}"


def joined(parts: Sequence[str], otherwise: str) -> str:
    """The parts that say something, as one line; `otherwise` where none does."""
    return "; ".join(part for part in parts if part) or otherwise
