"""Marks in a wash: which stand, who of the previous run was erased since, who of this one is left alone."""

from collections.abc import Iterable

import pandas as pd

from pipeline.intake.archive import read_archived
from pipeline.record.listing import find_paths
from pipeline.record.run import Run
from pipeline.record.tables import read_table
from pipeline.rights.door import NOBODY, Marks
from pipeline.rights.marks import Effect, parse_rights, standing
from pipeline.rights.traits import rights_key


LEFT_ALONE = "left_alone"


def read_marks(run: Run) -> Marks:
    """The marks that stand for this wash, as the rights file was archived."""
    if run.rights is None:
        return NOBODY
    marks = standing(parse_rights(read_archived(run.archive / run.rights.sha256)).entries)
    return Marks(marks, rights_key(run.outputs, run.rights_key))


def without_erased(run: Run, table: pd.DataFrame) -> pd.DataFrame:
    """A table of the previous run without the people who were erased since: nothing of them is taken over."""
    if run.rights is None or run.previous is None or "person_id" not in table:
        return table
    marks = standing(parse_rights(read_archived(run.archive / run.rights.sha256)).entries)
    erased = [mark.people.get(run.previous.name, ()) for mark in marks if mark.effect is Effect.ERASE]
    gone = {person for people in erased for person in people}
    return table[~table["person_id"].isin(gone)].reset_index(drop=True)


def left_alone(run: Run, owners: pd.DataFrame) -> frozenset[str]:
    """The people of this run who asked to be left alone: whose any record says what their mark holds."""
    if run.rights is None:
        return frozenset()
    named = [read_table(path)["record_id"] for path in find_paths(run.clean, f"*.{LEFT_ALONE}.parquet")]
    records = pd.concat(named) if named else pd.Series(dtype=object)
    return frozenset(owners.loc[owners["record_id"].isin(records), "person_id"])


def without_people(frames: dict[str, pd.DataFrame], people: Iterable[str]) -> dict[str, pd.DataFrame]:
    """What linkage made, without these people in any household or question; what holds their records stays."""
    alone = frozenset(people)
    if not alone:
        return frames
    owners, members, homes = frames["person_records"], frames["members"], frames["households"]
    records = owners.loc[owners["person_id"].isin(alone), "record_id"]
    staying = members[~members["person_id"].isin(alone)]
    emptied = set(members["household_id"]) - set(staying["household_id"])
    asked = frames["questions"]
    about = asked["left_id"].isin(records) | asked["right_id"].isin(records)
    places, refs = frames["address_records"], frames["request_refs"]
    return frames | {
        "members": staying.reset_index(drop=True),
        "households": homes[~homes["household_id"].isin(emptied)].reset_index(drop=True),
        "questions": asked[~about].reset_index(drop=True),
        "address_records": places[~places["household_id"].isin(emptied)].reset_index(drop=True),
        "request_refs": refs[~refs["person_id"].isin(alone)].reset_index(drop=True),
    }
