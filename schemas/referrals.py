"""Referrals: one row is one person in one referral to the programme."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.columns import required, text
from schemas.person import CleanTable, names_a_person


@names_a_person
class Referrals(CleanTable):
    """One person in one referral, and the agency that referred."""

    referral_ref: Series[pd.StringDtype] = text()
    referred_on: Series[DateTime] = required()
    agency: Series[pd.StringDtype] = text()
    reason: Series[pd.StringDtype] = text(nullable=True)
