"""What happened since the previous wash to families that were on a list or are on the programme; judges nothing."""

import pandas as pd

from criteria.cases import Listed
from criteria.evidence import day_text
from criteria.facts import People
from criteria.history import History, Lineage
from criteria.snapshots import Before, stack
from schemas.columns import TEXT, columns_of
from schemas.programme import FamilyEvents
from schemas.words import FamilyEvent


def tell_events(people: People, on_list: pd.Series, listed: Listed, before: Before) -> pd.DataFrame:
    """The events of earlier washes, and after them those of this one, in order of family, event and person.

    `on_list`: the family ids of this run's master list. A family's members are followed from its snapshot on.
    """
    history, lineage, snapshots = before.history, before.lineage, listed.kept.snapshots
    told = [
        *_on_the_list(on_list, history, lineage),
        *_became(snapshots, history),
        *_members(snapshots, people, history, lineage),
        *_of_cases(listed.cases, history),
    ]
    new = pd.DataFrame([row for rows in told for row in rows], columns=_COLUMNS)
    new = new.drop_duplicates().sort_values(_COLUMNS, na_position="first")
    new = new.astype(dict.fromkeys(_COLUMNS, TEXT)).assign(seen_on=before.as_of)[list(columns_of(FamilyEvents))]
    return stack(history.family_events, new)


_COLUMNS = ["family_id", "event", "person_id", "detail"]
_KEYS = ["family_id", "person_id"]
Rows = list[tuple[str, str, str | None, str | None]]


def _rows(families: pd.Series, event: FamilyEvent, *, person: pd.Series | None = None,
          detail: pd.Series | None = None) -> Rows:
    nothing = pd.Series(None, index=families.index, dtype=object)
    parts = (families, pd.Series(str(event), index=families.index), nothing if person is None else person,
             nothing if detail is None else detail)
    return list(zip(*(part.tolist() for part in parts), strict=True))


def _on_the_list(listed: pd.Series, history: History, lineage: Lineage) -> list[Rows]:
    told, before = history.family_events, history.master_list["family_id"]
    ever = listed.isin(told.loc[told["event"] == FamilyEvent.LISTED, "family_id"])
    gone = before[~before.isin(listed) & ~before.isin(pd.Series(list(lineage.families), dtype=TEXT))]
    return [
        _rows(listed[~ever], FamilyEvent.LISTED),
        _rows(listed[ever & ~listed.isin(before)], FamilyEvent.BACK_ON_LIST),
        _rows(gone, FamilyEvent.LEFT_LIST),
    ]


def _became(snapshots: pd.DataFrame, history: History) -> list[Rows]:
    """Families and people that this wash found to be others of the previous one, and families that came apart."""
    known = pd.concat([snapshots["family_id"], history.cases["family_id"], history.master_list["family_id"]])
    moved = history.changes
    families = moved[(moved["kind"] == "family") & moved["previous_id"].isin(known)]
    merged, split = (families[families["change"] == change] for change in ("merged", "split"))
    people = moved[(moved["kind"] == "person") & (moved["change"] == "merged")]
    ever = pd.concat([snapshots[_KEYS], history.family_events[_KEYS].dropna()]).drop_duplicates()
    same = ever.merge(people, left_on="person_id", right_on="previous_id")
    return [
        _rows(merged["previous_id"], FamilyEvent.MERGED, detail=merged["id"]),
        _rows(split["previous_id"], FamilyEvent.SPLIT, detail=split["id"]),
        _rows(same["family_id"], FamilyEvent.SAME_PERSON, person=same["person_id"], detail=same["id"]),
    ]


