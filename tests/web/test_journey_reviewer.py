"""A reviewer answers questions, one by one and in a workbook; the next wash is another one for it."""

import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.web.browsing import Window
from tests.web.conftest import SEPTEMBER, Months, datawash
from tests.web.serving import Served, serving
from tests.web.signing import somebody
from web.door.roles import Role
from web.published import latest
from web.visit import XLSX


REV = somebody(Role.REVIEWER)
BLIND = "h2:has-text('How they compare')"
ALONE = "[reviewing]\nsecond_share = 0\n"
"""Nobody is asked a second time, so that an answer holds at once."""

Windows = Callable[..., Window]


@pytest.fixture(scope="module")
def reviewed(months: Months, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Pages over a copy of the two months, to be reviewed by one test after the other."""
    place = tmp_path_factory.mktemp("reviewed")
    outputs = Path(shutil.copytree(months.outputs, place / "outputs"))
    (outputs / "pages.toml").write_text(ALONE)
    with serving(outputs, place / "said.txt") as pages:
        yield pages


def pairs_of(outputs: Path) -> pd.DataFrame:
    """The questions about two records that are two people today."""
    run = latest(outputs)
    assert run is not None
    asked = run.table("review_queue").merge(people_of(outputs), left_on="left_id", right_index=True)
    asked = asked.merge(people_of(outputs), left_on="right_id", right_index=True, suffixes=("_of_left", "_of_right"))
    return asked[(asked["kind"] == "pair") & (asked["person_id_of_left"] != asked["person_id_of_right"])]


def people_of(outputs: Path) -> pd.Series:
    """Whose each record is, by the latest wash."""
    run = latest(outputs)
    assert run is not None
    return run.table("person_records").set_index("record_id")["person_id"]


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "plain"])
def test_a_question_is_looked_at_blind_answered_and_stepped_back_to(
    windows: Windows, reviewed: Served, *, javascript: bool
) -> None:
    window = windows(reviewed, REV, javascript=javascript)
    page = window.page
    assert page.inner_text("h1") == "Links to review"
    window.press("text=Go on with the next question")
    assert page.locator(BLIND).count() == 0
    if javascript:
        page.wait_for_selector(".dw-keys:not([hidden])")
        page.keyboard.press("3")
    else:
        page.check("#answer-3")
    assert page.is_checked("#answer-3")
    window.press("text=Keep and go on")
    assert "Your answer was kept." in page.inner_text("main")
    assert page.locator(BLIND).count() == 0
    window.press("text=Step back")
    assert page.is_checked("#answer-3")
    assert page.locator(BLIND).count() == 1


def test_answers_on_the_page_and_in_a_workbook_change_the_next_wash(
    windows: Windows, reviewed: Served, months: Months
) -> None:
    outputs = reviewed.outputs
    before, asked = latest(outputs), pairs_of(outputs)
    assert before is not None
    joined, parted = asked.iloc[-1], asked.iloc[-2]
    window = windows(reviewed, REV)
    page = window.go(f"/review/{joined['review_id']}")
    page.check("#answer-1")
    window.press("text=Keep and go on")
    assert "You said: Same person." in page.inner_text("main")
    said = _hand_back(window, parted["review_id"], "different")
    assert said.startswith("1 of 1 answer")
    datawash("wash", months.september, "--as-of", SEPTEMBER, "--outputs", outputs, "--plain")
    after = latest(outputs)
    assert after is not None
    assert after.run_id != before.run_id
    assert after.run_id in window.go("/review").inner_text("footer")
    whose = people_of(outputs)
    assert whose[joined["left_id"]] == whose[joined["right_id"]]
    assert whose[parted["left_id"]] != whose[parted["right_id"]]
    assert {joined["review_id"], parted["review_id"]}.isdisjoint(after.table("review_queue")["review_id"])
    decided = after.table("decisions").set_index(["left_id", "right_id"])["judgement"]
    assert decided.loc[(joined["left_id"], joined["right_id"])] == "match"
    assert decided.loc[(parted["left_id"], parted["right_id"])] == "no_match"


def _hand_back(window: Window, review_id: str, answer: str) -> str:
    """Save what waits, answer one row of it, send it back; what the page says of that."""
    window.go("/review")
    book = openpyxl.load_workbook(BytesIO(window.download("text=Download what waits for you, as XLSX")))
    sheet = book["Links to review"]
    head = [str(cell.value) for cell in sheet[1]]
    at = next(row for row in range(2, sheet.max_row + 1) if review_id in [cell.value for cell in sheet[row]])
    sheet.cell(at, head.index("Answer") + 1).value = answer
    filled = BytesIO()
    book.save(filled)
    window.page.set_input_files("#file", [{"name": "back.xlsx", "mimeType": XLSX, "buffer": filled.getvalue()}])
    window.press("text=Take the answers")
    return window.page.inner_text("h1")
