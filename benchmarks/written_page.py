"""A page of docs/ of which a part is written by a program, between two marks; what stands outside them stays."""

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path


END = "<!-- End of what is written. -->"


def put_between(page: str, begin: str, written: str) -> str:
    """The page with what stands between its marks, `begin` and `END`, replaced."""
    before, found, rest = page.partition(begin)
    _, end, after = rest.partition(END)
    if not found or not end:
        raise ValueError(f"The page has no marks: it needs {begin!r} and, below it, {END!r}.")
    return f"{before}{begin}\n\n{written}\n\n{END}{after}"


def asked(about: str | None, figures: Path, page: Path) -> argparse.Namespace:
    """Which figures the command line gives, and into which page they go: those given here unless it says otherwise."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--figures", type=Path, default=figures)
    parser.add_argument("--page", type=Path, default=page, help="made from the one in docs where it does not exist")
    return parser.parse_args()


def rewrite(page: Path, like: Path, begin: str, written: str) -> None:
    """Put `written` between the marks of `page`; where there is none yet, of a copy of `like`."""
    text = (page if page.exists() else like).read_text(encoding="utf-8")
    page.write_text(put_between(text, begin, written), encoding="utf-8")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; columns but the first to the right where all below are figures."""
    body = [list(row) for row in rows]
    right = [all(row[place][:1] in "0123456789+-–" for row in body if row[place]) for place in range(len(head))]
    marks = ["---:" if of and place else "---" for place, of in enumerate(right)]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, marks, *body))
