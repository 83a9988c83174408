"""Which form a file has, by its name and by its first bytes, which must agree; decides nothing about what it holds."""

import unicodedata
from typing import NamedTuple

from pipeline.intake.unreadable import UnreadableError


SUFFIXES = {".csv": "csv", ".txt": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".parquet": "parquet"}
WRAPPINGS = {".gz": "gzip", ".zip": "zip"}
_KNOWN = "Send .csv, .txt, .tsv, .xlsx or .parquet, plain, with .gz added, or as the one file in a .zip"
_ODD_IN_NAMES = frozenset("*?[]{}/\\")
_SIGNS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"PARE", "an encrypted Parquet file"),
    (b"\xd0\xcf\x11\xe0", "an old .xls workbook or one with a password"),
    (b"%PDF-", "a PDF"),
    (b"{\\rtf", "a word-processor document"),
    (b"<!doctype", "a web page"),
    (b"<html", "a web page"),
    (b"<?xml", "an XML file"),
)


class Form(NamedTuple):
    """`kind` is csv, xlsx or parquet (None where only the zip's member can say); `wrapping` gzip, zip or None."""

    kind: str | None
    wrapping: str | None


def printable(name: str) -> str:
    """`name` with everything but plain characters written as escapes, fit for a message."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in name)


def check_name(name: str) -> None:
    """Refuse a file name with wildcards, slashes, control characters or bytes that are no characters."""
    if not name.strip() or any(c in _ODD_IN_NAMES or unicodedata.category(c) in ("Cc", "Cs") for c in name):
        raise UnreadableError(
            "the file's name has a character that may stand for other files (one of * ? [ ] { } / \\ or a control "
            "character)",
            "Rename the file with letters, digits, spaces, dots, hyphens and underscores",
        )


def form_of(name: str) -> Form:
    """The form that a file's name promises.

    Raises UnreadableError for a suffix that is not known.
    """
    stem, wrapping = name.lower().strip(), None
    for suffix, wrap in WRAPPINGS.items():
        if stem.endswith(suffix):
            stem, wrapping = stem.removesuffix(suffix), wrap
            break
    kind = next((kind for suffix, kind in SUFFIXES.items() if stem.endswith(suffix)), None)
    if kind is None and (wrapping != "zip" or any(stem.endswith(suffix) for suffix in WRAPPINGS)):
        raise UnreadableError("the end of the file's name does not say a form that is read here", _KNOWN)
    return Form(kind, wrapping)


def check_content(data: bytes, promised: str) -> None:
    """Refuse bytes whose first few belong to another form than `promised` (csv, xlsx, parquet, gzip or zip)."""
    start = data[:64].removeprefix(b"\xef\xbb\xbf").lstrip().lower() if promised == "csv" else data[:64].lower()
    found = next((form for sign, form in _SIGNS if start.startswith(sign.lower())), None)
    if found == "parquet" and promised == "csv" and not data.endswith(b"PAR1"):
        found = None
    expected = {"xlsx": "zip", "csv": None}.get(promised, promised)
    if found != expected:
        raise UnreadableError(f"the name says {_spoken(promised)} but the content is {_spoken(found)}", _advice(found))


def _spoken(form: str | None) -> str:
    words = {
        None: "something else",
        "csv": "text with separators",
        "xlsx": "an .xlsx workbook",
        "parquet": "Parquet",
        "gzip": "gzip",
        "zip": "a zip archive (an .xlsx workbook is one too)",
    }
    return words.get(form, form or "")


def _advice(found: str | None) -> str:
    if found is not None and "password" in found:
        return "Open it in the spreadsheet program, save it as .xlsx without a password, and send that"
    return f"Check that the right file was sent and that its name ends as its content is. {_KNOWN}"
