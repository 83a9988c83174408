"""What follows a listed family: its case, its snapshot, what changed, its results, and what may be claimed."""

import pandas as pd
from pandera.typing import DateTime, Series

from schemas.assessed import Evidence
from schemas.codes import YES_NO
from schemas.columns import Table, optional, required, text
from schemas.panel_forms import DECISION, VIEW
from schemas.words import (
    Attribution,
    ClaimRoute,
    ClaimStatus,
    FamilyEvent,
    Measure,
    Outcome,
    ResultVerdict,
    Role,
    Rule,
    Verdict,
)


class Snapshots(Table):
    """A member of a family as it was on the day its eligibility was first evidenced; never changed afterwards."""

    family_id: Series[pd.StringDtype] = text()
    eligible_on: Series[DateTime] = required()
    evidenced_by: Series[pd.StringDtype] = text(isin=list(Attribution))
    rule: Series[pd.StringDtype] = text(isin=list(Rule))
    person_id: Series[pd.StringDtype] = text()
    role: Series[pd.StringDtype] = text(isin=list(Role))
    date_of_birth: Series[DateTime] = optional()
    address: Series[pd.StringDtype] = text(nullable=True)
    postcode: Series[pd.StringDtype] = text(nullable=True)
    basis: Series[pd.StringDtype] = text()
    confidence: Series[float] = optional(ge=0, le=1)


class SnapshotEvidence(Evidence):
    """The evidence of a snapshot's family as it stood on that day; an evidence_id is one of that day's wash."""

    evidence_id: Series[pd.StringDtype] = text()
    family_id: Series[pd.StringDtype] = text()
    eligible_on: Series[DateTime] = required()


class FamilyEvents(Table):
    """What happened to a listed family, in the order in which washes saw it; rows are only ever added."""

    family_id: Series[pd.StringDtype] = text()
    seen_on: Series[DateTime] = required()
    event: Series[pd.StringDtype] = text(isin=list(FamilyEvent))
    person_id: Series[pd.StringDtype] = text(nullable=True)
    detail: Series[pd.StringDtype] = text(nullable=True)


class Cases(Table):
    """A family on the programme, as the caseload names it, and the family of this run that it is.

    `eligible_on`: the first day on which its eligibility is evidenced, `evidenced_by` how, `snapshot_of` the family
    under whose id that day's snapshot stands (its own, or one that it came from). `flags` are joined by `;`.
    """

    family_ref: Series[pd.StringDtype] = text(unique=True)
    family_id: Series[pd.StringDtype] = text(nullable=True)
    household_id: Series[pd.StringDtype] = text(nullable=True)
    attached_on: Series[DateTime] = required()
    first_contact_on: Series[DateTime] = optional()
    closed_on: Series[DateTime] = optional()
    tier: Series[pd.StringDtype] = text(nullable=True)
    lead_agency: Series[pd.StringDtype] = text(nullable=True)
    eligible_on: Series[DateTime] = optional()
    evidenced_by: Series[pd.StringDtype] = text(nullable=True, isin=list(Attribution))
    snapshot_of: Series[pd.StringDtype] = text(nullable=True)
    rule: Series[pd.StringDtype] = text(nullable=True, isin=list(Rule))
    eligible_at_attachment: Series[pd.StringDtype] = text(isin=list(Verdict))
    flags: Series[pd.StringDtype] = text(nullable=True)


class CaseMembers(Table):
    """A person of a case: named by the caseload, in the snapshot (`then`), in the family's home today (`now`)."""

    family_ref: Series[pd.StringDtype] = text()
    person_id: Series[pd.StringDtype] = text()
    role: Series[pd.StringDtype] = text(isin=list(Role))
    named: Series[pd.BooleanDtype] = required()
    then: Series[pd.BooleanDtype] = required()
    now: Series[pd.BooleanDtype] = required()


class Results(Table):
    """One test of a result: the whole family's (no person_id), or one person's part of it.

    Counts are of incidents, offences, exclusions or weeks; for absence they are unauthorised sessions, with the
    possible ones in `arithmetic`. `could_be`: the first day on which it could be met if nothing new happens.
    """

    family_ref: Series[pd.StringDtype] = text()
    route: Series[pd.StringDtype] = text(isin=list(ClaimRoute))
    measure: Series[pd.StringDtype] = text(isin=list(Measure))
    person_id: Series[pd.StringDtype] = text(nullable=True)
    problem: Series[pd.StringDtype] = text(nullable=True)
    baseline_start: Series[DateTime] = optional()
    baseline_end: Series[DateTime] = optional()
    baseline_count: Series[pd.Int64Dtype] = optional(ge=0)
    result_start: Series[DateTime] = optional()
    result_end: Series[DateTime] = optional()
    result_count: Series[pd.Int64Dtype] = optional(ge=0)
    arithmetic: Series[pd.StringDtype] = text(nullable=True)
    verdict: Series[pd.StringDtype] = text(isin=list(ResultVerdict))
    reason: Series[pd.StringDtype] = text()
    could_be: Series[DateTime] = optional()
    extract: Series[pd.StringDtype] = text(nullable=True)
    file_sha256: Series[pd.StringDtype] = text(nullable=True)
    row_numbers: Series[pd.StringDtype] = text(nullable=True)


