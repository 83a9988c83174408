"""The questions as a workbook to fill in away from the pages, and its answers taken back; decides no answer.

It shows no weights: who fills it in looks at the records first, as on a page. Whoever hands it back has decided, and
nobody else: a name written into it counts for nothing.
"""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from pipeline.decisions.answering import Given, Reviewer, Taken, record_answers
from pipeline.decisions.opinions import UNSURE
from pipeline.decisions.reasons import ABOUT_HOMES, ABOUT_PEOPLE, EVERY
from pipeline.intake.reading import read_rows
from pipeline.intake.unreadable import UPLOAD_LIMITS
from pipeline.record.scratch import scratch_folder
from reports.workbook import Choice, Cover, Sheet, heading, write_workbook
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.words import Answer, ReviewKind
from web.published import Published
from web.review import shown
from web.review.desk import Desk, Put


TITLE, REASONS = "Links to review", "Reasons"
NOTES = (
    "Compare the two records and answer in the yellow cells. Leave a row empty that you do not want to answer; say not "
    "sure where you cannot tell, and a colleague is asked.",
    "Reason and note are for whoever asks later how you knew. Do not repeat names or dates of birth there.",
    "Hand the file back on the page of review, signed in as yourself: what stands in it is then your decision.",
    "Names stand here: keep the file as safe as the lists, and delete it when it is handed back.",
)
FILL = ("answer", "reason", "note")
SAID = {
    ReviewKind.HOUSEHOLD: {"together": Answer.SAME_HOUSEHOLD, "apart": Answer.OTHER_HOUSEHOLD, "not sure": UNSURE},
    ReviewKind.PAIR: {"same": Answer.MATCH, "different": Answer.NO_MATCH, "not sure": UNSURE},
}
SHOWN = tuple(name for name in shown.FIELDS if name not in ("where",))
BEHIND = ("review_id", "left_hash", "right_hash")
NO_SUCH = "no such question waits in the latest wash: download the questions again"
OUTCOMES = {
    Taken.TAKEN: "taken",
    Taken.CHANGED: "taken, in place of your earlier answer",
    Taken.ALREADY: "had been taken already",
    Taken.STALE: "not taken: you have answered it otherwise since; change that on its page",
    Taken.REFERRED: "not taken: you were not sure, so a colleague decides",
    Taken.NOT_NEEDED: "not taken: others have answered it meanwhile",
    Taken.WRONG: "not taken: this is no answer to such a question, or no reason of the list, or the note is too long",
}


class Row(NamedTuple):
    """What became of a row of a workbook: its number, the question, and that in words."""

    number: int
    review_id: str
    said: str
    taken: bool


def make_workbook(run: Published, put: Iterable[Put], cover: Cover) -> bytes:
    """The questions with both records side by side, as an XLSX to fill in."""
    chosen = list(put)
    table = pd.DataFrame([_row(run, one) for one in chosen], columns=_columns()).astype(dict.fromkeys(FILL, TEXT))
    homes = tuple(at for at, one in enumerate(chosen) if one.asked.kind == ReviewKind.HOUSEHOLD)
    people = tuple(at for at in range(len(chosen)) if at not in set(homes))
    choices = []
    for rows, kind, reasons in ((homes, ReviewKind.HOUSEHOLD, ABOUT_HOMES), (people, ReviewKind.PAIR, ABOUT_PEOPLE)):
        choices += [Choice("answer", tuple(SAID[kind]), rows), Choice("reason", _spoken(reasons), rows)]
    said = {f"left_{name}": f"A: {words}" for name, words in shown.FIELDS.items()}
    said |= {f"right_{name}": f"B: {words}" for name, words in shown.FIELDS.items()}
    told = pd.DataFrame({"reason": _spoken(EVERY), "what_it_says": list(EVERY.values())})
    data = io.BytesIO()
    sheets = [Sheet(TITLE, table, said, 2, FILL, tuple(choices)), Sheet(REASONS, told)]
    write_workbook(data, cover._replace(notes=(*NOTES, *cover.notes)), sheets)
    return data.getvalue()


