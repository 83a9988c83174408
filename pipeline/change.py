"""This list against the previous run's: who is new, who left, and what lapsed; decides the words for it."""

import pandas as pd

from criteria import History
from criteria.history import trace_lineage
from pipeline.record.run import Run
from schemas.columns import TEXT, columns_of
from schemas.published import LeftList, MasterList
from schemas.words import Change, Criterion, FamilyEvent, Verdict


def master_list(run: Run) -> pd.DataFrame:
    """The ranked families with what earlier runs and the caseload say of each: since when, its case, `change`."""
    families, before = run.read("families"), run.read_previous("master_list")
    known = families["family_id"].isin(before["family_id"]) if before is not None else pd.Series(False, families.index)
    words = known.map({True: str(Change.CONTINUING), False: str(Change.NEW)})
    since = families["family_id"].map(_listed_since(run.read("family_events"), families["family_id"]))
    listed = families.assign(change=words.astype(TEXT), listed_since=since.astype("datetime64[ns]"))
    return listed.merge(_open_cases(run.read("cases")), how="left", on="family_id")[list(columns_of(MasterList))]


def _listed_since(events: pd.DataFrame, families: pd.Series) -> dict[str, pd.Timestamp]:
    """The first day on which each family, or one that it came from, was listed."""
    first = events[events["event"] == FamilyEvent.LISTED].groupby("family_id")["seen_on"].min()
    parents = trace_lineage(History(family_events=events)).parents
    days = first.to_dict()
    return {family: min(days[known] for known in (family, *parents.get(family, ())) if known in days)
            for family in families}


def _open_cases(cases: pd.DataFrame) -> pd.DataFrame:
    """A family's open case: the one attached last, of equals the last by reference."""
    is_open = cases[cases["closed_on"].isna() & cases["family_id"].notna()]
    last = is_open.sort_values(["attached_on", "family_ref"]).drop_duplicates("family_id", keep="last")
    columns = ["family_id", "family_ref", "attached_on", "tier", "lead_agency", "flags"]
    return last[columns].rename(columns={"flags": "case_flags"})


def family_changes(run: Run, master: pd.DataFrame, left: pd.DataFrame) -> pd.DataFrame:
    """Every family of this list or the previous one: new, continuing, left (with what lapsed), merged or split.

    A family that came apart is `split`, whether or not it is still listed: it became itself and the others.
    """
    before = run.read_previous("master_list")
    was = pd.Series([], dtype=TEXT) if before is None else before["family_id"]
    every = pd.Series(sorted({*was, *master["family_id"]}), dtype=TEXT)
    changes = run.read("identity_changes")
    moved = changes[(changes["kind"] == "family") & changes["previous_id"].isin(was)]
    merged = moved[moved["change"] == "merged"].set_index("previous_id")["id"].to_dict()
    split = moved[moved["change"] == "split"].groupby("previous_id")["id"].agg(sorted).to_dict()
    on_list, was_on = frozenset(master["family_id"]), frozenset(was)
    words = [_change(family, merged, split, on_list, was_on) for family in every]
    became = [merged.get(family) or ";".join([family, *split[family]] if family in split else []) or None
              for family in every]
    lapsed = every.map(left.set_index("family_id")["lapsed"]).where([word in ("left", "split") for word in words])
    return pd.DataFrame({"family_id": every, "change": pd.array(words, dtype=TEXT),
                         "became": pd.array(became, dtype=TEXT), "lapsed": lapsed.astype(TEXT)})


def _change(
    family: str, merged: dict[str, str], split: dict[str, list[str]], on_list: frozenset[str], was_on: frozenset[str]
) -> str:
    if family not in was_on:
        return "new"
    if family in merged and family not in on_list:
        return "merged"
    if family in split:
        return "split"
    return "continuing" if family in on_list else "left"


def left_list(run: Run, master: pd.DataFrame) -> pd.DataFrame:
    """The families of the previous list that are not on this one: family_id, household_id, lapsed."""
    before = run.read_previous("master_list")
    if before is None:
        return LeftList.empty()
    gone = before[~before["family_id"].isin(master["family_id"])]
    into = _became(run.read("identity_changes"))
    homes = run.read("households").dropna(subset=["family_id"]).set_index("family_id")["household_id"]
    verdicts = run.read("verdicts").pivot(index="household_id", columns="criterion", values="verdict")
    lapsed = [_lapsed(row, into, homes, verdicts) for row in gone.to_dict("records")]
    household = gone["family_id"].map(homes).astype(TEXT)
    frame = {"family_id": gone["family_id"], "household_id": household, "lapsed": pd.array(lapsed, dtype=TEXT)}
    return pd.DataFrame(frame).reset_index(drop=True)


def _became(changes: pd.DataFrame) -> dict[str, str]:
    """What became of each family id of the previous run that did not simply go on: its id -> the words."""
    moved = changes[(changes["kind"] == "family") & changes["change"].isin(["merged", "split"])]
    words = moved["change"] + " into " + moved["id"]
    return {str(family): ", ".join(became) for family, became in words.groupby(moved["previous_id"])}


def _lapsed(row: dict, into: dict[str, str], homes: pd.Series, verdicts: pd.DataFrame) -> str:
    family = row["family_id"]
    if family not in homes.index:
        return into.get(family, "its people are no longer seen, or no longer together")
    now = verdicts.loc[homes[family]]
    held = [name for name in Criterion if row.get(name) == Verdict.MET]
    lost = [f"{name}: {_WORDS.get(now.get(name), _ASKED_NO_MORE)}" for name in held if now.get(name) != Verdict.MET]
    return "; ".join([*lost, *([into[family]] if family in into else [])]) or "no child of school age"


_WORDS = {Verdict.NOT_MET: "no longer met", Verdict.UNKNOWN: "no longer known to be met"}
_ASKED_NO_MORE = "not a criterion of this programme"
