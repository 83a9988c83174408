"""The one public call: people and facts into evidence, verdicts, eligible and undetermined families.

It keeps the programme's own order: crime and education first, then whom to ask DWP about, then work, then local.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from criteria.attendance import no_mismatches
from criteria.calendar import Term, current_term_start, last_complete_terms
from criteria.counting import count_doubts, count_outcomes, count_unplaced
from criteria.coverage import cover
from criteria.crime_asb import find_crime_asb
from criteria.education import Schooling, find_education
from criteria.eligibility import Kind, Outcome, decide_outcome, find_kind, undetermined_table
from criteria.evidence import finish
from criteria.facts import Facts, People, Placed, Roster, make_roster, place_facts
from criteria.families import list_families
from criteria.framework import Framework
from criteria.local import count_local, find_local, mark_dependent
from criteria.priority import Known
from criteria.problems import find_problems, with_indicators
from criteria.referrals import find_routes, referral_outcomes, stand
from criteria.services import find_services
from criteria.verdicts import MET, Decided, decide, verdict_table
from criteria.work import find_work
from schemas.assessed import Evidence
from schemas.columns import columns_of
from schemas.words import Criterion


class Assessment(NamedTuple):
    """What the criteria make of the facts.

    evidence, verdicts, undetermined, coverage: as in `schemas`. families: the eligible ones, ranked, with the master
    list's columns but those of `SINCE`. dwp_people: household_id, person_id of the adults to ask DWP about. mismatches:
    rows of attendance whose reasons do not add up. services, referral_outcomes: as in `schemas.programme`, of services
    those that evidence and caseload show. on_programme: family_id of those with an open case. counts: numbers for the
    funnel and the summary.
    """

    evidence: pd.DataFrame
    verdicts: pd.DataFrame
    families: pd.DataFrame
    undetermined: pd.DataFrame
    dwp_people: pd.DataFrame
    coverage: pd.DataFrame
    mismatches: pd.DataFrame
    services: pd.DataFrame
    referral_outcomes: pd.DataFrame
    on_programme: pd.DataFrame
    counts: dict[str, int]


class Judged(NamedTuple):
    """The verdicts of every household, and the evidence behind them, by position."""

    decided: dict[Criterion, Decided]
    evidence: pd.DataFrame
    schooling: Schooling
    kind: Kind
    asked: np.ndarray
    counts: dict[str, int]


def assess(
    people: People, facts: Facts, rules: Framework, *, as_of: date, known: Known | None = None
) -> Assessment:
    """Judge every household on a date. Pure: the same frames in any order of rows give the same tables.

    `known`: what earlier washes and the panel's forms know of families; it bears on their rank alone. Source of the
    order of criteria: National Evaluation, process evaluation final report (DCLG, 2016), section 3.1.2.
    """
    terms = last_complete_terms(as_of, rules)
    roster = make_roster(people, as_of, rules.work.adult_from_age.value)
    placed = place_facts(facts, roster)
    judged = _judge(placed, roster, rules, terms)
    outcome = _outcome(judged, roster, rules)
    route = find_routes(outcome.eligible, placed, roster,
                        lambda fewer, left: _outcome(_judge(left, fewer, rules, terms), fewer, rules).eligible)
    involved = find_services(judged.evidence, outcome.eligible, placed, roster)
    attendance = judged.schooling.attendance
    return Assessment(
        evidence=judged.evidence.loc[:, list(columns_of(Evidence))],
        verdicts=verdict_table(list(judged.decided.values()), roster),
        families=list_families(outcome, judged.decided, judged.evidence, roster, rules, route=route,
                               known=(known or Known()).beside(involved.services)),
        undetermined=undetermined_table(outcome, judged.decided, roster, judged.kind, rules.national),
        dwp_people=_adults_of(judged.asked, roster),
        coverage=cover(placed, attendance, terms),
        mismatches=no_mismatches() if attendance is None else attendance.mismatches,
        services=involved.services,
        referral_outcomes=referral_outcomes(
            placed, roster, stand(judged.decided, outcome, judged.kind, roster, rules=rules)),
        on_programme=involved.on_programme,
        counts={**count_unplaced(placed), **judged.counts,
                **count_outcomes(judged.decided, outcome, judged.kind, judged.asked, rules),
                **count_doubts(judged.evidence, outcome, rules)},
    )


def judge_day(placed: Placed, roster: Roster, rules: Framework) -> tuple[Judged, Outcome]:
    """The verdicts and the outcome of every household on the roster's day, as `assess` has them."""
    judged = _judge(placed, roster, rules, last_complete_terms(roster.as_of, rules))
    return judged, _outcome(judged, roster, rules)


def _outcome(judged: Judged, roster: Roster, rules: Framework) -> Outcome:
    local_count = count_local(judged.evidence, roster.size)
    return decide_outcome(judged.decided, local_count, judged.kind, rules.national)


def _judge(facts: Placed, roster: Roster, rules: Framework, terms: tuple[Term, ...]) -> Judged:
    crime = find_crime_asb(facts, roster, rules)
    schooling = find_education(facts, roster, rules, terms)
    first = [with_indicators(found, facts, roster, rules) for found in (crime, schooling.finding)]
    first += find_problems(facts, roster, rules)
    decided = {found.criterion: decide(found, roster) for found in first}
    kind = find_kind(roster, rules, current_term_start(roster.as_of, rules), schooling.at_school)
    grounds = [decided[name].verdict == MET for name in rules.dwp.asked_when_met.value]
    asked = kind.suits & np.any(grounds, axis=0)
    work, work_counts = find_work(facts, roster, rules, asked, kind.suits)
    work = with_indicators(work, facts, roster, rules)
    decided[Criterion.WORK] = decide(work, roster)
    local, local_counts = find_local(facts, roster, rules)
    local = mark_dependent(local, {name: one.verdict == MET for name, one in decided.items()}, rules)
    decided[Criterion.LOCAL] = decide(local, roster)
    evidence = finish([found.evidence for found in (*first, work, local)], roster)
    return Judged(decided, evidence, schooling, kind, asked, schooling.counts | work_counts | local_counts)


def _adults_of(asked: np.ndarray, roster: Roster) -> pd.DataFrame:
    """The adults of the households that DWP is asked about, and nobody else's."""
    adults = np.flatnonzero(~roster.child & asked[roster.home])
    table = pd.DataFrame({"household_id": roster.households["household_id"].take(roster.home[adults]).array,
                          "person_id": roster.person_id.take(adults).array})
    return table.sort_values(["household_id", "person_id"], ignore_index=True)
