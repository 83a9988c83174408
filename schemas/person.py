"""The columns that every clean table shares: where a row came from, and the person it names."""

from typing import TypeVar

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import SEX
from schemas.columns import Table, optional, text


PROVENANCE_COLUMNS = ("record_id", "file", "file_sha256", "row_number")
PERSON_COLUMNS = (
    "forename",
    "middle_names",
    "surname",
    "former_surname",
    "preferred_surname",
    "date_of_birth",
    "sex",
    "address",
    "postcode",
    "uprn",
)
UPN_PATTERN = r"^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$"
NINO_PATTERN = r"^[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]?$"
UK_POSTCODE_PATTERN = r"^(GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})$"
POSTCODE_PATTERN = r"^[A-Z\d]{1,8}( \d[A-Z]{2})?$"
UPRN_PATTERN = r"^[1-9]\d{0,11}$"


class CleanTable(Table):
    """A clean extract: where each row came from (row number as a spreadsheet shows it), then the extract's columns."""

    record_id: Series[pd.StringDtype] = text(unique=True)
    file: Series[pd.CategoricalDtype]
    file_sha256: Series[pd.CategoricalDtype]
    row_number: Series[pd.Int64Dtype]


class PersonColumns(Table):
    """The person that a row names; any of them may be empty."""

    forename: Series[pd.StringDtype] = text(nullable=True)
    middle_names: Series[pd.StringDtype] = text(nullable=True)
    surname: Series[pd.StringDtype] = text(nullable=True)
    former_surname: Series[pd.StringDtype] = text(nullable=True)
    preferred_surname: Series[pd.StringDtype] = text(nullable=True)
    date_of_birth: Series[DateTime] = optional()
    sex: Series[pd.StringDtype] = text(nullable=True, isin=SEX.allowed)
    address: Series[pd.StringDtype] = text(nullable=True)
    postcode: Series[pd.StringDtype] = text(nullable=True, str_matches=POSTCODE_PATTERN)
    uprn: Series[pd.StringDtype] = text(nullable=True, str_matches=UPRN_PATTERN)


Model = TypeVar("Model", bound=type[CleanTable])


def names_a_person(model: Model) -> Model:
    """Put the ten person columns after a clean table's own columns."""
    body = {"__doc__": model.__doc__, "__module__": model.__module__, "__qualname__": model.__qualname__}
    return type(model.__name__, (PersonColumns, model), body)  # type: ignore[return-value]
