"""What a person should look at in a case, as codes; a flag asks, and decides nothing."""

import pandas as pd

from criteria.history import Lineage
from schemas.columns import TEXT
from schemas.words import CaseFlag, Verdict


def flag_cases(cases: pd.DataFrame, members: pd.DataFrame, lineage: Lineage, before: pd.DataFrame) -> pd.Series:
    """The flags of each case in the order of `CaseFlag`, joined by `;`; empty where there is nothing to look at.

    `before`: the cases of the previous run.
    """
    raised = _of_eligibility(cases) | _of_people(cases, members) | _of_families(cases, lineage, before)
    flags = {flag: raised[flag].to_numpy(dtype=bool, na_value=False) for flag in CaseFlag}
    words = [";".join(flag for flag in flags if flags[flag][row]) or None for row in range(len(cases))]
    return pd.Series(words, index=cases.index, dtype=TEXT)


def _of_eligibility(cases: pd.DataFrame) -> dict[CaseFlag, pd.Series]:
    verdict = cases["eligible_at_attachment"]
    return {
        CaseFlag.NOT_ELIGIBLE_AT_ATTACHMENT: verdict == Verdict.NOT_MET,
        CaseFlag.ELIGIBILITY_AT_ATTACHMENT_UNKNOWN: verdict == Verdict.UNKNOWN,
        CaseFlag.NO_FIRST_CONTACT: cases["first_contact_on"].isna(),
    }


def _of_people(cases: pd.DataFrame, members: pd.DataFrame) -> dict[CaseFlag, pd.Series]:
    named = members[members["named"]]
    twice = named.loc[named["person_id"].duplicated(keep=False), "family_ref"]
    differs = members.loc[members["then"] != members["now"], "family_ref"]
    found = cases["household_id"].notna()
    return {
        CaseFlag.NOT_FOUND: ~found,
        CaseFlag.NO_CHILD: found & cases["family_id"].isna(),
        CaseFlag.SEVERAL_HOUSEHOLDS: cases["homes"] > 1,
        CaseFlag.PERSON_IN_TWO_CASES: cases["family_ref"].isin(twice),
        CaseFlag.HOUSEHOLD_IN_TWO_CASES: found & cases["household_id"].duplicated(keep=False),
        CaseFlag.MEMBERS_CHANGED: cases["snapshot_of"].notna() & cases["family_ref"].isin(differs),
    }


def _of_families(cases: pd.DataFrame, lineage: Lineage, before: pd.DataFrame) -> dict[CaseFlag, pd.Series]:
    """Whether the family of the snapshot, or of the case a month ago, is another one today, and how that came."""
    was = _became(cases["family_ref"].map(before.set_index("family_ref")["family_id"]), lineage)
    known = was.notna() & cases["family_id"].notna()
    both = zip(was.where(known, None), cases["family_id"].where(known, None), strict=True)
    other = [isinstance(then, str) and then != now and then not in lineage.parents.get(now, ()) for then, now in both]
    elsewhere = cases["snapshot_of"].notna() & (cases["snapshot_of"] != cases["family_id"]).fillna(True)
    merged = (_became(cases["snapshot_of"], lineage) == cases["family_id"]).fillna(False)
    return {
        CaseFlag.FAMILY_MERGED: elsewhere & merged,
        CaseFlag.FAMILY_SPLIT: elsewhere & ~merged,
        CaseFlag.FAMILY_CHANGED: pd.Series(other, index=cases.index, dtype=bool),
    }


def _became(families: pd.Series, lineage: Lineage) -> pd.Series:
    return families.map(lineage.families).astype(TEXT).fillna(families)
