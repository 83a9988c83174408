"""Caseload: one row is one member of a family on the programme."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import CleanTable, names_a_person


TIER = codes("intensive", "light", "super_light", superlight="super_light", light_touch="light")


@names_a_person
class Caseload(CleanTable):
    """One member of a family on the programme; no `closed_on` means that the family is still worked with."""

    family_ref: Series[pd.StringDtype] = text()
    attached_on: Series[DateTime] = required()
    first_contact_on: Series[DateTime] = optional()
    tier: Series[pd.StringDtype] = text(nullable=True, isin=TIER.allowed)
    lead_agency: Series[pd.StringDtype] = text(nullable=True)
    closed_on: Series[DateTime] = optional()
