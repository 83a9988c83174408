"""Cases: each family of the caseload with the family of this run that it is, and what evidences that it was eligible.

Decides nothing of results or claims; a flag asks a person to look, and stops nothing by itself.
"""

from typing import NamedTuple

import pandas as pd

from criteria.attachment import look_again
from criteria.case_flags import flag_cases
from criteria.caseload import Caseload
from criteria.facts import Facts, People
from criteria.framework import Framework
from criteria.history import Lineage
from criteria.snapshots import Before, Kept, families_in
from schemas.columns import TEXT, columns_of
from schemas.keys import among
from schemas.programme import CaseMembers, Cases
from schemas.words import Role, Verdict


class Listed(NamedTuple):
    """Cases and their members as in `schemas.programme`, and the snapshots with those that looking again added."""

    cases: pd.DataFrame
    members: pd.DataFrame
    kept: Kept
    counts: dict[str, int]


def list_cases(caseload: Caseload, people: People, facts: Facts, before: Before, rules: Framework) -> Listed:
    """Every case with its evidence of eligibility, flags and members; `facts` need hold no others (`concerned`).

    Eligible on: the earliest day evidenced, by a wash that listed its family (or one that it came from), or by looking
    again at the day of attachment; a case evidenced by then is not looked at again.
    """
    found = _evidenced(caseload, people, before.kept.snapshots, before)
    late = found[~(found["eligible_on"] <= found["attached_on"]) & found["household_id"].notna()]
    wanted = late[["household_id", "attached_on"]].drop_duplicates()
    seen = look_again(wanted, people, facts, rules)
    kept = before.kept.add(seen.kept)
    judged = _judged(_evidenced(caseload, people, kept.snapshots, before), seen.verdicts)
    members = _members(judged, caseload, people, kept.snapshots, before.lineage)
    cases = judged.assign(flags=flag_cases(judged, members, before.lineage, before.history.cases))
    taken = families_in(kept) - families_in(Kept(before.history.snapshots, before.history.snapshot_evidence))
    again = {"snapshots_taken": taken, "cases_looked_at_again": len(late)}
    return Listed(cases.loc[:, list(columns_of(Cases))], members, kept, _counts(cases) | again)


def _evidenced(caseload: Caseload, people: People, snapshots: pd.DataFrame, before: Before) -> pd.DataFrame:
    """Each case with the earliest snapshot of its family, or of one that it came from and shares people with."""
    heads = snapshots.drop_duplicates(["family_id", "eligible_on"])
    heads = heads[["family_id", "eligible_on", "evidenced_by", "rule"]].rename(columns={"family_id": "snapshot_of"})
    rows = _reach(caseload, people, snapshots, before).merge(heads, on="snapshot_of")
    order = ["family_ref", "eligible_on", "evidenced_by", "snapshot_of"]
    first = rows.sort_values(order, ascending=[True, True, False, True]).drop_duplicates("family_ref")
    return caseload.cases.merge(first, how="left", on="family_ref")


def _reach(caseload: Caseload, people: People, snapshots: pd.DataFrame, before: Before) -> pd.DataFrame:
    """The families whose snapshots may speak for a case: family_ref, snapshot_of.

    Its own; one that its family came from, or that spoke for it a month ago, if they share anybody; and one that is not
    there any more, if at least half of its people are of the case.
    """
    cases = caseload.cases[["family_ref", "household_id", "family_id"]]
    own = cases[["family_ref", "family_id"]].dropna().rename(columns={"family_id": "snapshot_of"})
    parents = [(ref, parent) for ref, family in own.to_numpy() for parent in before.lineage.parents.get(family, ())]
    prior = before.history.cases[["family_ref", "snapshot_of"]].dropna()
    known = pd.concat([pd.DataFrame(parents, columns=prior.columns, dtype=TEXT), prior]).drop_duplicates()
    shared = _shared(pd.concat([caseload.named, _at_home(cases, people)]), snapshots, before.lineage)
    gone = ~among(shared["snapshot_of"], people.households["family_id"]) & (shared["share"] >= HALF)
    keys = ["family_ref", "snapshot_of"]
    return pd.concat([own, shared.merge(known, on=keys)[keys], shared.loc[gone, keys]]).drop_duplicates().astype(TEXT)