def _members(snapshots: pd.DataFrame, people: People, history: History, lineage: Lineage) -> list[Rows]:
    """Who joined and who left the families that are still seen, and which of them moved."""
    homes = people.households[people.households["family_id"].isin(snapshots["family_id"])]
    lives = people.members[people.members["household_id"].isin(homes["household_id"])]
    now = homes[["family_id", "household_id"]].merge(lives[["household_id", "person_id"]], on="household_id")[_KEYS]
    was = _followed(snapshots, history, lineage)
    was = was[was["family_id"].isin(now["family_id"])]
    both = now.merge(was, how="outer", on=_KEYS, indicator="where")
    joined, left = (both[both["where"] == where] for where in ("left_only", "right_only"))
    moved = _moved(homes, history.households)
    return [
        _rows(joined["family_id"], FamilyEvent.MEMBER_JOINED, person=joined["person_id"]),
        _rows(left["family_id"], FamilyEvent.MEMBER_LEFT, person=left["person_id"]),
        _rows(moved["family_id"], FamilyEvent.MOVED, detail=moved["address"] + ", " + moved["postcode"].fillna("")),
    ]


def _followed(snapshots: pd.DataFrame, history: History, lineage: Lineage) -> pd.DataFrame:
    """Each family's members as the snapshot and the events since leave them, by the person ids of today."""
    first = snapshots.sort_values("eligible_on", kind="stable").drop_duplicates(["family_id", "person_id"])
    events = history.family_events
    steps = events[events["event"].isin([FamilyEvent.MEMBER_JOINED, FamilyEvent.MEMBER_LEFT])]
    steps = steps.sort_values("seen_on", kind="stable")
    every = pd.concat([first[_KEYS].assign(there=True),
                       steps[_KEYS].assign(there=(steps["event"] == FamilyEvent.MEMBER_JOINED).to_numpy())])
    renamed = every["person_id"].map(lineage.people).astype(TEXT).fillna(every["person_id"])
    last = every.assign(person_id=renamed).drop_duplicates(_KEYS, keep="last")
    return last.loc[last["there"].astype(bool), _KEYS]


def _moved(now: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """Families whose home has another UPRN; where either has none, another postcode or another number."""
    columns = ["family_id", "address", "postcode", "uprn"]
    both = now[columns].merge(before[columns], on="family_id", suffixes=("", "_was"))
    uprn, code = (both[[name, f"{name}_was"]].notna().all(axis=1) for name in ("uprn", "postcode"))
    number, was = (both[name].str.extract(r"(\d+)", expand=False) for name in ("address", "address_was"))
    elsewhere = code & (both["postcode"] != both["postcode_was"]).fillna(False) | (number != was).fillna(False)
    moved = (both["uprn"] != both["uprn_was"]).fillna(False).where(uprn, elsewhere)
    return both[moved.astype(bool) & both["address"].notna()]


def _of_cases(cases: pd.DataFrame, history: History) -> list[Rows]:
    found = cases[cases["family_id"].notna()]
    told = history.family_events
    claims = history.earlier.drop_duplicates(["claim_id", "family_ref", "claimed_on"])
    family = claims["family_ref"].map(cases.set_index("family_ref")["family_id"])
    claims = claims.assign(family_id=family.fillna(claims["family_id"])).dropna(subset=["family_id", "claimed_on"])
    named = claims["claim_id"].fillna(claims["family_ref"])
    return [
        _once(found["family_id"], FamilyEvent.ATTACHED, _dated(found["family_ref"], found["attached_on"]), told),
        _once(found["family_id"], FamilyEvent.CLOSED, _dated(found["family_ref"], found["closed_on"]), told),
        _once(claims["family_id"], FamilyEvent.CLAIMED, _dated(named, claims["claimed_on"]), told),
    ]


def _dated(what: pd.Series, day: pd.Series) -> pd.Series:
    return what + " on " + day_text(day).set_axis(what.index)


def _once(families: pd.Series, event: FamilyEvent, detail: pd.Series, told: pd.DataFrame) -> Rows:
    """Rows for what was not told before; a date that the caseload corrects is told again."""
    new = detail.notna() & ~detail.isin(told.loc[told["event"] == event, "detail"])
    return _rows(families[new], event, detail=detail[new])
