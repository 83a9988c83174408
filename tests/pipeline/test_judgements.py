"""The file of decisions, however it comes: the review queue itself, a table, with blanks, with nothing decided."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter

from pipeline.config import Settings
from pipeline.intake.archive import archive_file
from pipeline.judgements import Judgements, read_judgements
from pipeline.record.manifest import Pointer
from pipeline.record.run import Run
from schemas.errors import UsageError


HEAD = "left_id,right_id,judgement,decided_by,decided_on,reason"


def run_with(file: Path, previous: Path | None = None) -> Run:
    archived = archive_file(file, file.parent / "outputs" / "archive")
    return Run(
        folder=file.parent / "outputs" / "run.part",
        outputs=file.parent / "outputs",
        run_id="r",
        base_id="b",
        as_of=date(2013, 9, 30),
        settings=Settings(),
        settings_file=None,
        sources=(),
        not_read=(),
        without=(),
        previous=previous,
        judgements=Pointer(name=file.name, sha256=archived.sha256),
    )


def read(file: Path, previous: Path | None = None) -> Judgements:
    found = read_judgements(run_with(file, previous))
    assert found is not None
    return found


def text(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            page = book.add_worksheet(name.replace("_", " "))
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, date):
                        page.write_datetime(number, column, value, day)
                    elif value is not None:
                        page.write(number, column, value)
    return path


def test_without_a_file_there_are_no_judgements(tmp_path: Path) -> None:
    run = run_with(text(tmp_path / "d.csv"))
    assert read_judgements(Run(**{**run.__dict__, "judgements": None})) is None


def test_a_row_without_a_judgement_is_no_decision(tmp_path: Path) -> None:
    found = read(text(tmp_path / "d.csv", "a,b,match,Ann,2013-10-02,seen", "c,d,,Ann,,to be asked", "e,f,,,,"))
    assert found.frame[["left_id", "row"]].values.tolist() == [["a", "d.csv, row 2"]]
    assert found.unanswered == 2


def test_a_file_in_which_nothing_is_decided_yet_is_accepted(tmp_path: Path) -> None:
    found = read(text(tmp_path / "d.csv"))
    assert (len(found.frame), found.unanswered) == (0, 0)


@pytest.mark.parametrize("word", ["match", "Match", " MATCH ", "no match", "No-match", "same household"])
def test_words_may_be_written_as_people_write_them(tmp_path: Path, word: str) -> None:
    (judgement,) = read(text(tmp_path / "d.csv", f"a,b,{word},Ann,,")).frame["judgement"]
    assert judgement == "_".join(word.strip().lower().replace("-", " ").split())


@pytest.mark.parametrize("day", ["2013-10-02", "02/10/2013", "2 October 2013"])
def test_days_may_be_written_as_people_write_them(tmp_path: Path, day: str) -> None:
    assert read(text(tmp_path / "d.csv", f"a,b,match,Ann,{day},")).frame["decided_on"].tolist() == ["2013-10-02"]


def test_headings_may_be_those_of_the_workbook_and_both_sheets_are_read(tmp_path: Path) -> None:
    head = ["Rank", "Judgement", "Decided by", "Decided on", "Left ID", "Right ID", "Kind"]
    asked = [head, [1, "match", "Ann", date(2013, 10, 2), "a", "b", "pair"], [2, None, None, None, "c", "d", "pair"]]
    earlier = [["Left ID", "Right ID", "Judgement", "Decided by"], ["e", "f", "no_match", "Bob"]]
    found = read(workbook(tmp_path / "queue.xlsx", Links_to_review=asked, Decisions=earlier))
    assert found.frame[["left_id", "judgement", "decided_on"]].fillna("").values.tolist() == [
        ["a", "match", "2013-10-02"],
        ["e", "no_match", ""],
    ]
    assert found.frame["row"].tolist() == ["queue.xlsx, row 2", "queue.xlsx, sheet Decisions, row 2"]
    assert found.unanswered == 1


def test_a_parquet_file_does_as_well(tmp_path: Path) -> None:
    frame = pd.DataFrame({"left_id": ["a"], "right_id": ["b"], "judgement": ["match"], "decided_by": ["Ann"]})
    frame.to_parquet(tmp_path / "d.parquet")
    assert len(read(tmp_path / "d.parquet").frame) == 1


def test_hashes_alone_say_which_records_are_meant(tmp_path: Path) -> None:
    found = read(text(tmp_path / "d.csv", "h1,h2,match,Ann", head="left_hash,right_hash,judgement,decided_by"))
    assert found.frame["left_hash"].tolist() == ["h1"]


def test_a_review_id_stands_for_the_question_that_the_previous_run_asked(tmp_path: Path) -> None:
    (tmp_path / "previous" / "tables").mkdir(parents=True)
    asked = {"review_id": ["R1"], "left_id": ["a"], "right_id": ["b"], "left_hash": ["x"], "right_hash": ["y"]}
    table = pd.DataFrame(asked | {"kind": ["pair"]})
    table.to_parquet(tmp_path / "previous" / "tables" / "review_queue.parquet")
    head = "review_id,judgement,decided_by"
    found = read(text(tmp_path / "d.csv", "R1,match,Ann", head=head), tmp_path / "previous").frame
    assert found[["left_id", "right_id", "left_hash"]].values.tolist() == [["a", "b", "x"]]
    with pytest.raises(UsageError, match=r"e\.csv, row 3: its review_id is not in the review queue"):
        read(text(tmp_path / "e.csv", "R1,match,Ann", "R2,match,Ann", head=head), tmp_path / "previous")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("a,b,perhaps,Ann,,", "a judgement is one of match, no_match, same_household, other_household"),
        ("a,b,match,,,", "who decided"),
        ("a,,match,Ann,,", "which two records"),
        ("a,b,match,Ann,soon,", "decided_on is not a day"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_row_and_not_by_value(tmp_path: Path, row: str, why: str) -> None:
    with pytest.raises(UsageError, match=r"d\.csv, row 3: ") as caught:
        read(text(tmp_path / "d.csv", "x,y,match,Ann,,", row))
    assert why in str(caught.value)
    assert "perhaps" not in str(caught.value)


@pytest.mark.parametrize(("kind", "word"), [("household", "match"), ("pair", "same_household")])
def test_an_answer_fits_its_question(tmp_path: Path, kind: str, word: str) -> None:
    with pytest.raises(UsageError, match="household question"):
        read(text(tmp_path / "d.csv", f"a,b,{word},Ann,,,{kind}", head=f"{HEAD},kind"))


def test_a_file_without_the_columns_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"d\.csv has no column decided_by"):
        read(text(tmp_path / "d.csv", head="left_id,right_id,judgement"))
    with pytest.raises(UsageError, match="says which records"):
        read(text(tmp_path / "d.csv", head="judgement,decided_by"))