def concerned(caseload: Caseload, people: People, before: Before) -> pd.Series:
    """Everybody whom a case may concern, once: named, at home, or in a snapshot with somebody who is."""
    theirs = pd.concat([caseload.named, _at_home(caseload.cases, people)])["person_id"]
    frozen = before.kept.snapshots[["family_id", "person_id"]]
    frozen = frozen.assign(person_id=_today(frozen["person_id"], before.lineage))
    families = frozen.loc[frozen["person_id"].isin(theirs), "family_id"]
    return pd.concat([theirs, frozen.loc[frozen["family_id"].isin(families), "person_id"]]).drop_duplicates()


def _shared(theirs: pd.DataFrame, snapshots: pd.DataFrame, lineage: Lineage) -> pd.DataFrame:
    """Each case and each family whose snapshot it shares people with, and the share of the snapshot's people."""
    then = snapshots[["family_id", "person_id"]].rename(columns={"family_id": "snapshot_of"})
    then = then.assign(person_id=_today(then["person_id"], lineage)).drop_duplicates()
    both = then.merge(theirs.drop_duplicates(), on="person_id")
    count = both.groupby(["family_ref", "snapshot_of"]).size().rename("share").reset_index()
    return count.assign(share=count["share"] / count["snapshot_of"].map(then["snapshot_of"].value_counts()))


HALF = 0.5


def _at_home(cases: pd.DataFrame, people: People) -> pd.DataFrame:
    """Who lives in the home of each case today: family_ref, person_id."""
    lives = people.members[people.members["household_id"].isin(cases["household_id"])]
    at_home = cases[["family_ref", "household_id"]].merge(lives[["household_id", "person_id"]], on="household_id")
    return at_home[["family_ref", "person_id"]]


def _today(person: pd.Series, lineage: Lineage) -> pd.Series:
    """The person ids of today for those of earlier runs."""
    return person.map(lineage.people).astype(TEXT).fillna(person)


def _judged(cases: pd.DataFrame, seen: pd.DataFrame) -> pd.DataFrame:
    told = cases.merge(seen, how="left", on=["household_id", "attached_on"])
    verdict = told["verdict"].fillna(str(Verdict.UNKNOWN))
    verdict = verdict.mask(told["eligible_on"] <= told["attached_on"], str(Verdict.MET))
    return told.drop(columns="verdict").assign(eligible_at_attachment=verdict.astype(TEXT))


def _members(
    cases: pd.DataFrame, caseload: Caseload, people: People, snapshots: pd.DataFrame, lineage: Lineage
) -> pd.DataFrame:
    """Everybody of each case: named, in its snapshot, at home now; with the role of today, else that of then."""
    now = _at_home(cases, people)
    frozen = snapshots[["family_id", "eligible_on", "person_id", "role"]].rename(columns={"family_id": "snapshot_of"})
    then = cases[["family_ref", "snapshot_of", "eligible_on"]].dropna().merge(frozen, on=["snapshot_of", "eligible_on"])
    then = then.assign(person_id=_today(then["person_id"], lineage))[["family_ref", "person_id", "role"]]
    named = caseload.named.assign(person_id=_today(caseload.named["person_id"], lineage))
    every = pd.concat([named, then[["family_ref", "person_id"]], now]).drop_duplicates()
    every = every.sort_values(["family_ref", "person_id"], ignore_index=True)
    old = then.drop_duplicates(["family_ref", "person_id"])
    roles = people.members.loc[people.members["person_id"].isin(every["person_id"]), ["person_id", "role"]]
    both = every.merge(roles, how="left", on="person_id").merge(
        old.rename(columns={"role": "was"}), how="left", on=["family_ref", "person_id"])
    role = both["role"].fillna(both["was"]).fillna(str(Role.ADULT)).astype(TEXT)
    has_snapshot = every["family_ref"].isin(cases.loc[cases["snapshot_of"].notna(), "family_ref"])
    is_named, is_then, is_now = (_among(every, part) for part in (named, old, now))
    table = every.assign(role=role, named=is_named, then=is_then.where(has_snapshot, is_named), now=is_now)
    return table.loc[:, list(columns_of(CaseMembers))]


def _among(every: pd.DataFrame, part: pd.DataFrame) -> pd.Series:
    keys = ["family_ref", "person_id"]
    marked = part[keys].drop_duplicates().assign(there=True)
    found = every[keys].merge(marked, how="left", on=keys)["there"]
    return found.notna().astype("boolean")


def _counts(cases: pd.DataFrame) -> dict[str, int]:
    flags = cases["flags"].dropna().str.split(";").explode()
    return {
        "cases": len(cases), "cases_open": int(cases["closed_on"].isna().sum()),
        "cases_evidenced": int(cases["eligible_on"].notna().sum()),
        **{f"cases_{flag}": int(count) for flag, count in sorted(flags.value_counts().items())},
    }
