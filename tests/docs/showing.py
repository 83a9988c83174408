"""How a line that a guide shows fits a line that was really said."""

import re


NUMBER = r"(?:(?<![0-9a-zA-Z])[0-9a-f]{10,}(?![0-9a-zA-Z])|\d(?:[\d,]*\d)?(?:\.\d+)?)"
GAP = "..."


def find_shown(shown: str, said: str) -> list[tuple[str, str | None]]:
    """Each line shown in a guide, with the line that was really said; None where there is no such line.

    Lines must come in the same order. Numbers and digests may differ, and so may the width of a gap between columns;
    `...` stands for anything, and alone on a line for any lines.
    """
    rest = [line.rstrip() for line in said.splitlines()]
    found: list[tuple[str, str | None]] = []
    for line in shown.splitlines():
        if line.strip() in ("", GAP):
            continue
        form = _form(line)
        at = next((number for number, real in enumerate(rest) if form.fullmatch(real)), None)
        found.append((line, None if at is None else _in_gaps(form, rest[at])))
        rest = rest if at is None else rest[at + 1 :]
    return found


def _form(line: str) -> re.Pattern[str]:
    return re.compile(".*?".join(f"({_form_of_part(part)})" for part in line.rstrip().split(GAP)))


def _form_of_part(part: str) -> str:
    pieces = re.split(f"({NUMBER}|\\s+)", part)
    return "".join(_form_of_piece(piece) for piece in pieces if piece)


def _form_of_piece(piece: str) -> str:
    if re.fullmatch(NUMBER, piece):
        return NUMBER
    return r"\s+" if piece.isspace() else re.escape(piece)


def _in_gaps(form: re.Pattern[str], real: str) -> str:
    """The real line, left out what the guide leaves out."""
    parts = form.fullmatch(real)
    assert parts
    return re.sub(r"(?<=\S) {2,}(?=\.\.\.)|(?<=\.\.\.) {2,}", " ", GAP.join(parts.groups()))
