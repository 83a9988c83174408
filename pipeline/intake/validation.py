"""A parsed table held against its pandera model, its failures turned into rules and rows; decides no rule itself.

Whatever pandera says of a value stays here: its messages hold values, and none may leave.
"""

import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas as pa

from pipeline.intake.parsing import Breach
from schemas.errors import UsageError
from schemas.extracts import ExtractSpec
from schemas.person import PROVENANCE_COLUMNS


_RULE_OF = {
    "not_nullable": "required_missing",
    "isin": "code_unknown",
    "greater_than_or_equal_to": "number_negative",
    "less_than_or_equal_to": "number_too_large",
    "str_matches": "value_malformed",
}
_CANARY = pa.DataFrameSchema({"canary": pa.Column(int, pa.Check.ge(0))})


def check_values(frame: pd.DataFrame, spec: ExtractSpec) -> list[Breach]:
    """The rules that single values of a parsed `frame` break: empty, unknown, negative, too large, malformed.

    The index must be the row's place. Raises UsageError where pandera's validation is switched off.
    """
    require_validation()
    schema = spec.model.to_schema().remove_columns(list(PROVENANCE_COLUMNS))
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check", "index"]]
    else:
        return []
    if cases["index"].isna().any():
        wrong = sorted(set(cases.loc[cases["index"].isna(), "column"].astype(str)))
        raise AssertionError(f"{spec.name}: the parsed table is not of its kind: {', '.join(wrong)}")
    return _breaches(cases)


def _breaches(cases: pd.DataFrame) -> list[Breach]:
    rules = cases["check"].astype(str).str.split("(").str[0].map(_RULE_OF)
    groups = cases.assign(rule=rules).groupby(["rule", "column"], sort=True)["index"]
    return [Breach(str(rule), str(column), np.unique(rows.to_numpy(dtype=np.int64))) for (rule, column), rows in groups]


def require_validation() -> None:
    """Make sure that pandera does check: a table that is known to be wrong must fail."""
    try:
        _CANARY.validate(pd.DataFrame({"canary": [-1]}))
    except pandera.errors.SchemaError:
        return
    raise UsageError(
        "Validation is switched off, so that a wash could not tell a good row from a bad one. Unset the environment "
        "variables PANDERA_VALIDATION_ENABLED and PANDERA_VALIDATION_DEPTH."
    )
