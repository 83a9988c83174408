"""The workbook that a reviewer fills in: each question with both records side by side, and what was decided before.

It goes back as it is to the next wash (`--judgements`). Decides no question and no order; shows nothing that the
extracts did not say, and no UPN or NINO: how they compare says enough.
"""

import pandas as pd

from linkage.explain import in_words
from pipeline.judgements import ANSWERS, EARLIER
from pipeline.record.run import Run
from pipeline.reviewing.records import SHOWN
from reports.workbook import Choice, Cover, Sheet
from schemas.columns import TEXT


QUESTIONS = "Links to review"
ANSWER = ("judgement", "decided_by", "decided_on", "reason")
ASKED = ("kind", "why", "change", "effect")
BEHIND = ("match_weight", "match_probability", "review_id", "left_id", "right_id", "left_hash", "right_hash")
NOTES = (
    "Compare the two records and answer in the yellow cells: match or no_match, and for a household question "
    "same_household or other_household. Leave a row empty that you cannot answer.",
    "Say who decided, on which day, and why, without repeating names or dates of birth in the reason.",
    "Give the whole file back to the analyst: the next wash takes it as it is. The sheet Decisions holds what was "
    "decided before; to change your mind, answer there.",
    "The questions stand in the order of what hangs on them. Names stand here: keep the file as safe as the lists.",
)
EFFECTS = {
    "on_list": "would put a family on the list",
    "off_list": "would take a family off the list",
    "on_and_off": "would put one family on the list and take another off",
    "undetermined": "would change whether a family could still come onto it",
}
HEAVY, LIGHT = 3.0, 1.0
EVIDENCE = ("youth_offending", "asb", "exclusions", "education_status", "dwp_benefits", "local_indicators")
"""Extracts whose every row may decide a criterion: a question about such a record matters more."""


def what_matters(source: pd.Series) -> pd.Series:
    """How much each record matters to who is eligible, by the extract that it is from."""
    return source.isin(EVIDENCE).map({True: HEAVY, False: LIGHT}).astype("float64")


def review_cover(cover: Cover) -> Cover:
    """What a reviewer must know before the first answer."""
    return cover._replace(notes=(*NOTES, *cover.notes))


def review_sheets(run: Run) -> list[Sheet]:
    """The questions, with the answers to fill in, and the decisions that the wash was given."""
    table = review_table(run)
    kinds = {word: tuple((table["kind"] == word).to_numpy().nonzero()[0].tolist()) for word in ANSWERS}
    choices = tuple(Choice("judgement", tuple(words), kinds[kind]) for kind, words in ANSWERS.items())
    earlier = run.read("decisions")
    questions = Sheet(QUESTIONS, table, frozen=2, answers=ANSWER, choices=choices)
    return [questions, Sheet(EARLIER, earlier)]


def review_table(run: Run) -> pd.DataFrame:
    """Every question with empty answers, both records side by side, how they compare, and what lies behind it."""
    queue = run.read("review_queue")
    shown = run.read("review_records").set_index("record_id")
    table = queue[["rank"]].assign(**{name: pd.array([None] * len(queue), dtype=TEXT) for name in ANSWER})
    table = table.join(queue[list(ASKED)].assign(effect=queue["effect"].map(EFFECTS).astype(TEXT)))
    sides = {side: shown.reindex(queue[f"{side}_id"]).reset_index(drop=True) for side in ("left", "right")}
    for name in SHOWN:
        for side, records in sides.items():
            table[f"{side}_{name}"] = records[name]
    table["compared"] = _compared(run, queue)
    return table.join(queue[list(BEHIND)])


def _compared(run: Run, queue: pd.DataFrame) -> pd.Series:
    """How the two records of each question compare, in words; nothing for a question about homes."""
    ends = ["left_id", "right_id"]
    asked = run.read("review_pairs").merge(queue.loc[queue["kind"] != "household", ends], on=ends)
    words = {(pair["left_id"], pair["right_id"]): in_words(pair) for pair in asked.to_dict("records")}
    texts = [words.get(ends) for ends in zip(queue["left_id"], queue["right_id"], strict=True)]
    return pd.Series(pd.array(texts, dtype=TEXT), index=queue.index)
