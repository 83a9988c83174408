"""The gate that a table for management passes or does not: by what is allowed, never by what is forbidden."""

import re
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from criteria import Framework
from criteria.disclosure import bands
from schemas.columns import columns_of
from schemas.management import BANDS_OF_FAMILIES, COUNTS_OF_FAMILIES, MANAGEMENT


ID = re.compile(r"(^|_)(id|ids|ref|refs|upn|nino|uprn|sha256|name|forename|surname|postcode|address)$")
IN_WORDS = re.compile(r"\b[FHP]\d{7}\b")


def refusal(name: str, table: pd.DataFrame, rules: Framework) -> str | None:
    """Why a table may not leave the team, in a sentence; None where it may.

    It must be one of `MANAGEMENT`, with its columns and no others, none of them an id; be no longer than
    `disclosure.most_rows`; hold no id in its words; and show no count from 1 to one below `disclosure.threshold`, nor
    one that is not rounded, in a column that counts families by a trait; nor anything but a band of counts, where it
    says in words how many there are.
    """
    model = MANAGEMENT.get(name)
    if model is None:
        return f"{name} is not a table for management."
    strange = [column for column in table.columns if column not in columns_of(model) or ID.search(column)]
    if strange:
        return f"{name} has a column that is not allowed: {', '.join(strange)}."
    most = rules.disclosure.most_rows.value
    if len(table) > most:
        return f"{name} has {len(table):,} rows; a table for management has at most {most:,}."
    if any(table[column].astype(str).str.contains(IN_WORDS).any() for column in table.select_dtypes(exclude="number")):
        return f"{name} holds the id of a person, a household or a family."
    return _small_count(name, table, rules) or _no_band(name, table, rules)


def _no_band(name: str, table: pd.DataFrame, rules: Framework) -> str | None:
    known = bands(rules.disclosure.threshold.value)
    for column in BANDS_OF_FAMILIES.get(name, ()):
        if not table[column].isin(known).all():
            return f"{name} has a figure in {column} that is none of the bands of counts."
    return None


def _small_count(name: str, table: pd.DataFrame, rules: Framework) -> str | None:
    threshold, step = rules.disclosure.threshold.value, rules.disclosure.round_to.value
    for column in COUNTS_OF_FAMILIES.get(name, ()):
        counts = table[column].dropna()
        if ((counts > 0) & (counts < threshold)).any():
            return f"{name} shows a count below {threshold} in {column}."
        if (counts % step != 0).any():
            return f"{name} shows a count in {column} that is not rounded to {step}."
    return None


def pass_gate(
    folder: Path, tables: Mapping[str, pd.DataFrame], rules: Framework
) -> tuple[dict[str, pd.DataFrame], tuple[str, ...]]:
    """The tables, those that may not leave emptied of their rows, with why in `NAME.refused.txt` beside the others."""
    kept, reasons = {}, []
    for name, table in tables.items():
        why = refusal(name, table, rules)
        kept[name] = table if why is None else table.head(0)
        path = folder / f"{name}.refused.txt"
        path.unlink(missing_ok=True)
        if why is not None:
            path.write_text(f"{why} Its rows were left out.\n", encoding="utf-8", newline="\n")
            reasons.append(why)
    return kept, tuple(reasons)
