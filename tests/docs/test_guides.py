"""Every command of a guide is run, in order, in a folder like the reader's, and says what the guide shows."""

import os
import re
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from pipeline.intake.file_names import canonical_extract
from tests.docs.commands import Call, calls, started_by_a_test
from tests.docs.guides import DOCS, MARKS, ROOT, RUN, blocks, code_spans, guides, tables_after
from tests.docs.place import Place, Washed, follow
from tests.docs.showing import find_shown


FOLLOWED = [path for path in guides() if path.parent == DOCS and any(block.mark == RUN for block in blocks(path))]
FILE = re.compile(r"[\w<>/ .-]*[\w>]\.(?:csv|xlsx|parquet|jsonl?|toml|txt|ps1|log)")
LISTS = ("master_list.xlsx", "undetermined.xlsx", "left_list.xlsx", "review_queue.xlsx")
PANEL = ("referral_outcomes.xlsx", "no_lead.xlsx")
ENGINES = ("--prefect", "--plain")
needs_a_shell = pytest.mark.skipif(os.name != "posix", reason="the blocks marked sh are for a POSIX shell")


@needs_a_shell
@pytest.mark.slow
@pytest.mark.parametrize("guide", FOLLOWED, ids=lambda path: path.stem)
def test_every_command_of_a_guide_runs_and_says_what_it_shows(guide: Path, place: Place, first_wash: Washed) -> None:
    for block, said in follow(blocks(guide), place, first_wash):
        missing = "\n".join(line for line, real in find_shown(block.text, said) if real is None)
        assert not missing, f"{block.place} shows what was not said:\n{missing}\n\nIt said:\n{said}"


def test_every_command_of_the_readme_is_run_by_a_guide_or_served_by_a_test() -> None:
    """With other paths and ids, but the same command with at least the same options."""
    run = [call for path in FOLLOWED for block in blocks(path) if block.mark == RUN for call in calls(block.text)]
    here = [call for block in blocks(ROOT / "README.md") for call in calls(block.text)]
    assert {"check", "map", "wash", "explain", "verify", "replay", "schedule"} <= {call.command for call in here}
    assert [call.text for call in here if not (_is_run(call, run) or started_by_a_test(call))] == []


def _is_run(call: Call, run: list[Call]) -> bool:
    return any(call.command == one.command and set(call.options) <= {*one.options, *ENGINES} for one in run)


def test_every_block_has_a_mark_that_is_known_and_ends_where_it_should() -> None:
    for guide in DOCS.glob("*.md"):
        assert [block.place for block in blocks(guide) if block.mark not in MARKS] == []
        fences = re.findall(r"^```", guide.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(fences) == 2 * len(blocks(guide)), guide.name


def test_what_the_marks_mean_is_said_to_the_reader() -> None:
    page = (DOCS / "README.md").read_text(encoding="utf-8")
    assert [mark for mark in MARKS if f"`{mark}`" not in page] == []


def test_files_that_are_named_are_there(first_wash: Washed) -> None:
    """In the project, in a clone where the sample was washed, made by the guide itself, or of a canonical name."""
    there = {path.name for folder in (first_wash.place.folder, DOCS, ROOT / "tests/docs") for path in folder.rglob("*")}
    there |= {path.name for folder in (ROOT, ROOT / "linkage") for path in folder.iterdir()}
    there |= {path.name for path in (ROOT / "web").rglob("*")}
    there |= {"server.json", "decisions.jsonl", "pages.toml"}  # left by a schedule, by reviewers; made by a council
    there |= {"rights.jsonl", "retention.jsonl"}  # left by whoever marks people, holds or purges
    for page in DOCS.glob("*.md"):
        made = "\n".join(block.rest + block.text for block in blocks(page))
        named = {span.rsplit("/", 1)[-1] for span in code_spans(page) if FILE.fullmatch(span)}
        assert {name for name in named - there if name not in made and not canonical_extract(name)} == set(), page.name


@pytest.mark.parametrize("name", [*LISTS, *PANEL, "evidence/master_list_evidence.xlsx"])
def test_the_headings_of_a_list_are_explained_one_by_one(name: str, first_wash: Washed) -> None:
    page = "referrals-and-panel.md" if name in PANEL else "reading-the-master-list.md"
    (explained,) = tables_after(DOCS / page, f"columns of {name}")
    sheet = CalamineWorkbook.from_path(str(first_wash.run / name)).get_sheet_by_index(0)
    assert [row[0] for row in explained] == [str(cell) for cell in next(sheet.iter_rows())]
    assert all(row[1] for row in explained)


def test_the_files_of_a_run_that_a_person_opens_are_explained(first_wash: Washed) -> None:
    page = (DOCS / "reading-the-master-list.md").read_text(encoding="utf-8")
    books = [path.relative_to(first_wash.run).as_posix() for path in first_wash.run.rglob("*.xlsx")]
    unsaid = [name for name in books if f"`{name}`" not in page and f"`{name.split('/')[0]}/`" not in page]
    assert unsaid == []


@pytest.mark.parametrize(
    ("shown", "said", "fits"),
    [
        ("12 rows read", "1,234 rows read", True),
        ("12 rows read", "12 rows accepted", False),
        ("run 2013-09-30-a4ad7098cdbf", "run 2014-01-31-00ffee112233", True),
        ("  a    1", "    a 22", True),
        ("first ... last", "first and more and last", True),
        ("first ... last", "first and more", False),
        ("one\n...\ntwo", "one\nx\ny\ntwo", True),
        ("two\none", "one\ntwo", False),
        ("feed 1", "faced 1", False),
    ],
)
def test_a_shown_line_fits_what_was_said_but_for_its_numbers(shown: str, said: str, fits: bool) -> None:
    assert all(real is not None for _, real in find_shown(shown, said)) is fits