def take_workbook(outputs: Path, laid: Desk, data: bytes, by: Reviewer) -> list[Row]:
    """Take the answers of a filled-in workbook; what became of each of its rows that say something.

    Raises UsageError, ExtractRefusedError where the file is no such workbook.
    """
    rows, numbers = _read(data)
    answered = [(number, row) for number, row in zip(numbers, rows, strict=True) if row["answer"]]
    found = [(number, row, laid.find(row["review_id"])) for number, row in answered]
    wrong = {number: why for number, row, one in found if (why := _refusal(row, one))}
    twice = _twice([row["review_id"] for number, row, _ in found if number not in wrong])
    wrong |= {number: "not taken: this question stands in more than one row" for number, row, _ in found
              if row["review_id"] in twice and number not in wrong}
    good = [(number, one.asked, _given(row, one)) for number, row, one in found if one and number not in wrong]
    taken = record_answers(outputs, [(asked, given) for _, asked, given in good], by)
    told = {number: outcome for (number, _, _), outcome in zip(good, taken, strict=True)}
    return [Row(number, row["review_id"], wrong.get(number) or OUTCOMES[told[number]],
                told.get(number) in (Taken.TAKEN, Taken.CHANGED)) for number, row, _ in found]


def _columns() -> list[str]:
    sides = [f"{side}_{name}" for name in SHOWN for side in ("left", "right")]
    return ["number", *FILL, "question", *sides, "other_records_they_would_join", *BEHIND]


def _row(run: Published, one: Put) -> list[object]:
    both = shown.show(run, one)
    sides = [side.said[name] for name in SHOWN for side in (both.left, both.right)]
    joins = both.bridged if one.asked.kind != ReviewKind.HOUSEHOLD else None
    hashes = (one.asked.review_id, one.asked.left_hash, one.asked.right_hash)
    return [one.rank, None, None, None, shown.ASKS[ReviewKind(one.asked.kind)], *sides, joins, *hashes]


def _spoken(reasons: Iterable[str]) -> tuple[str, ...]:
    """Codes of reasons as they stand in a cell."""
    return tuple(code.replace("_", " ") for code in reasons)


def _read(data: bytes) -> tuple[list[dict[str, str]], list[int]]:
    with scratch_folder() as place:
        path = place / "answers.xlsx"
        path.write_bytes(data)
        rows = read_rows(path, "answers.xlsx", sheet=TITLE, may_be_empty=True, limits=UPLOAD_LIMITS)
    wanted = {heading(column): column for column in (*FILL, *BEHIND)}
    frame = rows.frame.rename(columns={text: wanted[text] for text in rows.frame if text in wanted})
    missing = [heading(column) for column in (*FILL, *BEHIND) if column not in frame]
    if missing:
        said = ", ".join(missing)
        raise UsageError(f"The file has no column {said}. Hand back the workbook that you downloaded here.")
    table = frame[[*FILL, *BEHIND]].fillna("").apply(lambda column: column.str.strip())
    return table.to_dict("records"), rows.row_numbers.tolist()


def _refusal(row: dict[str, str], one: Put | None) -> str:
    """Why a row's answer is not taken; empty where it may be."""
    if one is None:
        return f"not taken: {NO_SUCH}"
    if (row["left_hash"], row["right_hash"]) != (one.asked.left_hash, one.asked.right_hash):
        return "not taken: a record says something else since: check again on its page"
    return "" if row["answer"].casefold() in _answers(one) else OUTCOMES[Taken.WRONG]


def _twice(ids: list[str]) -> set[str]:
    return {one for one in ids if ids.count(one) > 1}


def _answers(one: Put) -> dict[str, str]:
    homes = one.asked.kind == ReviewKind.HOUSEHOLD
    return {word: str(said) for word, said in SAID[ReviewKind.HOUSEHOLD if homes else ReviewKind.PAIR].items()}


def _given(row: dict[str, str], one: Put) -> Given:
    reason = "_".join(row["reason"].casefold().split())
    return Given(_answers(one)[row["answer"].casefold()], reason, row["note"])
