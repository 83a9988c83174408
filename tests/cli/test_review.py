"""The review queue as a reviewer has it: answered in the workbook, handed back, and never asked twice of the same."""

import csv
import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from benchmarks.borough import make_borough, write_borough
from cli import commands
from cli.guard import guarded
from tests.cli.conftest import Ran


FIRST, SECOND = "2013-09-30", "2013-10-31"
SETTINGS = """
[linkage]
accept = 0.98
review = 0.02

[extracts]
max_quarantined_share = 0.5
"""
"""Much is doubtful, so that there is much to ask about in a small place; one bad row of ten is no reason to stop."""

ANSWERS = {"pair": "match", "bridge": "match", "household": "other_household"}


def run_here(*arguments: Any) -> Ran:
    """Run `datawash` with `arguments` in this process."""
    out, err = io.StringIO(), io.StringIO()
    given = [str(argument) for argument in arguments]
    with redirect_stdout(out), redirect_stderr(err):
        code = guarded(lambda: commands.datawash.main(given, prog_name="datawash", standalone_mode=False) or 0)
    return Ran(code, out.getvalue(), err.getvalue())


class Month:
    """A wash of a month: its run and what was said."""

    def __init__(self, place: Path, extracts: Path, as_of: str, *more: Any) -> None:
        """Wash `extracts` as of a day."""
        self.outputs = place / "outputs"
        self.ran = run_here("wash", extracts, "--as-of", as_of, "--outputs", self.outputs, "--plain", "--json", *more)
        assert self.ran.code == 0, self.ran.err
        self.run = Path(self.ran.facts["path"])

    def table(self, name: str) -> pd.DataFrame:
        """A table of the run."""
        return pd.read_parquet(self.run / "tables" / f"{name}.parquet")

    @property
    def owners(self) -> pd.Series:
        """Whose each record is, by the place of its row in its file."""
        records = self.table("person_records")
        return records.set_index("record_id")["person_id"]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)


def answer(book: Path, into: Path, chosen: list[int]) -> None:
    """Fill in the answers of the questions of these ranks, as somebody would in a spreadsheet program."""
    workbook = openpyxl.load_workbook(book)
    page = workbook["Links to review"]
    column = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        if page.cell(row, column["Rank"]).value in chosen:
            kind = page.cell(row, column["Kind"]).value
            page.cell(row, column["Judgement"]).value = ANSWERS[kind]
            page.cell(row, column["Decided by"]).value = "A. Reviewer"
            page.cell(row, column["Decided on"]).value = date(2013, 10, 2)
    workbook.save(into)


def next_month(extracts: Path, into: Path, moved: dict[str, str]) -> Path:
    """The same rows in another order, so that every record has another id; one person has another address."""
    into.mkdir()
    for path in extracts.glob("*.csv"):
        rows = rows_of(path)[::-1]
        for row in rows if "address" in rows[0] else []:
            if all(row.get(name) == value for name, value in moved.items()):
                row |= {"address": "77 Nowhere Road, Farham", "uprn": ""}
        write(into / path.name, rows)
    shutil.copy(extracts / "wash.toml", into)
    return into


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Month]:
    """A small borough, washed: its place, its extracts, the wash."""
    place = tmp_path_factory.mktemp("review")
    borough = make_borough(800, seed=4, as_of=date.fromisoformat(FIRST))
    write_borough(borough, place / "borough")
    extracts = place / "borough"
    (extracts / "wash.toml").write_text(SETTINGS, encoding="utf-8")
    return place, extracts, Month(place, extracts, FIRST)


def test_the_workbook_shows_both_records_and_takes_answers(first: tuple[Path, Path, Month]) -> None:
    queue = first[2].table("review_queue")
    page = openpyxl.load_workbook(first[2].run / "review_queue.xlsx")["Links to review"]
    rows = list(page.iter_rows(min_row=2, values_only=True))
    head = [cell.value for cell in page[1]]
    assert page.freeze_panes == "C2"
    assert [row[head.index("Review ID")] for row in rows] == queue["review_id"].tolist()
    for name in ("Left where", "Right where", "Left source", "Right source", "Change", "Left hash"):
        assert all(row[head.index(name)] for row in rows), name
    assert any(row[head.index("Left surname")] for row in rows)
    asked = 0
    for choice in page.data_validations.dataValidation:
        places = [row for cells in choice.sqref.ranges for row in range(cells.min_row, cells.max_row + 1)]
        cells = [page.cell(row, head.index("Kind") + 1).value for row in places]
        asked += len(places)
        words = "same_household,other_household" if "household" in cells else "match,no_match"
        assert choice.formula1 == f'"{words}"'
        assert len({kind == "household" for kind in cells}) == 1
    assert asked == len(rows)


def test_answers_hold_next_month_and_who_changed_is_asked_again(first: tuple[Path, Path, Month]) -> None:
    place, extracts, month = first
    queue = month.table("review_queue")
    about_people = queue[(queue["kind"] != "household") & queue["settled"].isna()]
    sheet = pd.read_excel(month.run / "review_queue.xlsx")
    told = sheet[sheet[["Left date of birth", "Left forename", "Left address"]].notna().all(axis=1)]
    known = about_people["rank"].isin(told["Rank"])
    ranks = [*about_people.loc[known, "rank"].head(1), *about_people.loc[~known, "rank"].head(2)]
    assert len(ranks) == 3
    handed_back = place / "answered.xlsx"
    answer(month.run / "review_queue.xlsx", handed_back, ranks)

    one = told[told["Rank"].isin(ranks)].iloc[0]
    moved = {
        "forename": one["Left forename"],
        "surname": one["Left surname"],
        "date_of_birth": one["Left date of birth"].date().isoformat(),
    }
    later = next_month(extracts, place / "later", moved)
    second = Month(place, later, SECOND, "--judgements", handed_back)
    said = second.ran.facts["judgements"]
    assert said["carried_over"] + said["to_check_again"] == 3
    assert said["to_check_again"] >= 1
    asked = second.table("review_queue")
    assert (asked["why"] == "record changed since it was judged").sum() == said["to_check_again"]
    assert asked["why"].iloc[0] == "record changed since it was judged"
    carried = second.table("decisions").query("outcome == 'carried over'")
    owners = second.owners
    assert (owners[carried["left_id"]].to_numpy() == owners[carried["right_id"]].to_numpy()).all()
    assert not set(carried["left_id"]) & set(queue["left_id"])


def decide(path: Path, *rows: str) -> Path:
    path.write_text("\n".join(["left_id,right_id,judgement,decided_by,decided_on", *rows]) + "\n", encoding="utf-8")
    return path


def test_contradictions_are_named_by_file_and_row(first: tuple[Path, Path, Month]) -> None:
    place, extracts, month = first
    one, two, three = month.table("person_records")["record_id"].iloc[[0, 40, 80]]
    file = decide(
        place / "decisions.csv",
        f"{one},{two},match,A. Reviewer,2013-10-01",
        f"{two},{three},match,A. Reviewer,2013-10-01",
        f"{three},{one},no_match,B. Reviewer,2013-10-03",
    )
    ran = run_here("wash", extracts, "--as-of", FIRST, "--outputs", place / "other", "--plain", "--judgements", file)
    assert ran.code == 2
    assert all(f"decisions.csv, row {row} says" in ran.err for row in (2, 3, 4))
    assert one not in ran.err
