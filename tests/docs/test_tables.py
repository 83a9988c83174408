"""Tables that come from the code say what the code says, and words for settings are for settings that there are."""

from pathlib import Path

import pytest

from tests.docs.settings_page import WORDS, described
from tests.docs.tables import WRITTEN, written


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.stem)
def test_a_page_from_the_code_is_what_the_code_says(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == written()[page], "run: python -m tests.docs.tables"


def test_no_word_is_for_a_setting_that_is_gone() -> None:
    said = {(place, key) for place, words in WORDS.items() for key in words}
    assert said - described() == set()
