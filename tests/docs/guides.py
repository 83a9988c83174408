"""The guides as a test reads them: fenced blocks with their marks, tables, links; runs nothing.

What the marks mean is said to the reader in docs/README.md.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple


ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
RUN, SERVED, SET_UP, SAID, NEWS = "sh", "sh-server", "sh-setup", "text", "news"
SETTINGS, PAGES = "toml", "pages"
ELSEWHERE = ("powershell", "cron", "systemd", "nginx")
MARKS = (RUN, SERVED, SET_UP, SAID, NEWS, SETTINGS, PAGES, *ELSEWHERE)

_FENCE = re.compile(r"^```(?P<mark>[\w-]*)[ ]*(?P<rest>.*)\n(?P<text>(?:(?!^```).*\n)*?)^```$", re.MULTILINE)
_LINK = re.compile(r"\[[^\]]+\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<title>.+)$", re.MULTILINE)
_CODE = re.compile(r"`(?P<code>[^`\n]+)`")


class Block(NamedTuple):
    """A fenced block of a guide: the line of its fence, its mark, what stands after the mark, and its text."""

    guide: str
    line: int
    mark: str
    rest: str
    text: str

    @property
    def place(self) -> str:
        """Where it stands, for a message."""
        return f"{self.guide}, line {self.line}"

    @property
    def exit_code(self) -> int:
        """The exit code that its command must have: `exit=4` after the mark, else 0."""
        found = re.search(r"\bexit=(\d+)", self.rest)
        return int(found[1]) if found else 0

    def stands_for(self, what: str) -> bool:
        """Whether its ids stand for the first `what` there is (`first-family`), whichever that is by now."""
        return f"first-{what}" in self.rest.split()


def guides() -> list[Path]:
    """Every page that a reader opens, but those that say why (docs/decisions)."""
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    inside = [path for room in ("docs", "data") for path in (ROOT / room).glob("**/*.md")]
    return [*sorted(ROOT.glob("*.md")), *sorted(inside), ROOT / "outputs" / "README.md"]


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    page = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT).as_posix()
    return [
        Block(name, page.count("\n", 0, found.start()) + 1, found["mark"], found["rest"].strip(), found["text"])
        for found in _FENCE.finditer(page)
    ]


def prose(path: Path) -> str:
    """A page without its fenced blocks."""
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def code_spans(path: Path) -> list[str]:
    """What stands between single backticks."""
    return [found["code"] for found in _CODE.finditer(prose(path))]


def links(path: Path) -> list[str]:
    """The targets of a page's links."""
    return [found["target"] for found in _LINK.finditer(prose(path))]


def anchors(path: Path) -> set[str]:
    """The headings of a page as a link names them."""
    titles = (found["title"] for found in _HEADING.finditer(prose(path)))
    return {re.sub(r"[^\w\- ]", "", title.casefold()).strip().replace(" ", "-") for title in titles}


def tables_after(path: Path, mark: str) -> Iterator[list[list[str]]]:
    """The rows of each table that follows a comment `<!-- mark: ... -->`, without its head, as cells."""
    page = path.read_text(encoding="utf-8")
    for found in re.finditer(rf"<!-- {re.escape(mark)} -->\n\n(?P<table>(?:\|.*\n)+)", page):
        lines = found["table"].splitlines()[2:]
        yield [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
