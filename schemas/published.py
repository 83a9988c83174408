"""The tables that a wash publishes for people to open, and the key that sorts every published table."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.assessed import Evidence, Verdicts
from schemas.columns import Table, optional, required, text
from schemas.linked import Households, Members, Pairs, People, PersonRecords
from schemas.programme import (
    CaseMembers,
    Cases,
    ClaimBlocks,
    ClaimStates,
    FamilyChanges,
    FamilyEvents,
    NoLead,
    PanelAnswers,
    PanelFormIssues,
    PanelHistory,
    ReferralOutcomes,
    Results,
    Services,
    SnapshotEvidence,
    Snapshots,
)
from schemas.reviewing import ReviewQueue
from schemas.words import Change, Route, Rule, Verdict


class Quarantine(Table):
    """A rejected row, without the value (the value stands only in the restricted copy)."""

    extract: Series[pd.StringDtype] = text()
    file: Series[pd.StringDtype] = text()
    row_number: Series[pd.Int64Dtype] = optional(ge=1)
    rule: Series[pd.StringDtype] = text()
    column: Series[pd.StringDtype] = text(nullable=True)
    message: Series[pd.StringDtype] = text()


class MasterList(Table):
    """An eligible family. Freshest and stalest are of its evidence; `link_confidence` is its least certain member's.

    `family_ref`, `attached_on`, tier and lead are of its open case (of several, the one attached last), `case_flags`
    what to look at there, joined by `;`. `listed_since`: the first day on which it or a family it came from was listed.
    """

    rank: Series[pd.Int64Dtype] = optional(ge=1)
    family_id: Series[pd.StringDtype] = text(unique=True)
    household_id: Series[pd.StringDtype] = text(unique=True)
    rule: Series[pd.StringDtype] = text(isin=list(Rule))
    crime_asb: Series[pd.StringDtype] = text(isin=list(Verdict))
    education: Series[pd.StringDtype] = text(isin=list(Verdict))
    work: Series[pd.StringDtype] = text(isin=list(Verdict))
    local: Series[pd.StringDtype] = text(isin=list(Verdict))
    children_who_need_help: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    domestic_abuse: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    health: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    local_criteria: Series[pd.StringDtype] = text(nullable=True)
    children: Series[pd.Int64Dtype] = optional(ge=0)
    adults: Series[pd.Int64Dtype] = optional(ge=0)
    address: Series[pd.StringDtype] = text(nullable=True)
    postcode: Series[pd.StringDtype] = text(nullable=True)
    agencies: Series[pd.StringDtype] = text(nullable=True)
    freshest_evidence: Series[DateTime] = optional()
    stalest_evidence: Series[DateTime] = optional()
    link_confidence: Series[float] = optional(ge=0, le=1)
    route: Series[pd.StringDtype] = text(isin=list(Route))
    listed_since: Series[DateTime] = optional()
    family_ref: Series[pd.StringDtype] = text(nullable=True)
    attached_on: Series[DateTime] = optional()
    tier: Series[pd.StringDtype] = text(nullable=True)
    lead_agency: Series[pd.StringDtype] = text(nullable=True)
    case_flags: Series[pd.StringDtype] = text(nullable=True)
    change: Series[pd.StringDtype] = text(isin=list(Change))
    rank_reasons: Series[pd.StringDtype] = text(nullable=True)


SINCE = ("listed_since", "family_ref", "attached_on", "tier", "lead_agency", "case_flags", "change")
"""Columns of the master list that come from earlier runs and the caseload, and not from the evidence."""


class PanelList(MasterList):
    """The top of the ranking, for the next panel."""


class Undetermined(Table):
    """A family that could still become eligible, and what would settle it."""

    family_id: Series[pd.StringDtype] = text(unique=True)
    household_id: Series[pd.StringDtype] = text(unique=True)
    crime_asb: Series[pd.StringDtype] = text(isin=list(Verdict))
    education: Series[pd.StringDtype] = text(isin=list(Verdict))
    work: Series[pd.StringDtype] = text(isin=list(Verdict))
    local: Series[pd.StringDtype] = text(isin=list(Verdict))
    children_who_need_help: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    domestic_abuse: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    health: Series[pd.StringDtype] = text(nullable=True, isin=list(Verdict))
    would_settle: Series[pd.StringDtype] = text()


class LeftList(Table):
    """A family on the previous run's list and not on this one, and why."""

    family_id: Series[pd.StringDtype] = text(unique=True)
    household_id: Series[pd.StringDtype] = text(nullable=True)
    lapsed: Series[pd.StringDtype] = text()


class DwpRequest(Table):
    """An adult to send to DWP; these columns and no others leave the council."""

    request_ref: Series[pd.StringDtype] = text(unique=True)
    forename: Series[pd.StringDtype] = text(nullable=True)
    middle_names: Series[pd.StringDtype] = text(nullable=True)
    surname: Series[pd.StringDtype] = text()
    date_of_birth: Series[DateTime] = optional()
    sex: Series[pd.StringDtype] = text(nullable=True)
    address: Series[pd.StringDtype] = text()
    postcode: Series[pd.StringDtype] = text()


