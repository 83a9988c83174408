"""The decisions that people took about pairs of records, read for a wash; decides nothing about the pairs.

They come from the decisions file below the outputs, and from a file that the wash was given: the review queue itself
with its answers, or any table with the same columns. Of a workbook the sheet `Decisions` is read too: there the queue
keeps what was decided before.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.decisions.opinions import standing
from pipeline.decisions.store import DECIDED, parse_decisions
from pipeline.intake.archive import opened, read_archived
from pipeline.intake.dates import NO_DAY, read_days
from pipeline.intake.reading import Rows, list_sheets, read_rows
from pipeline.record.chain import Entry
from pipeline.record.run import Run
from schemas.columns import TEXT
from schemas.errors import UsageError
from schemas.words import Answer, ReviewKind


EARLIER = "Decisions"
SIDES = (("left_id", "right_id"), ("left_hash", "right_hash"), ("review_id",))
"""What may say which two records are meant; one of these is enough."""

COLUMNS = ("left_id", "right_id", "judgement", "decided_by", "decided_on", "reason", "left_hash", "right_hash")
ABOUT_HOMES = (Answer.SAME_HOUSEHOLD, Answer.OTHER_HOUSEHOLD)
ANSWERS = {
    ReviewKind.PAIR: (Answer.MATCH, Answer.NO_MATCH),
    ReviewKind.BRIDGE: (Answer.MATCH, Answer.NO_MATCH),
    ReviewKind.HOUSEHOLD: ABOUT_HOMES,
}
"""What may be answered to each kind of question."""


class Judgements(NamedTuple):
    """Decisions, as `linkage.link` takes them, with the row of the file that each stands in; and rows without one."""

    frame: pd.DataFrame
    unanswered: int


def read_judgements(run: Run) -> Judgements | None:
    """The run's judgements; None where there are none. UsageError names file, row and remedy of one that is wrong.

    A row without a judgement is no decision, whatever else stands in it. A row of the file that says what the decisions
    file says, or said once, is no other decision.
    """
    decided, given = _decided(run), _given(run)
    if decided is None or given is None:
        return decided or given
    spare = _said(given.frame).isin(_said(_every(run))).to_numpy()
    return Judgements(pd.concat([decided.frame, given.frame[~spare]], ignore_index=True), given.unanswered)


def _decided(run: Run) -> Judgements | None:
    """What stands in the decisions file, as it was archived."""
    return None if run.decisions is None else Judgements(standing(_entries(run)), 0)


def _entries(run: Run) -> tuple[Entry, ...]:
    held = run.decisions
    return () if held is None else parse_decisions(read_archived(run.archive / held.sha256)).entries


def _every(run: Run) -> pd.DataFrame:
    """All that the decisions file ever said, what stands by several people too, as far as a workbook repeats it."""
    entries = _entries(run)
    rows = [entry | {"judgement": entry["answer"]} for entry in entries if entry["event"] == DECIDED]
    return pd.concat([pd.DataFrame(rows), standing(entries)], ignore_index=True)


def _said(decisions: pd.DataFrame) -> pd.Series:
    """What makes two decisions one: the two hashes, in either order, what was said, by whom and on which day."""
    ends = decisions[["left_hash", "right_hash"]].astype("object").fillna("").to_numpy()
    others = decisions[["judgement", "decided_by", "decided_on"]].astype("object").fillna("").to_numpy()
    texts = ["\x1f".join([*sorted(pair), *rest]) for pair, rest in zip(ends.tolist(), others.tolist(), strict=True)]
    return pd.Series(texts, dtype="object")


def _given(run: Run) -> Judgements | None:
    """What the file that the wash was given says."""
    if run.judgements is None:
        return None
    with opened(run.archive / run.judgements.sha256) as path:
        return _read_file(path, run.judgements.name, _asked_before(run))


def _read_file(path: Path, name: str, asked: pd.DataFrame | None) -> Judgements:
    """What a file of decisions says; of a workbook the sheet `Decisions` too."""
    sheets: list[str | None] = [None]
    if EARLIER in list_sheets(path, name)[1:]:
        sheets.append(EARLIER)
    tables = []
    for sheet in sheets:
        rows = read_rows(path, name, sheet=sheet, may_be_empty=True)
        place = name if sheet is None else f"{name}, sheet {sheet}"
        tables.append(_read_table(rows, place, asked))
    frames = [table.frame for table in tables if len(table.frame)] or [tables[0].frame]
    return Judgements(pd.concat(frames, ignore_index=True), sum(table.unanswered for table in tables))


def _asked_before(run: Run) -> pd.DataFrame | None:
    """What the previous run asked, by review_id."""
    queue = run.read_previous("review_queue")
    return None if queue is None or "left_hash" not in queue else queue.set_index("review_id")


def _read_table(rows: Rows, place: str, asked: pd.DataFrame | None) -> Judgements:
    frame = rows.frame.rename(columns=_plain)
    missing = [name for name in ("judgement", "decided_by") if name not in frame]
    if missing or not any(set(names) <= set(frame.columns) for names in SIDES):
        raise UsageError(
            f"{place} has no column {', '.join(missing) or 'that says which records are meant'}. It needs judgement, "
            "decided_by, and left_id with right_id; it may have decided_on, reason, left_hash and right_hash. The "
            "review queue has them all."
        )
    frame = frame.reindex(columns=[*COLUMNS, "review_id", "kind"]).astype(TEXT)
    frame = frame.apply(lambda column: column.str.strip().replace("", pd.NA))
    frame["row"] = pd.array([f"{place}, row {number}" for number in rows.row_numbers], dtype=TEXT)
    answered = frame[frame["judgement"].notna()].reset_index(drop=True)
    answered["judgement"] = answered["judgement"].map(_plain).astype(TEXT)
    answered = _with_ids(answered, asked)
    answered["decided_on"] = _days(answered["decided_on"])
    _refuse_wrong(answered)
    return Judgements(answered[[*COLUMNS, "row"]], len(frame) - len(answered))


def _plain(heading: str) -> str:
    """`Left ID` and `left_id` are one."""
    return "_".join(heading.casefold().replace("_", " ").replace("-", " ").split())


def _with_ids(answered: pd.DataFrame, asked: pd.DataFrame | None) -> pd.DataFrame:
    """Ids and hashes filled in from the question, where only its review_id is given."""
    lacks = answered["left_id"].isna() & answered["left_hash"].isna() & answered["review_id"].notna()
    if asked is None or not lacks.any():
        return answered
    for name in ("left_id", "right_id", "left_hash", "right_hash", "kind"):
        known = answered["review_id"].map(asked[name]).astype(TEXT)
        answered[name] = answered[name].where(~lacks, known)
    return answered


def _days(texts: pd.Series) -> pd.Series:
    """Days as ISO text; a text that is no day as it came, for the rule to find."""
    known = pa.array(texts.dropna().unique().tolist(), pa.string())
    read = read_days(known).days
    days = [None if day == NO_DAY else str(np.datetime64(int(day), "D")) for day in read]
    iso = {text: day for text, day in zip(known.to_pylist(), days, strict=True) if day is not None}
    return texts.map(lambda text: iso.get(text, "?"), na_action="ignore").astype(TEXT)


def _refuse_wrong(answered: pd.DataFrame) -> None:
    """Refuse the first row that breaks a rule; rules in the order in which a person would mend them."""
    named = answered[["left_id", "right_id"]].notna().all(axis=1)
    hashed = answered[["left_hash", "right_hash"]].notna().all(axis=1)
    of_homes, about_homes = answered["kind"] == ReviewKind.HOUSEHOLD, answered["judgement"].isin(list(ABOUT_HOMES))
    words = ", ".join(Answer)
    rules = {
        f"a judgement is one of {words}, or empty": ~answered["judgement"].isin(list(Answer)),
        "it does not say who decided (decided_by)": answered["decided_by"].isna(),
        "its review_id is not in the review queue of the previous run; give left_id and right_id": (
            ~named & ~hashed & answered["review_id"].notna()
        ),
        "it does not say which two records are meant (left_id, right_id)": ~named & ~hashed,
        "decided_on is not a day like 2013-10-02": answered["decided_on"] == "?",
        f"a household question is answered by {' or '.join(ABOUT_HOMES)}, any other by match or no_match": (
            answered["kind"].notna() & (of_homes != about_homes)
        ),
    }
    for what, broken in rules.items():
        wrong = broken.fillna(False).to_numpy(dtype=bool)
        if wrong.any():
            raise UsageError(f"{answered['row'].iloc[int(wrong.argmax())]}: {what}.")
