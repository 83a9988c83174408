"""Answers to what a council is asked about its claims, each with the query that counted it; judges no claim.

They are counted from the register and from a run's claim states alone. The queries stand in `questions.toml`.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import pyarrow as pa

from criteria import Framework, load_framework
from pipeline.claims.prepared import settings_of
from pipeline.claims.register import (
    CLAIMED,
    CORRECTED,
    SPOT_CHECKED,
    Entry,
    check_register,
    read_register,
    register_path,
    standing_claims,
)
from pipeline.claims.window import ClaimWindow
from pipeline.published import cover_of, table_of
from pipeline.record.files import private_folder
from pipeline.record.manifest import read_manifest
from reports.workbook import Sheet, write_csv, write_workbook
from schemas.columns import TEXT
from schemas.engine import open_engine


ANSWERS = "answers"
CLAIM = ["claim_id", "window", "claimed_on", "family_ref", "route", "amount", "rate_year"]


class Answered(NamedTuple):
    """The answers (asked, answer, unit, of, percent, beside, query), and where they stand."""

    table: pd.DataFrame
    path: Path


def answer_questions(outputs: Path, run: Path, window: ClaimWindow | None = None) -> Answered:
    """Answer every question from the register (of one window, if given) and from the claim states of `run`."""
    check_register(outputs)
    rules = load_framework(settings_of(run).criteria)
    claims = claims_table(read_register(outputs), window)
    table = ask(claims, cases_table(run), rules)
    name = ANSWERS if window is None else f"{ANSWERS}-{window.folder}"
    path = private_folder(register_path(outputs).parent) / f"{name}.xlsx"
    of = "every window" if window is None else window.label
    notes = (f"Claims of {of}, from the register; cases from the run {run.name}.",
             "Each number is what the query beside it counts; pipeline/claims/questions.toml says what may be asked.")
    cover = cover_of("Questions about the claims", read_manifest(run), settings_of(run), notes)
    write_workbook(path, cover, [Sheet("Answers", table)])
    write_csv(path.with_suffix(".csv"), table)
    return Answered(table, path)


def ask(claims: pa.Table, cases: pa.Table, rules: Framework) -> pd.DataFrame:
    """Run each query over the two tables; one row each, in the order of the questions."""
    with open_engine() as con:
        con.register("claims", claims)
        con.register("cases", cases)
        rows = [_row(con, question, rules) for question in questions()]
    table = pd.DataFrame(rows, columns=["asked", "answer", "unit", "of", "percent", "beside", "query"])
    texts = dict.fromkeys(("asked", "unit", "beside", "query"), TEXT)
    return table.astype({**texts, "answer": "Int64", "of": "Int64", "percent": float})


def questions() -> list[dict[str, str]]:
    """Every question: asked, count, and perhaps of, unit and beside."""
    text = (files("pipeline.claims") / "questions.toml").read_text(encoding="utf-8")
    found: list[dict[str, str]] = tomllib.loads(text)["question"]
    return found


def _row(con: duckdb.DuckDBPyConnection, question: dict[str, str], rules: Framework) -> tuple[Any, ...]:
    answer = int(con.sql(question["count"]).fetchall()[0][0])
    of = int(con.sql(question["of"]).fetchall()[0][0]) if "of" in question else None
    percent = round(100 * answer / of, 1) if of else None
    beside = _beside(question["beside"], rules) if "beside" in question else None
    return question["asked"], answer, question.get("unit", "families"), of, percent, beside, question["count"]


def _beside(key: str, rules: Framework) -> str:
    """A national figure in words, with its source."""
    section, name = key.split(".")
    figure = getattr(getattr(rules, section), name)
    if not isinstance(figure.value, dict):
        return f"nationally {figure.value:f}% ({figure.source})"
    said = [f"{low:f}%" if low == high else f"{low:f} to {high:f}%" for low, high in figure.value.values()]
    rounds = ", ".join(f"{share} in {when}" for share, when in zip(said, figure.value, strict=True))
    return f"nationally {rounds} ({figure.source})"


def claims_table(entries: Iterable[Entry], window: ClaimWindow | None = None) -> pa.Table:
    """Every claim of the register (of one window, if given) with what became of it; as `questions.toml` says."""
    held = list(entries)
    standing = {claim["claim_id"]: claim for claim in standing_claims(held)}
    checks = Counter(entry["claim_id"] for entry in held if entry["event"] == SPOT_CHECKED)
    found = {entry["claim_id"]: entry["result"] for entry in held if entry["event"] == SPOT_CHECKED}
    changed = {entry["claim_id"] for entry in held if entry["event"] == CORRECTED and not entry.get("withdrawn")}
    made = [entry for entry in held
            if entry["event"] == CLAIMED and (window is None or entry["window"] == window.label)]
    rows = [
        {**{name: standing.get(claim["claim_id"], claim).get(name) for name in CLAIM},
         "hinges": _codes(claim.get("hinges")), "withdrawn": claim["claim_id"] not in standing,
         "checked": checks[claim["claim_id"]], "found": found.get(claim["claim_id"]),
         "changed": claim["claim_id"] in changed}
        for claim in made
    ]
    return _arrow(pd.DataFrame(rows, columns=[*CLAIM, "hinges", "withdrawn", "checked", "found", "changed"]))


def cases_table(run: Path) -> pa.Table:
    """Every case of a run and its claim there; as `questions.toml` says."""
    states = table_of(run, "claims", ["family_ref", "status", "route", "amount", "blocks", "hinges"])
    eligible = table_of(run, "cases", ["family_ref", "eligible_on"])
    both = states.merge(eligible, on="family_ref").astype({"blocks": object, "hinges": object})
    both["blocks"], both["hinges"] = both["blocks"].map(_codes), both["hinges"].map(_codes)
    return _arrow(both.assign(eligible=both["eligible_on"].notna()).drop(columns="eligible_on"))


def _codes(joined: object) -> list[str]:
    return joined.split(";") if isinstance(joined, str) and joined else []


def _arrow(rows: pd.DataFrame) -> pa.Table:
    """The rows in kinds that a query reads alike whether or not there are any."""
    kinds = {name: KINDS.get(name, pa.string()) for name in rows.columns}
    columns = [pa.array(rows[name].astype(object).where(rows[name].notna(), None).tolist(), kind)
               for name, kind in kinds.items()]
    return pa.table(columns, names=list(kinds))


KINDS = {
    **dict.fromkeys(("hinges", "blocks"), pa.list_(pa.string())),
    **dict.fromkeys(("withdrawn", "changed", "eligible"), pa.bool_()),
    **dict.fromkeys(("amount", "checked"), pa.int64()),
}
