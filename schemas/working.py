"""Tables that a wash keeps for its own use: for the next wash, for an explanation, for the analyst."""

import pandas as pd
from pandera.typing import Series

from schemas.columns import Table, optional, required, text, without
from schemas.linked import Pairs
from schemas.published import SINCE, MasterList, Quarantine
from schemas.reviewing import PersonParts, Questions, ReviewRecords
from schemas.words import Answer


class Restricted(Quarantine):
    """A rejected row with the value that broke the rule: for the analyst alone."""

    value: Series[pd.StringDtype] = text(nullable=True)


class DroppedColumns(Table):
    """A column of a file that the extract does not need: its heading, for the analyst alone. No value is kept."""

    extract: Series[pd.StringDtype] = text()
    file: Series[pd.StringDtype] = text()
    heading: Series[pd.StringDtype] = text()


class LeftAlone(Table):
    """A record of somebody who asked that their data be left alone."""

    record_id: Series[pd.StringDtype] = text()


class AddressRecords(Table):
    """A record that is only an address, and the household that lives there."""

    record_id: Series[pd.StringDtype] = text(unique=True)
    household_id: Series[pd.StringDtype] = text()


class Identities(Table):
    """A digest of a standardised mention, and whose it is: how the next wash knows a person again."""

    identity: Series[pd.StringDtype] = text()
    person_id: Series[pd.StringDtype] = text()


class IdentityChanges(Table):
    """What became of the ids of the previous run."""

    kind: Series[pd.StringDtype] = text(isin=["person", "household", "family"])
    id: Series[pd.StringDtype] = text()  # noqa: A003 - the column's name
    previous_id: Series[pd.StringDtype] = text(nullable=True)
    change: Series[pd.StringDtype] = text(isin=["new", "kept", "merged", "split"])


class IdentityOrigins(Table):
    """Which of the households and families were once split off from which others that there still are."""

    kind: Series[pd.StringDtype] = text(isin=["household", "family"])
    id: Series[pd.StringDtype] = text()  # noqa: A003 - the column's name
    origin_id: Series[pd.StringDtype] = text()


class Decisions(Table):
    """A decision that somebody took about two records, on the records of this run, and what became of it here."""

    left_id: Series[pd.StringDtype] = text(nullable=True)
    right_id: Series[pd.StringDtype] = text(nullable=True)
    judgement: Series[pd.StringDtype] = text(isin=list(Answer))
    decided_by: Series[pd.StringDtype] = text(nullable=True)
    decided_on: Series[pd.StringDtype] = text(nullable=True)
    reason: Series[pd.StringDtype] = text(nullable=True)
    left_hash: Series[pd.StringDtype] = text(nullable=True)
    right_hash: Series[pd.StringDtype] = text(nullable=True)
    outcome: Series[pd.StringDtype] = text()
    note: Series[pd.StringDtype] = text(nullable=True)


class ModelDrift(Table):
    """What changed in linkage's model and matches since the previous run: by field and level, or by source."""

    field: Series[pd.StringDtype] = text()
    level: Series[pd.StringDtype] = text(nullable=True)
    statistic: Series[pd.StringDtype] = text()
    previous: Series[float] = optional()
    now: Series[float] = optional()
    change: Series[float] = required()
    warned: Series[pd.BooleanDtype] = required()


class MiddleNames(Table):
    """The fullest middle names that any record gives a person, for the request to DWP."""

    person_id: Series[pd.StringDtype] = text(unique=True)
    middle_names: Series[pd.StringDtype] = text()


class RequestRefs(Table):
    """The reference under which DWP is asked about a person."""

    person_id: Series[pd.StringDtype] = text(unique=True)
    request_ref: Series[pd.StringDtype] = text(unique=True)


class AttendanceMismatches(Table):
    """An attendance row whose four reasons of unauthorised absence do not add up to its total."""

    record_id: Series[pd.StringDtype] = text(unique=True)
    person_id: Series[pd.StringDtype] = text(nullable=True)
    unauthorised: Series[pd.Int64Dtype] = optional(ge=0)
    reasons: Series[pd.Int64Dtype] = optional(ge=0)


FAMILIES = without(MasterList, "Families", SINCE)
"""The eligible families, before the previous run and the caseload are looked at."""

WORKING = {
    "questions": (Questions, ("rank",)),
    "pairs_set_aside": (Pairs, ("left_id", "right_id")),
    "person_parts": (PersonParts, ("record_id",)),
    "review_records": (ReviewRecords, ("record_id",)),
    "review_pairs": (Pairs, ("left_id", "right_id")),
    "restricted": (Restricted, ("file", "row_number", "rule", "column")),
    "dropped_columns": (DroppedColumns, ("file", "heading")),
    "left_alone": (LeftAlone, ("record_id",)),
    "address_records": (AddressRecords, ("record_id",)),
    "identities": (Identities, ("identity", "person_id")),
    "identity_changes": (IdentityChanges, ("kind", "id", "previous_id")),
    "identity_origins": (IdentityOrigins, ("kind", "id", "origin_id")),
    "decisions": (Decisions, ("left_id", "right_id", "decided_on", "judgement", "decided_by", "reason")),
    "model_drift": (ModelDrift, ("field", "level", "statistic")),
    "middle_names": (MiddleNames, ("person_id",)),
    "request_refs": (RequestRefs, ("person_id",)),
    "families": (FAMILIES, ("rank",)),
    "attendance_mismatches": (AttendanceMismatches, ("record_id",)),
}
"""Every working table: its model, and the columns that sort it."""