class Coverage(Table):
    """A school and a term: did it send attendance, for how many pupils, and how much of it is still reason N."""

    school_urn: Series[pd.StringDtype] = text()
    school_name: Series[pd.StringDtype] = text(nullable=True)
    academic_year: Series[pd.StringDtype] = text()
    term: Series[pd.StringDtype] = text(isin=["autumn", "spring", "summer"])
    pupils: Series[pd.Int64Dtype] = optional(ge=0)
    sessions_possible: Series[pd.Int64Dtype] = optional(ge=0)
    share_reason_n: Series[float] = optional(ge=0, le=1)
    returned: Series[pd.BooleanDtype] = optional()


class FamilyAreas(Table):
    """A family that is listed, undetermined, no longer listed or on the programme: in which of the council's areas.

    Both are empty where no full postcode is known of it. One that is gone keeps that of the list before.
    """

    family_id: Series[pd.StringDtype] = text(unique=True)
    area: Series[pd.StringDtype] = text(nullable=True)
    district: Series[pd.StringDtype] = text(nullable=True)


class FamilySchools(Table):
    """A school that sent attendance for children of a family, how many, and the last term in which it did.

    Of each child only the schools of its last term; of the families of `FamilyAreas`.
    """

    family_id: Series[pd.StringDtype] = text()
    school_urn: Series[pd.StringDtype] = text()
    school_name: Series[pd.StringDtype] = text(nullable=True)
    children: Series[pd.Int64Dtype] = required(ge=1)
    academic_year: Series[pd.StringDtype] = text()
    term: Series[pd.StringDtype] = text(isin=["autumn", "spring", "summer"])


class Funnel(Table):
    """A count on the way from rows to families, in the order of the way."""

    step: Series[pd.StringDtype] = text(unique=True)
    count: Series[pd.Int64Dtype] = optional(ge=0)


class FieldQuality(Table):
    """A field of an extract among its accepted rows: how many are empty, and of a day the first and last that stand.

    A day of birth has neither: they would be somebody's own.
    """

    extract: Series[pd.StringDtype] = text()
    field: Series[pd.StringDtype] = text()
    rows: Series[pd.Int64Dtype] = required(ge=0)
    blank: Series[pd.Int64Dtype] = required(ge=0)
    first: Series[DateTime] = optional()
    last: Series[DateTime] = optional()


PUBLISHED: dict[str, tuple[type[Table], tuple[str, ...]]] = {
    "quarantine": (Quarantine, ("extract", "file", "row_number", "rule", "column")),
    "people": (People, ("person_id",)),
    "person_records": (PersonRecords, ("record_id",)),
    "pairs": (Pairs, ("left_id", "right_id")),
    "households": (Households, ("household_id",)),
    "members": (Members, ("household_id", "person_id")),
    "evidence": (Evidence, ("evidence_id",)),
    "verdicts": (Verdicts, ("household_id", "criterion")),
    "master_list": (MasterList, ("rank",)),
    "undetermined": (Undetermined, ("family_id",)),
    "left_list": (LeftList, ("family_id",)),
    "family_areas": (FamilyAreas, ("family_id",)),
    "family_schools": (FamilySchools, ("family_id", "school_urn")),
    "panel_list": (PanelList, ("rank",)),
    "dwp_request": (DwpRequest, ("request_ref",)),
    "review_queue": (ReviewQueue, ("rank",)),
    "coverage": (Coverage, ("school_urn", "academic_year", "term")),
    "cases": (Cases, ("family_ref",)),
    "case_members": (CaseMembers, ("family_ref", "person_id")),
    "snapshots": (Snapshots, ("family_id", "eligible_on", "person_id")),
    "snapshot_evidence": (SnapshotEvidence, ("family_id", "eligible_on", "evidence_id")),
    "family_events": (FamilyEvents, ("seen_on", "family_id", "event", "person_id", "detail")),
    "family_changes": (FamilyChanges, ("family_id",)),
    "results": (Results, ("family_ref", "route", "measure", "problem", "person_id")),
    "claims": (ClaimStates, ("family_ref",)),
    "claim_blocks": (ClaimBlocks, ("family_ref", "route", "block", "detail")),
    "referral_outcomes": (ReferralOutcomes, ("referral_ref", "agency")),
    "services": (Services, ("family_id", "agency", "source", "service", "since")),
    "no_lead": (NoLead, ("family_id",)),
    "panel_history": (PanelHistory, ("family_id", "put_on", "put_as")),
    "panel_answers": (PanelAnswers, ("family_id", "agency")),
    "panel_form_issues": (PanelFormIssues, ("file", "row_number", "issue")),
    "funnel": (Funnel, ()),
    "field_quality": (FieldQuality, ("extract", "field")),
}
"""Every published table: its model, and the columns that sort it (none: the order it was made in is the order)."""
