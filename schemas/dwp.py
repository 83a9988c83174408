"""DWP benefits: one row is DWP's answer for one adult."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import optional, required, text
from schemas.person import NINO_PATTERN, CleanTable, names_a_person


STATUS = codes(
    "on_benefit", "not_on_benefit", "not_traced", "address_unconfirmed", "rejected",
    unable_to_trace="not_traced", untraced="not_traced", no_trace="not_traced",
    address_not_confirmed="address_unconfirmed", unconfirmed_address="address_unconfirmed",
    rejected_incomplete="rejected", incomplete="rejected",
)  # fmt: skip
BENEFIT = codes(
    "JSA", "ESA", "IS", "IB", "SDA", "CA", "UC",
    jobseekers_allowance="JSA", employment_and_support_allowance="ESA", income_support="IS",
    incapacity_benefit="IB", severe_disablement_allowance="SDA", carers_allowance="CA", universal_credit="UC",
)  # fmt: skip


@names_a_person
class DwpBenefits(CleanTable):
    """DWP's answer for one adult, found again by `request_ref` alone, or by the person columns where it has none."""

    request_ref: Series[pd.StringDtype] = text(nullable=True)
    status: Series[pd.StringDtype] = text(isin=STATUS.allowed)
    nino: Series[pd.StringDtype] = text(nullable=True, str_matches=NINO_PATTERN)
    benefit: Series[pd.StringDtype] = text(nullable=True, isin=BENEFIT.allowed)
    start_date: Series[DateTime] = optional()
    end_date: Series[DateTime] = optional()
    as_at: Series[DateTime] = required()
