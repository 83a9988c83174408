"""The council's caseload: families that joined, the claims of other days, and the wrong claims that are planted."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from benchmarks.claims.lives import Lives
from benchmarks.claims.sources import hand_of
from benchmarks.town.draws import Ints
from benchmarks.town.scribe import finish
from benchmarks.town.written import iso


ORDINARY = "ordinary"
PLANTS = (
    "double_reference", "double_person", "claimed_long_ago", "retrospective", "late_contact", "no_contact",
    "late_eligibility", "no_evidence", "split_household", "esf_job", "relapsed", "another_child", "neutral_misused",
    "missing_data", "over_allocation",
)  # fmt: skip
"""What is wrong with the claims that are planted."""
OF_FATE = {
    "relapses": "relapsed", "other_child": "another_child", "other_truant": "another_child",
    "neutral": "neutral_misused", "esf": "esf_job", "work_programme": "esf_job",
}  # fmt: skip


@dataclass
class Case:
    """A reference of the caseload and the true family behind it. Days are since 1970, -1 for none.

    Attributes:
        listed: the day of the wash whose list the council took it from. kind: what is wrong with its claim, if anything
            is. people: those whom the caseload names. claimed: the day of its claim. claimants: everyone of that claim.
    """

    ref: str
    household: int
    attached: int
    contact: int
    people: list[int]
    kind: str = ORDINARY
    fate: str = ""
    listed: int = -1
    closed: int = -1
    known_from: int = 0
    tier: str = "light"
    claimed: int = -1
    claimants: set[int] = field(default_factory=set)
    later: list[tuple[int, int]] = field(default_factory=list)
    """(person, day) of those whom the caseload came to name afterwards."""

    def named_by(self, day: int) -> set[int]:
        """Whom the caseload names on a day."""
        return set(self.people) | {person for person, since in self.later if since <= day}


def caseload_extract(lives: Lives, cases: list[Case], on: int) -> pd.DataFrame:
    """Members of the families on the programme, each as a row, as the workers wrote them when they met them."""
    parts = []
    for number, case in enumerate(cases):
        if case.known_from > on:
            continue
        parts.append(_rows(lives, case, np.array(case.people), 30_000 + number, on))
        for person, since in case.later:
            if since <= on:
                parts.append(_rows(lives, case, np.array([person]), 60_000 + 100 * number + person % 100, on))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _rows(lives: Lives, case: Case, people: Ints, number: int, on: int) -> pd.DataFrame:
    met = 0 <= case.contact <= on
    told = {
        "family_ref": case.ref,
        "attached_on": _iso(case.attached),
        "first_contact_on": _iso(case.contact) if met else None,
        "tier": case.tier,
        "lead_agency": "Family Intervention Project",
        "closed_on": _iso(case.closed) if 0 <= case.closed <= on else None,
    }
    own = pd.DataFrame([told] * len(people))
    about = hand_of(lives, "caseworkers", number).describe(people, np.full(len(people), case.attached))
    return finish(own, about, people, file="caseload")


def _iso(day: int) -> str:
    return str(iso(np.array([day]))[0])


def claims_extract(claims: list[tuple[str, int, str, int]]) -> pd.DataFrame:
    """Claims made before there was a register: reference, day, route, pounds."""
    refs, days, routes, pounds = (list(column) for column in zip(*claims, strict=True))
    told = {
        "family_ref": refs,
        "claimed_on": iso(np.array(days)),
        "route": routes,
        "amount": [str(amount) for amount in pounds],
    }
    hidden = {"true_person": -1, "true_child": -1, "true_household": -1, "note": "", "file": "claims"}
    return pd.DataFrame(told).assign(**hidden)
