"""Writes what the guides take from the code: `python -m tests.docs.tables`. A test holds the pages to it."""

import re
from pathlib import Path

from tests.docs import extracts_page, settings_page
from tests.docs.extracts_page import RULES_MARK, render_extracts, render_rules
from tests.docs.guides import DOCS
from tests.docs.settings_page import render_settings


RULES_GUIDE = DOCS / "your-own-extracts.md"
WRITTEN = (settings_page.PAGE, extracts_page.PAGE, RULES_GUIDE)
_RULES = re.compile(rf"(?<=<!-- {re.escape(RULES_MARK)} -->\n\n)(?:\|.*\n)*")


def written() -> dict[Path, str]:
    """Each page that holds something from the code, as it should be."""
    guide = RULES_GUIDE.read_text(encoding="utf-8")
    assert len(_RULES.findall(guide)) == 1, f"{RULES_GUIDE.name} has no place for the table of rules"
    return {
        settings_page.PAGE: render_settings(),
        extracts_page.PAGE: render_extracts(),
        RULES_GUIDE: _RULES.sub(lambda _: render_rules(), guide),
    }


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
