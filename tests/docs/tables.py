"""Writes what the guides take from the code: `python -m tests.docs.tables`. A test holds the pages to it."""

import re
from pathlib import Path

from tests.docs import extracts_page, kept_page, problems_table, settings_page
from tests.docs.extracts_page import RULES_MARK, render_extracts, render_rules
from tests.docs.guides import DOCS
from tests.docs.settings_page import render_pages_settings, render_settings


RULES_GUIDE = DOCS / "your-own-extracts.md"
WRITTEN = (settings_page.PAGE, settings_page.PAGES_PAGE, extracts_page.PAGE, RULES_GUIDE, problems_table.PAGE)
WRITTEN += (kept_page.PAGE,)


def written() -> dict[Path, str]:
    """Each page that holds something from the code, as it should be."""
    return {
        settings_page.PAGE: render_settings(),
        settings_page.PAGES_PAGE: render_pages_settings(),
        extracts_page.PAGE: render_extracts(),
        RULES_GUIDE: _with_table(RULES_GUIDE, RULES_MARK, render_rules()),
        kept_page.PAGE: _with_table(kept_page.PAGE, kept_page.MARK, kept_page.render_purposes()),
        problems_table.PAGE: _with_table(problems_table.PAGE, problems_table.MARK, problems_table.render_problems()),
    }


def _with_table(page: Path, mark: str, table: str) -> str:
    """A page with the table after the comment that marks its place."""
    place = re.compile(rf"(?<=<!-- {re.escape(mark)} -->\n\n)(?:\|.*\n)*")
    text = page.read_text(encoding="utf-8")
    assert len(place.findall(text)) == 1, f"{page.name} has no place for the table: {mark}"
    return place.sub(lambda _: table, text)


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
