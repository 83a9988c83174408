"""Explains one pair: how its weight comes about, step by step. Light to import: it reads what a run has written."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from linkage.levels import LEVELS


STEPS = {
    "prior": "before any comparison",
    "date_of_birth": "date of birth",
    "middle_names": "middle names",
    "identifier": "UPN or NINO",
    "household": "household mates are alike too",
    "match_weight": "together",
}
LEVEL_WORDS = {
    "exact": "the same",
    "same": "the same",
    "missing": "not in both",
    "far": "different",
    "apart": "a generation apart",
    "different": "different",
    "differs": "different",
    "similar": "somewhat alike",
    "near": "nearly the same",
    "initial": "an initial of the other",
    "part": "the same in part",
    "variant": "forms of one name",
    "other": "the same by a former or preferred name",
    "digit": "a digit off",
    "area": "in one area",
    "postcode": "under one postcode",
    "street": "in one street",
    "alike": "alike",
    "crossed": "one stands where the other does, and nothing else agrees",
    "swapped": "forename and surname changed places",
    "date_of_birth swapped": "day and month changed places",
    "identifier alike": "the same, though not valid",
}


def compared_fields(pair: Mapping[str, Any]) -> list[str]:
    """The fields that a row of `pairs` compares: the usual ones, then the extra columns of the run."""
    weighed = [str(name).removesuffix("_weight") for name in pair if str(name).endswith("_weight")]
    return [*LEVELS, *(name for name in weighed if name in pair and name not in LEVELS)]


def waterfall(pair: Mapping[str, Any]) -> pd.DataFrame:
    """How the weight of one row of `pairs` comes about: step, level, bits; the last step is the sum.

    The first step is the prior, then one per field, then what the chance of two people of one household takes off.
    """
    fields = [field for field in compared_fields(pair) if pair[field] != "missing"]
    rows = [("prior", "", float(pair["prior_weight"]))]
    rows += [(field, pair[field], float(pair[f"{field}_weight"])) for field in fields]
    rows.append(("household", "", float(pair["household_weight"])))
    rows.append(("match_weight", "", float(pair["match_weight"])))
    return pd.DataFrame(rows, columns=["step", "level", "bits"])


def level_words(step: str, level: str, **rest: Any) -> str:
    """What a level of a field says, in words."""
    return LEVEL_WORDS.get(f"{step} {level}") or LEVEL_WORDS.get(level, level)


def in_words(pair: Mapping[str, Any]) -> str:
    """How the two records of one row of `pairs` compare, field by field; what is not in both is left out."""
    known = {field: str(pair[field]) for field in compared_fields(pair) if pair[field] != "missing"}
    return "; ".join(f"{STEPS.get(field, field)}: {level_words(field, name)}" for field, name in known.items())


def in_weights(pair: Mapping[str, Any]) -> str:
    """How the weight of one row of `pairs` comes about, step by step in words: the same steps as `waterfall`."""
    known = [field for field in compared_fields(pair) if pair[field] != "missing"]
    said = [f"{STEPS['prior']} {pair['prior_weight']:+.1f}"]
    said += [
        f"{STEPS.get(field, field)} {level_words(field, pair[field])} {pair[f'{field}_weight']:+.1f}" for field in known
    ]
    said += [f"{STEPS['household']} {pair['household_weight']:+.1f}"] if pair["household_weight"] else []
    return "; ".join([*said, f"{STEPS['match_weight']} {pair['match_weight']:+.1f}"])
