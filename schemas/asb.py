"""Anti-social behaviour: one row is one person's part in one incident or sanction."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.codes import codes
from schemas.columns import required, text
from schemas.person import CleanTable, names_a_person


ROLE = codes(
    "perpetrator", "victim", "complainant",
    alleged_perpetrator="perpetrator", perp="perpetrator", suspect="perpetrator", offender="perpetrator",
    injured_party="victim", alleged_victim="victim", caller="complainant", reporter="complainant",
    informant="complainant",
)  # fmt: skip
KIND = codes(
    "incident", "asbo", "injunction", "contract", "nosp", "housing_injunction", "demotion", "eviction",
    asb_incident="incident", anti_social_behaviour_order="asbo", antisocial_behaviour_order="asbo", crasbo="asbo",
    asbi="injunction", asb_injunction="injunction", anti_social_behaviour_injunction="injunction",
    abc="contract", aba="contract", asb_contract="contract", acceptable_behaviour_contract="contract",
    acceptable_behaviour_agreement="contract",
    notice_seeking_possession="nosp", notice_of_seeking_possession="nosp", nsp="nosp",
    demoted_tenancy="demotion", demotion_order="demotion", tenancy_demotion="demotion", evicted="eviction",
)  # fmt: skip


@names_a_person
class Asb(CleanTable):
    """One person's part in one incident or sanction; a row that is only an address is intelligence about a place."""

    case_ref: Series[pd.StringDtype] = text()
    role: Series[pd.StringDtype] = text(nullable=True, isin=ROLE.allowed)
    kind: Series[pd.StringDtype] = text(isin=KIND.allowed)
    event_date: Series[DateTime] = required()
    agency: Series[pd.StringDtype] = text(nullable=True)
