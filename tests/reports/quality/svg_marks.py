"""What stands in a picture: its texts, and the shapes of each kind of mark with their places and colours."""

import re
from typing import NamedTuple
from xml.etree import ElementTree


SVG = "{http://www.w3.org/2000/svg}"


class Shape(NamedTuple):
    """A shape that is drawn: its fill, and how wide and high it is."""

    fill: str | None
    stroke: str | None
    width: float
    height: float


def texts(svg: str) -> list[str]:
    """Every text, in the order of drawing."""
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def shapes(svg: str, mark: str) -> list[Shape]:
    """The shapes of the marks of this kind (`rect`, `symbol`, `rule`, `shape`), without those of legends and axes."""
    found = []
    for group in ElementTree.fromstring(svg).iter(f"{SVG}g"):
        kinds = group.get("class", "").split()
        if f"mark-{mark}" in kinds and "role-mark" in kinds:
            found += [_shape(part) for part in group if part.tag in (f"{SVG}path", f"{SVG}line")]
    return found


def _shape(part: ElementTree.Element) -> Shape:
    width, height = _size(part.get("d", ""))
    return Shape(part.get("fill"), part.get("stroke"), width, height)


def _size(path: str) -> tuple[float, float]:
    """How wide and high a rectangle is: `M0,0h20v10h-20Z`."""
    across, up = re.search(r"h(-?[\d.]+)", path), re.search(r"v(-?[\d.]+)", path)
    return (abs(float(across.group(1))) if across else 0.0, abs(float(up.group(1))) if up else 0.0)
