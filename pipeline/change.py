"""This list against the previous run's: who is new, who left, and what lapsed; decides the words for it."""

import pandas as pd

from pipeline.record.run import Run
from schemas.columns import TEXT
from schemas.published import LeftList, MasterList
from schemas.words import Change, Criterion, Verdict


def change_of(families: pd.DataFrame, before: pd.DataFrame | None) -> pd.DataFrame:
    """The master list: the ranked `families` with `change`, against the previous master list (None: all are new)."""
    known = families["family_id"].isin(before["family_id"]) if before is not None else pd.Series(False, families.index)
    words = known.map({True: str(Change.CONTINUING), False: str(Change.NEW)})
    columns = list(MasterList.to_schema().columns)
    return families.assign(change=words.astype(TEXT))[columns]


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
