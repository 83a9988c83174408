"""Each case of each wash beside the truth: claims called ready, wrong ones that got through, right ones not found."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from benchmarks.claims.cases import PLANTS, Case
from benchmarks.claims.council import Council
from benchmarks.claims.lives import Lives
from benchmarks.claims.months import Month
from benchmarks.claims.truth import events_by, why_not
from benchmarks.town.terms import EPOCH, day_of


PAID = {"2012/13": 800, "2013/14": 1600, "2014/15": 2400}
PROGRESS = 100
BEFORE = {"person_claimed_before", "person_in_two_cases"}
TROUBLE = {
    "asb_begun", "asb_not_fallen", "asb_another_child", "offending_begun", "offending_not_fallen",
    "offending_another_child", "education_absence", "education_exclusions",
}  # fmt: skip
REASONS_OF = {
    "double_reference": BEFORE,
    "double_person": BEFORE,
    "claimed_long_ago": BEFORE,
    "split_household": BEFORE,
    "retrospective": {"job_before_joining", "eligible_after_window_began", "first_contact_after_result"},
    "late_contact": {"first_contact_after_result"},
    "no_contact": {"no_first_contact"},
    "late_eligibility": {"never_eligible", "eligible_after_window_began"},
    "no_evidence": {"never_eligible"},
    "esf_job": {"job_on_programme"},
    "relapsed": TROUBLE,
    "another_child": TROUBLE,
    "neutral_misused": {"education_absence"},
    "missing_data": {"education_not_told", "dwp_not_settled"},
}
"""Of each kind of planted claim the reasons of its own: where no other stands against it, it is put to the test."""


class Judged(NamedTuple):
    """A case on a day: what the product says, and of each route the reasons why it may truly not be claimed for."""

    case: Case
    month: Month
    status: str
    route: str | None
    amount: int | None
    blocks: str
    why_not: dict[str, list[str]]

    @property
    def is_ready(self) -> bool:
        """Whether the product calls it ready."""
        return self.status == "ready"

    @property
    def is_claimable(self) -> bool:
        """Whether it may truly be claimed for by any route."""
        return any(not reasons for reasons in self.why_not.values())

    @property
    def wrong(self) -> list[str]:
        """What is wrong with a claim that is called ready."""
        if not self.is_ready or self.route is None:
            return []
        paid = full_amount(self.case) - (PROGRESS if self.route == "a" else 0)
        return self.why_not[self.route] + ([] if self.amount == paid else ["amount"])

    def tries(self, kind: str) -> bool:
        """Whether nothing but what is wrong with claims of a kind stands against one of its routes."""
        return any(reasons and set(reasons) <= REASONS_OF[kind] for reasons in self.why_not.values())


def full_amount(case: Case) -> int:
    """What a family of its year of attachment is paid, in pounds."""
    attached = pd.Timestamp(EPOCH) + pd.Timedelta(days=case.attached)
    first = attached.year - (attached.month < 4)
    return PAID[f"{first}/{(first + 1) % 100:02d}"]


def judge_month(month: Month, lives: Lives, council: Council) -> list[Judged]:
    """Every case of the caseload on the day of a wash."""
    events, said = events_by(lives, month.as_of), states_of(month)
    judged = []
    for case in council.cases:
        if case.known_from <= day_of(month.as_of) and case.kind != "old":
            row = said.get(case.ref, {})
            truth = why_not(events, case, council.cases, case.listed)
            judged.append(
                Judged(
                    case,
                    month,
                    str(row.get("status", "absent")),
                    row.get("route"),
                    None if pd.isna(row.get("amount")) else int(row["amount"]),
                    str(row.get("blocks") or ""),
                    truth,
                )
            )
    return judged


def states_of(month: Month) -> dict[str, dict[str, Any]]:
    """The run's table of claims by reference."""
    if month.states.empty:
        return {}
    rows = month.states.astype(object).where(month.states.notna(), None)
    return {str(row["family_ref"]): row for row in rows.to_dict("records")}


@dataclass(frozen=True)
class Summary:
    """What the months showed.

    Attributes:
        ready, right: claims called ready (a case counts once), and those right by the truth.
        planted: kind to (planted, put to the test, got through). missed: reason to the cases claimable in truth on the
            last day and never claimed.
    """

    ready: int
    right: int
    claimed: int
    planted: dict[str, tuple[int, int, int]]
    missed: Counter[str]
    wrong: list[Judged]


def summarise(judged: list[Judged], allocation: int) -> Summary:
    """Add up all months. `allocation`: how many families are paid for."""
    ready = {one.case.ref: one for one in judged if one.is_ready}
    wrong = {one.case.ref: one for one in judged if one.wrong}
    claimed = sum(len(month.claimed) for month in {id(one.month): one.month for one in judged}.values())
    planted = {kind: _of_kind(kind, judged) for kind in PLANTS if kind in REASONS_OF}
    capped = {one.case.ref for one in judged if "allocation_reached" in one.blocks and one.is_claimable}
    planted["over_allocation"] = (len(capped), len(capped), max(0, claimed - allocation))
    return Summary(len(ready), len(ready) - len(wrong), claimed, planted, _missed(judged), list(wrong.values()))


def _of_kind(kind: str, judged: list[Judged]) -> tuple[int, int, int]:
    """Planted cases of a kind, those put to the test, those that got through. Missing data is planted by the town."""
    own = [one for one in judged if one.case.kind == kind or (kind == "missing_data" and one.tries(kind))]
    refs = (
        {one.case.ref for one in rows}
        for rows in (own, [one for one in own if one.tries(kind)], [one for one in own if one.wrong])
    )
    planted, tried, through = (len(found) for found in refs)
    return planted, tried, through


def _missed(judged: list[Judged]) -> Counter[str]:
    """By block: the cases that were claimable in truth on some day and that no wash called ready."""
    done = {one.case.ref for one in judged if one.is_ready or one.status == "claimed"}
    last = {one.case.ref: one for one in judged if one.is_claimable and one.case.ref not in done}
    return Counter(one.blocks or one.status for one in last.values())
