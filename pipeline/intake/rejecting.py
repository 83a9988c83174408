"""From broken rules to rejected rows: which rows are quarantined, what is said of each, and when it is too much."""

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.intake.parsing import Breach
from pipeline.intake.sources import Source
from pipeline.intake.taking_in import Taken
from schemas.columns import TEXT
from schemas.errors import ExtractRefusedError
from schemas.extracts import EXTRACTS, ExtractSpec
from schemas.rules import RULES, Outcome, message


_COMMONEST = 3
_ORDER = {code: place for place, code in enumerate(RULES)}


def decide(breaches: list[Breach], spec: ExtractSpec) -> tuple[list[Breach], list[Breach]]:
    """The breaches that reject their rows, and those that leave them in.

    A value that was cleared for a reason rejects its row where the column is required, or where the row was filled in
    by hand; that it is then missing as well is not said.
    """
    rejected: list[Breach] = []
    kept: list[Breach] = []
    told: dict[str | None, list[Breach]] = {}
    for breach in breaches:
        needed = (spec.by_hand or breach.column in spec.required) and breach.rule != "placeholder"
        outcome = RULES[breach.rule].outcome
        if outcome is Outcome.QUARANTINE or (outcome is Outcome.CLEAR and needed):
            told.setdefault(breach.column, []).append(breach)
        else:
            kept.append(breach)
    for column, found in told.items():
        said = [breach.rows for breach in found if breach.rule != "required_missing"]
        for breach in found:
            rows = breach.rows
            if breach.rule == "required_missing" and said:
                rows = np.setdiff1d(rows, np.concatenate(said))
            if len(rows):
                rejected.append(Breach(breach.rule, column, rows))
    return rejected, kept


def refuse_too_many(taken: Taken, rejected: list[Breach], accepted: np.ndarray, source: Source) -> None:
    """Refuse an extract of which more rows are rejected than the settings allow, unless people filled it in by hand."""
    lost, total = int((~accepted).sum()), len(accepted)
    if lost <= source.max_quarantined_share * total or EXTRACTS[source.extract].by_hand:
        return
    commonest = sorted(rejected, key=lambda breach: (-len(breach.rows), _ORDER[breach.rule], str(breach.column)))
    lines = [_line(taken, breach) for breach in commonest[:_COMMONEST]]
    raise ExtractRefusedError(
        f"{source.extract}: {lost:,} of {total:,} rows ({lost / total:.1%}) break a rule, and at most "
        f"{source.max_quarantined_share:.1%} may ([extracts] max_quarantined_share). The commonest:\n"
        + "\n".join(lines)
        + "\nMend the extract or its mapping in the settings."
    )


def _line(taken: Taken, breach: Breach) -> str:
    paths = np.array([read.file.path for read in taken.files])[taken.file_of[breach.rows]]
    first = np.lexsort((taken.row_numbers[breach.rows], paths))[0]
    place = f"{paths[first]} row {taken.row_numbers[breach.rows][first]}"
    count = f"{len(breach.rows):,} row{'' if len(breach.rows) == 1 else 's'}"
    return f"- {breach.rule}: {count}, the first {place}: {message(breach.rule, breach.column)}."


def rejected_rows(taken: Taken, rejected: list[Breach], extract: str) -> pd.DataFrame:
    """A line for each rejected row, as schemas.published.Quarantine with the value: the first rule, and what else.

    Sorted by file and row number.
    """
    ranked = sorted(rejected, key=lambda breach: (_ORDER[breach.rule], str(breach.column)))
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(breach.rows for breach in ranked)])
    which = np.repeat(np.arange(len(ranked)), [len(breach.rows) for breach in ranked])
    order = np.lexsort((which, rows))
    rows, which = rows[order], which[order]
    first = np.append(True, rows[1:] != rows[:-1])[: len(rows)]
    also = pd.Series([_name(ranked[place]) for place in which[~first]], dtype=object)
    more = also.groupby(rows[~first]).agg(", ".join)
    said = pd.Series([message(breach.rule, breach.column) for breach in ranked], dtype=object)
    return _table(
        taken,
        extract,
        pd.DataFrame(
            {
                "row": rows[first],
                "rule": pd.Series([breach.rule for breach in ranked], dtype=object).take(which[first]).to_numpy(),
                "column": pd.Series([breach.column for breach in ranked], dtype=object).take(which[first]).to_numpy(),
                "message": said.take(which[first]).to_numpy() + _suffix(more.reindex(rows[first])),
            }
        ),
    )


def _name(breach: Breach) -> str:
    return breach.rule if breach.column is None else f"{breach.rule} in {breach.column}"


def _suffix(more: pd.Series) -> np.ndarray:
    return np.where(more.isna(), "", "; also " + more.fillna("")).astype(object)


def _table(taken: Taken, extract: str, lines: pd.DataFrame) -> pd.DataFrame:
    rows = lines["row"].to_numpy()
    names = np.array([read.file.name for read in taken.files], dtype=object)
    table = pd.DataFrame(
        {
            "extract": extract,
            "file": names[taken.file_of[rows]],
            "row_number": pd.array(taken.row_numbers[rows], dtype="Int64"),
            "rule": lines["rule"],
            "column": lines["column"],
            "message": lines["message"],
            "value": _values(taken, lines),
        }
    )
    texts = dict.fromkeys(("extract", "file", "rule", "column", "message", "value"), TEXT)
    return table.astype(texts).sort_values(["file", "row_number"], kind="stable", ignore_index=True)


def _values(taken: Taken, lines: pd.DataFrame) -> np.ndarray:
    """The text that each line's column held, as it came."""
    values = np.full(len(lines), None, dtype=object)
    for column, places in lines.groupby("column", sort=True).indices.items():
        if column in taken.text.column_names:
            rows = lines["row"].to_numpy()[places]
            values[places] = taken.text.column(column).take(pa.array(rows)).to_numpy(zero_copy_only=False)
    return values
