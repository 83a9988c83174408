"""Explains one pair: how its weight comes about, step by step. Light to import: it reads what a run has written."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from linkage.levels import LEVELS


def waterfall(pair: Mapping[str, Any]) -> pd.DataFrame:
    """How the weight of one row of `pairs` comes about: step, level, bits; the last step is the sum.

    The first step is the prior, then one per field, then what the chance of two people of one household takes off.
    """
    fields = [field for field in LEVELS if pair[field] != "missing"]
    rows = [("prior", "", float(pair["prior_weight"]))]
    rows += [(field, pair[field], float(pair[f"{field}_weight"])) for field in fields]
    rows.append(("household", "", float(pair["household_weight"])))
    rows.append(("match_weight", "", float(pair["match_weight"])))
    return pd.DataFrame(rows, columns=["step", "level", "bits"])
