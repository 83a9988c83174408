"""Contacts: one row is an adult tied to a child, such as a parent or a carer."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.columns import optional, text
from schemas.person import UPN_PATTERN, CleanTable, names_a_person


@names_a_person
class Contacts(CleanTable):
    """An adult (the person columns) tied to a child (by `upn`, or by the child's own names and date of birth)."""

    upn: Series[pd.StringDtype] = text(nullable=True, str_matches=UPN_PATTERN)
    child_forename: Series[pd.StringDtype] = text(nullable=True)
    child_surname: Series[pd.StringDtype] = text(nullable=True)
    child_date_of_birth: Series[DateTime] = optional()
    relationship: Series[pd.StringDtype] = text(nullable=True)
