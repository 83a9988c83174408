"""Rows of a panel's form, with sane defaults."""

from typing import Any

import pandas as pd

from criteria.panel_forms import Ids
from schemas.columns import TEXT
from tests.criteria.town import table_of


def forms(*rows: dict[str, Any]) -> pd.DataFrame:
    """The clean table of these rows, all of one file unless they say otherwise."""
    given = [{"file": "panel_form.xlsx", "row_number": number, "put_on": "2013-09-30", **row}
             for number, row in enumerate(rows, start=2)]
    return table_of("panel_forms", given)


def ids(known: str, became: dict[str, str] | None = None, **parts: str) -> Ids:
    """The families (one letter each) that are known, what became of others, and what was split off (on a day)."""
    split = [(family, part.split()[0], pd.Timestamp(part.split()[1])) for family, part in parts.items()]
    table = pd.DataFrame(split, columns=["family_id", "part", "seen_on"])
    kinds = {"family_id": TEXT, "part": TEXT, "seen_on": "datetime64[ns]"}
    return Ids(frozenset(known), became or {}, table.astype(kinds))
