"""Schools: one row is one school that should return attendance; it names no person."""

import pandas as pd
from pandera.typing import Series

from schemas.codes import codes
from schemas.columns import text
from schemas.person import CleanTable


KIND = codes(
    "maintained", "academy", "free", "special", "pru",
    community="maintained", voluntary_aided="maintained", voluntary_controlled="maintained", foundation="maintained",
    free_school="free", special_school="special", pupil_referral_unit="pru",
)  # fmt: skip


class Schools(CleanTable):
    """One school that should return; one without a return makes its pupils' absence unknown."""

    school_urn: Series[pd.StringDtype] = text()
    school_name: Series[pd.StringDtype] = text()
    kind: Series[pd.StringDtype] = text(nullable=True, isin=KIND.allowed)
