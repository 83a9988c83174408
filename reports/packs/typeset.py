"""Sets a pack's document as a tagged PDF (PDF/UA-1); decides how text is kept text, and light to load in a process.

The fonts are those inside typst, so that the same facts give the same bytes on any machine. A character that they
cannot draw, or that would steer the reading direction, is shown by its number: nothing of a name is lost in silence.
"""

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import typst

from schemas.errors import DataWashError


PLAIN = re.compile("[\x20-\x7e\u00a0-\u00ac\u00ae-\u017f]*")
LONG = re.compile(r"\S{18,}")
PIECE = re.compile(r"[^_/\\.:;,@+=]{1,20}[_/\\.:;,@+=]?|[_/\\.:;,@+=]")
MAY_BREAK = frozenset({"rows", "text", "caption", "short", "subtitle"})
"""Parts of a document in which a long word may be broken; the page template joins its pieces again."""
JOINERS = "\u200c\u200d"


class UnsetPackError(DataWashError):
    """A pack could not be set as pages: a fault of ours. The text names the pack, never what it holds."""


def set_pages(document: dict[str, Any], name: str) -> bytes:
    """The PDF of a document (`shape.as_document`). UnsetPackError names the pack by `name` where typst refuses it."""
    year, month, day = document["day"]
    return _compiled(
        document, name, format="pdf", pdf_standards="ua-1", timestamp=datetime(year, month, day, tzinfo=UTC)
    )


def draw_pages(document: dict[str, Any], name: str, ppi: int) -> list[bytes]:
    """The pages of a document as PNG, to be looked at."""
    drawn = _compiled(document, name, format="png", ppi=ppi)
    return drawn if isinstance(drawn, list) else [drawn]


def _compiled(document: dict[str, Any], name: str, **how: Any) -> Any:
    words = json.dumps(_shown(document), ensure_ascii=False)
    try:
        return _compiler().compile(input=_template(), sys_inputs={"pack": words}, **how)
    except typst.TypstError:
        raise UnsetPackError(
            f"The pack {name} could not be set as pages. Please report this; nothing was written."
        ) from None


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(ignore_system_fonts=True)


@cache
def _template() -> bytes:
    return (files("reports") / "templates" / "evidence_pack.typ").read_bytes()


def _shown(part: Any, *, may_break: bool = False) -> Any:
    if isinstance(part, str):
        return pieces(part) if may_break else shown(part)
    if isinstance(part, dict):
        return {key: _shown(value, may_break=may_break or key in MAY_BREAK) for key, value in part.items()}
    return [_shown(value, may_break=may_break) for value in part] if isinstance(part, list | tuple) else part


@lru_cache(maxsize=20_000)
def shown(text: str) -> str:
    """`text` as the pages show it: what the fonts lack, or nobody would see, by its number."""
    if PLAIN.fullmatch(text):
        return text
    return "".join(character if _can_be_shown(character) else _number(character) for character in text)


@lru_cache(maxsize=20_000)
def pieces(text: str) -> str | list[str]:
    """`text` as the pages show it; one with a long word as pieces, between which a line may end."""
    text = shown(text)
    if not LONG.search(text):
        return text
    return [
        piece
        for part in re.split(r"(\S{18,})", text)
        for piece in (PIECE.findall(part) if LONG.match(part) else [part])
    ]


def _number(character: str) -> str:
    return " " if character in "\n\r\t" else f"[U+{ord(character):04X}]"


@cache
def _can_be_shown(character: str) -> bool:
    """Whether the fonts hold the character; a mark that nobody sees, other than a joiner, is not shown as itself."""
    if PLAIN.fullmatch(character) or character in JOINERS:
        return True
    if unicodedata.category(character)[0] == "C":
        return False
    source = b'#set document(title: "x")\n#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"))\n#sys.inputs.pack'
    try:
        _compiler().compile(input=source, format="pdf", pdf_standards="ua-1", sys_inputs={"pack": f"a{character}"})
    except typst.TypstError:
        return False
    return True


def set_file(path: Path, document: dict[str, Any], name: str) -> tuple[str, int]:
    """Write a document's PDF to `path`, for this user alone; its sha256 and its bytes."""
    pages = set_pages(document, name)
    path.write_bytes(pages)
    path.chmod(0o600)
    return hashlib.sha256(pages).hexdigest(), len(pages)
