"""The pictures of pages in the guides: taken by `make pictures`, and held here to showing what the pages say today.

Beside each picture its words are kept. A picture whose page says something else by now fails until it is taken again;
pixels are not compared, because they differ from one machine's letters to another's.
"""

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.web.browsing import Window
from tests.web.places import parts
from tests.web.serving import Served
from tests.web.signing import somebody
from web.door.roles import Person, Role


ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
WORDS = IMAGES / "words.json"
TAKE = os.environ.get("DATAWASH_PICTURES") == "take"
CHANGING = re.compile(
    r"\bR?[0-9a-f]{12,64}\b"
    r"|\b\d{1,2} [A-Z][a-z]+ 20(?!1[0-3])\d\d\b|\b\d\d:\d\d(:\d\d)?\b"
    r"|\b[\d.,]+ (seconds|bytes|KB|MB)\b|\b\d+(\.\w+){1,3}\b"
)
"""What is another one in each run, on each day, or with other libraries."""
LARGEST = 200_000
PNG = b"\x89PNG\r\n\x1a\n"


class Picture(NamedTuple):
    """A picture of a page: its file, who looks, where; what to bring into view; how large; whose words are held."""

    name: str
    person: Person
    path: str
    at: str = ""
    size: tuple[int, int] = (1000, 720)
    words: str = "main"


CORA, ANA = somebody(Role.COORDINATOR, name="jo.bloggs"), somebody(Role.ANALYST, name="sam.analyst")
REV, AUD = somebody(Role.REVIEWER, name="kit.reviewer"), somebody(Role.AUDITOR, name="pat.auditor")
PICTURES = (
    Picture("list", CORA, "/families", size=(1280, 1150)),
    Picture("undetermined", CORA, "/families/undetermined", "table"),
    Picture("family", CORA, "/family/{family_id}"),
    Picture("family-criteria", CORA, "/family/{family_id}", "#criteria"),
    Picture("person", CORA, "/person/{person_id}"),
    Picture("question", REV, "/review/{review_id}"),
    Picture("quality", ANA, "/quality"),
    Picture("run", AUD, "/runs/{run}", words="main :is(h1, h2, dt, th[scope=col])"),
)


@pytest.mark.parametrize("picture", PICTURES, ids=[picture.name for picture in PICTURES])
def test_a_picture_shows_what_its_page_says(windows: Callable[..., Window], served: Served, picture: Picture) -> None:
    window = windows(served, picture.person)
    page = window.page
    page.set_viewport_size({"width": picture.size[0], "height": picture.size[1]})
    path = picture.path
    for name, value in parts(served.outputs).items():
        path = path.replace("{" + name + "}", str(value))
    window.go(path)
    if picture.at:
        page.locator(picture.at).first.evaluate("one => one.scrollIntoView()")
    words = CHANGING.sub("…", " ".join(" ".join(page.locator(picture.words).all_inner_texts()).split()))
    if TAKE:
        _keep(picture.name, words, page.screenshot())
    data = (IMAGES / f"{picture.name}.png").read_bytes()
    assert data.startswith(PNG)
    assert len(data) <= LARGEST
    assert json.loads(WORDS.read_text(encoding="utf-8"))[picture.name] == words, "the page has changed: make pictures"


def test_each_picture_is_shown_in_a_guide() -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    kept = {path.stem for path in IMAGES.glob("*.png")}
    assert kept == {picture.name for picture in PICTURES}
    assert {name for name in kept if f"images/{name}.png" not in guides} == set()


def _keep(name: str, words: str, data: bytes) -> None:
    IMAGES.mkdir(exist_ok=True)
    known = json.loads(WORDS.read_text(encoding="utf-8")) if WORDS.exists() else {}
    kept = {one.name: known.get(one.name, "") for one in PICTURES} | {name: words}
    WORDS.write_text(json.dumps(kept, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    (IMAGES / f"{name}.png").write_bytes(data)
