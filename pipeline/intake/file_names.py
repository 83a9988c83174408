"""What a file's name says: which extract it is, and the values that a pattern takes out of it; opens no file."""

import re

from schemas.extracts import EXTRACTS


FORMS = ("csv", "xlsx", "parquet")
_CANONICAL = re.compile(
    rf"(?P<extract>{'|'.join(EXTRACTS)})(-.*)?\.(({'|'.join(FORMS)})(\.gz|\.zip)?|zip)",
    flags=re.IGNORECASE | re.DOTALL,
)
_FORM = re.compile(rf"panel[-_ ]forms?([-_ (].*)?\.({'|'.join(FORMS)})", flags=re.IGNORECASE | re.DOTALL)
"""A panel's form as a wash names it, and as people call their copies of it: `panel_form - housing (2).xlsx`."""

_FOUND = {
    "academic_year": r"(?:19|20)\d{2}[-_ .]?\d{2}(?:\d{2})?",
    "term": r"autumn|spring|summer|aut|spr|sum|[123]",
}
"""What a name in braces stands for, where that is narrower than any text."""


def canonical_extract(name: str) -> str | None:
    """The extract that a file called `name` holds: `Attendance-2013-summer.csv.gz` -> `attendance`."""
    found = _CANONICAL.fullmatch(name)
    if found is None and _FORM.fullmatch(name):
        return "panel_forms"
    return found["extract"].lower() if found else None


def looked_for(extract: str) -> str:
    """The file names that an extract may have, for a message."""
    forms = ", ".join(f"{extract}.{form}" for form in FORMS)
    return f"{forms} (also .gz or .zip), or {extract}-ANYTHING.csv"


def values_in_name(pattern: str, path: str) -> dict[str, str] | None:
    """Canonical values that `pattern` takes out of a relative path; None where the path does not fit the pattern.

    `{academic_year}` and the like stand for a value, `*` for any text, `?` for one character. A pattern without a
    slash is held against the file's own name, and one without an extension against the name without its extensions.
    """
    name = path if "/" in pattern else path.rsplit("/", 1)[-1]
    stem = re.sub(rf"(\.({'|'.join(FORMS)}|txt|gz|zip))+$", "", name, flags=re.IGNORECASE)
    expression = re.compile("".join(map(_part, re.split(r"(\{[a-z_]+\}|\*|\?)", pattern))), flags=re.IGNORECASE)
    found = expression.fullmatch(name) or expression.fullmatch(stem)
    return found.groupdict() if found else None


def _part(part: str) -> str:
    if part.startswith("{"):
        name = part.strip("{}")
        return f"(?P<{name}>{_FOUND.get(name, '[^/]+?')})"
    return {"*": ".*?", "?": "."}.get(part, re.escape(part))
