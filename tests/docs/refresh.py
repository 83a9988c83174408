"""Writes the numbers of a real run into what the guides show: `python -m tests.docs.refresh [GUIDE ...]`.

Lines that no command says any more are named and left: they, or the words around them, are for a person to mend.
"""

import sys
import tempfile
from pathlib import Path

from tests.docs.guides import DOCS, Block, blocks
from tests.docs.place import Place, Washed, follow, make_tools, wash_sample, with_sample
from tests.docs.showing import GAP, find_shown


def refresh(names: list[str]) -> list[str]:
    """Refresh the guides called `names` (none: every one); the lines that were not said."""
    paths = [path for path in sorted(DOCS.glob("*.md")) if not names or path.stem in names]
    left = []
    with tempfile.TemporaryDirectory() as root:
        tools = make_tools(Path(root) / "tools")
        first = wash_sample(Path(root) / "sample", tools)
        for path in paths:
            place = Place(with_sample(Path(root) / path.stem), tools)
            left += _refresh(path, place, first)
    return left


def _refresh(path: Path, place: Place, first: Washed) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    left = []
    for block, said in follow(blocks(path), place, first):
        found = iter(find_shown(block.text, said))
        for number in _lines(block):
            if lines[number].strip() not in ("", GAP):
                line, real = next(found)
                lines[number] = line if real is None else real
                left += [] if real is not None else [f"{path.name}, line {number + 1}: {line}"]
    for block in blocks(path):
        for shown, meant in place.meaning(block).items():
            for number in _lines(block):
                lines[number] = lines[number].replace(shown, meant)
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return left


def _lines(block: Block) -> range:
    """Where the lines of a block stand in its page."""
    return range(block.line, block.line + block.text.count("\n"))


if __name__ == "__main__":
    not_said = refresh(sys.argv[1:])
    sys.exit("Not said any more:\n" + "\n".join(not_said) if not_said else 0)
