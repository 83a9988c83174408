"""What a case met when its eligibility was evidenced: the facts that results are compared with; judges none of them."""

import pandas as pd

from criteria.history import Lineage
from schemas.columns import TEXT


ENTRY = ("family_ref", "family_id", "criterion", "indicator", "person_id", "value", "event_date", "detail", "extract")


def entry_evidence(cases: pd.DataFrame, evidence: pd.DataFrame, lineage: Lineage) -> pd.DataFrame:
    """The met evidence of each case's snapshot (columns `ENTRY`), with the family and person ids of today."""
    of_case = cases.loc[cases["snapshot_of"].notna(), ["family_ref", "family_id", "snapshot_of", "eligible_on"]]
    met = evidence[evidence["met"].fillna(False).astype(bool)].rename(columns={"family_id": "snapshot_of"})
    rows = of_case.merge(met, on=["snapshot_of", "eligible_on"])
    today = rows["person_id"].map(lineage.people).astype(TEXT).fillna(rows["person_id"])
    ordered = rows.assign(person_id=today).sort_values(["family_ref", "evidence_id"], ignore_index=True)
    return ordered.loc[:, list(ENTRY)]