class ClaimStates(Table):
    """A case and its claim as of the run's day. `amount` in pounds; `hinges` and `blocks` are codes joined by `;`."""

    family_ref: Series[pd.StringDtype] = text(unique=True)
    family_id: Series[pd.StringDtype] = text(nullable=True)
    status: Series[pd.StringDtype] = text(isin=list(ClaimStatus))
    route: Series[pd.StringDtype] = text(nullable=True, isin=list(ClaimRoute))
    amount: Series[pd.Int64Dtype] = optional(ge=0)
    rate_year: Series[pd.StringDtype] = text(nullable=True)
    rate_table: Series[pd.StringDtype] = text(nullable=True)
    result_start: Series[DateTime] = optional()
    result_end: Series[DateTime] = optional()
    could_be: Series[DateTime] = optional()
    blocks: Series[pd.StringDtype] = text(nullable=True)
    hinges: Series[pd.StringDtype] = text(nullable=True)
    reasons: Series[pd.StringDtype] = text(nullable=True)


class ClaimBlocks(Table):
    """One reason why a case cannot be claimed for today; `until`: the day on which it lifts by itself, if it does.

    `route`: the route that it stops; empty for one that stops them all.
    """

    family_ref: Series[pd.StringDtype] = text()
    route: Series[pd.StringDtype] = text(nullable=True, isin=list(ClaimRoute))
    block: Series[pd.StringDtype] = text()
    detail: Series[pd.StringDtype] = text()
    until: Series[DateTime] = optional()


class ReferralOutcomes(Table):
    """A referral of an agency, and what became of it: `why` for the council, `told` what goes back to the referrer."""

    referral_ref: Series[pd.StringDtype] = text()
    agency: Series[pd.StringDtype] = text()
    referred_on: Series[DateTime] = required()
    family_id: Series[pd.StringDtype] = text(nullable=True)
    outcome: Series[pd.StringDtype] = text(isin=list(Outcome))
    why: Series[pd.StringDtype] = text()
    told: Series[pd.StringDtype] = text()


class PanelHistory(Table):
    """A family that was put to a panel on a day, and what the panel decided; carried from wash to wash.

    `family_id` is today's, `put_as` the id that it bore then, which its form has. `back_on`: the day from which a
    family that the panel put off is put again.
    """

    family_id: Series[pd.StringDtype] = text()
    put_on: Series[DateTime] = required()
    put_as: Series[pd.StringDtype] = text()
    decision: Series[pd.StringDtype] = text(nullable=True, isin=DECISION.allowed)
    decided_on: Series[DateTime] = optional()
    back_on: Series[DateTime] = optional()


class PanelAnswers(Table):
    """What an agency answered about a family on a panel's form, the copies of several agencies read as one."""

    family_id: Series[pd.StringDtype] = text()
    agency: Series[pd.StringDtype] = text()
    known_to_us: Series[pd.StringDtype] = text(nullable=True, isin=YES_NO.allowed)
    working_since: Series[DateTime] = optional()
    service: Series[pd.StringDtype] = text(nullable=True)
    we_would_lead: Series[pd.StringDtype] = text(nullable=True, isin=YES_NO.allowed)
    view: Series[pd.StringDtype] = text(nullable=True, isin=VIEW.allowed)
    note: Series[pd.StringDtype] = text(nullable=True)
    put_on: Series[DateTime] = optional()


class PanelFormIssues(Table):
    """A row of a panel's form that could not be taken as it stands, and why."""

    file: Series[pd.StringDtype] = text()
    row_number: Series[pd.Int64Dtype] = optional(ge=1)
    family_id: Series[pd.StringDtype] = text(nullable=True)
    agency: Series[pd.StringDtype] = text(nullable=True)
    issue: Series[pd.StringDtype] = text()
    what_to_do: Series[pd.StringDtype] = text()


class Services(Table):
    """An agency that works with a family, from the forms, the caseload or the evidence; `leads` if it is the lead."""

    family_id: Series[pd.StringDtype] = text()
    agency: Series[pd.StringDtype] = text()
    source: Series[pd.StringDtype] = text()
    leads: Series[pd.BooleanDtype] = required()
    since: Series[DateTime] = optional()
    service: Series[pd.StringDtype] = text(nullable=True)


class NoLead(Table):
    """A family with many services, none of which leads; the services are joined by `;`."""

    family_id: Series[pd.StringDtype] = text(unique=True)
    services: Series[pd.Int64Dtype] = optional(ge=1)
    agencies: Series[pd.StringDtype] = text()
    would_lead: Series[pd.StringDtype] = text(nullable=True)


class FamilyChanges(Table):
    """A family of this list or the previous one, and what became of it since; `became`: ids joined by `;`."""

    family_id: Series[pd.StringDtype] = text()
    change: Series[pd.StringDtype] = text(isin=["new", "continuing", "left", "merged", "split"])
    became: Series[pd.StringDtype] = text(nullable=True)
    lapsed: Series[pd.StringDtype] = text(nullable=True)
