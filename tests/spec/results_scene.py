"""Cases of the spec about results: families on the programme, who was at home when, and events before and after."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd

from criteria import Framework
from criteria.calendar import Window, months_before
from criteria.facts import make_roster, place_facts
from criteria.results import judge_results
from schemas.columns import TEXT
from tests.criteria.town import Town
from tests.spec.chapters import Case, as_day, cases
from tests.spec.scene import framework_of, settle


AS_OF, JOINED = date(2013, 10, 14), date(2012, 4, 15)
TERMS_THEN = (("2010/11", "summer"), ("2011/12", "autumn"), ("2011/12", "spring"))
TERMS_NOW = (("2012/13", "autumn"), ("2012/13", "spring"), ("2012/13", "summer"))
COVERED = {"asb": "event_date", "youth_offending": "outcome_date", "exclusions": "start_date"}
"""Extracts that must reach from before the baseline to the day, and the date that shows it."""


def result_of(case: Case) -> dict[str, Any]:
    """The family's row of the case's measure. Cases of one table share a town, unless the chapter keeps them apart."""
    together = _neighbours(case)
    results = _judge(together)
    ref = f"C{together.index(case)}"
    rows = results[(results["family_ref"] == ref) & (results["measure"] == case.rule.setting["measure"])]
    return rows[rows["person_id"].isna()].iloc[0].to_dict()


def _neighbours(case: Case) -> tuple[Case, ...]:
    if case.rule.setting.get("apart"):
        return (case,)
    return tuple(other for other in cases()
                 if (other.rule, _as_of(other), _absent(other)) == (case.rule, _as_of(case), _absent(case)))


def _as_of(case: Case) -> date:
    return as_day(case.rows[0].get("as of") or case.rule.setting.get("as_of", AS_OF))


def _absent(case: Case) -> tuple[str, ...]:
    return tuple(sorted(case.rows[0].get("not given", "-").replace("-", "").split()))


def _joined(case: Case) -> date:
    return as_day(case.rows[0].get("joined") or case.rule.setting.get("joined", JOINED))


@cache
def _judge(together: tuple[Case, ...]) -> pd.DataFrame:
    town = Town(_as_of(together[0]))
    for number, case in enumerate(together):
        settle(town, case, f"H{number}")
        if "job" in case.rule.setting:
            town.row("employment", f"Mum of H{number}", **case.rule.setting["job"])
        for child, missed in case.rule.setting.get("attendance", {}).items():
            for when, number_missed in zip(("before", "after"), missed, strict=False):
                _attend(town, f"{child} of H{number}", number_missed, when)
        for row in case.rows:
            _happen(town, row, case, f"H{number}")
    if together[0].rule.setting.get("covered", True):
        cover(town)
    absent = _absent(together[0])
    town.rows.setdefault("employment", [])
    return judge_town(town.without(*absent), programme(together, town), framework_of(together[0]))


def cover(town: Town) -> None:
    """Somebody else has an event in each extract long before, and another on the day: so both windows are covered."""
    town.family("Elsewhere", children={"Una": "2001-01-01"})
    for extract, column in COVERED.items():
        for day in (date(2010, 1, 1), town.as_of):
            town.row(extract, "Una", **{column: str(day)})


def judge_town(town: Town, listed: tuple[pd.DataFrame, pd.DataFrame], rules: Framework) -> pd.DataFrame:
    """The results of a town's cases."""
    roster = make_roster(town.people(), town.as_of, rules.work.adult_from_age.value)
    return judge_results(*listed, place_facts(town.facts(), roster), roster, rules)


def programme(together: tuple[Case, ...], town: Town) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The cases and their members: C0 is the family of H0, and so on."""
    held = [(f"C{at}", f"H{at}", _joined(case), as_day(case.rows[0].get("eligible") or _joined(case)))
            for at, case in enumerate(together)]
    people = []
    for at, case in enumerate(together):
        away = {name: f"{case.rows[0].get(name, '')} of H{at}" for name in ("moved in", "moved out")}
        for one in (member for member in town.members if member["household_id"] == f"H{at}"):
            came, went = (one["person_id"] == away[name] for name in ("moved in", "moved out"))
            people.append((f"C{at}", one["person_id"], one["role"], not came and not went, not came, not went))
    return make_cases(held), make_members(people)


def make_cases(held: list[tuple[str, str, date, date]]) -> pd.DataFrame:
    """Cases from family_ref, household_id, attached_on, eligible_on: the columns that results read."""
    table = pd.DataFrame(held, columns=["family_ref", "household_id", "attached_on", "eligible_on"])
    days = {name: pd.to_datetime(table[name]).astype("datetime64[ns]") for name in ("attached_on", "eligible_on")}
    return table.astype({"family_ref": TEXT, "household_id": TEXT}).assign(**days)


def make_members(people: list[tuple[str, str, str, bool, bool, bool]]) -> pd.DataFrame:
    """Members from family_ref, person_id, role, named, then, now."""
    table = pd.DataFrame(people, columns=["family_ref", "person_id", "role", "named", "then", "now"])
    return table.astype({"family_ref": TEXT, "person_id": TEXT, "role": TEXT, "named": "boolean", "then": "boolean",
                         "now": "boolean"})


def _attend(town: Town, person: str, missed: int, when: str) -> None:
    """Three terms of 120 sessions; the missed ones are the first."""
    for place, (year, term) in enumerate(TERMS_THEN if when == "before" else TERMS_NOW):
        town.row("attendance", person, academic_year=year, term=term, sessions_possible="120",
                 sessions_unauthorised=str(min(120, max(0, missed - 120 * place))))


def _happen(town: Town, row: dict[str, str], case: Case, home: str) -> None:
    """The numbers `before` and `after` of a row as so many events in the baseline and in the result window."""
    setting = case.rule.setting
    person = f"{row.get('who') or setting.get('who', 'Kit')} of {home}"
    for when in ("before", "after"):
        if not row.get(when, "").isdigit():
            continue
        if setting["extract"] == "attendance":
            _attend(town, person, int(row[when]), when)
        else:
            for extract, values in _events(setting["extract"], int(row[when]), when, case):
                town.row(extract, person, **values)
                if extract == "asb":
                    town.rows["asb"][-1]["case_ref"] = f"{when} {len(town.rows['asb'])}"


def _events(extract: str, number: int, when: str, case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    for at in range(number):
        yield extract, _event(extract, at, when, _window(when, case))


def _window(when: str, case: Case) -> Window:
    return months_before(_joined(case) - timedelta(days=1) if when == "before" else _as_of(case), 6)


def _event(extract: str, at: int, when: str, window: Window) -> dict[str, Any]:
    day = str(window.start + timedelta(days=at % 170))
    if extract == "exclusions":
        autumn = date(2011, 9, 12) if when == "before" else date(2012, 9, 10)
        return {"start_date": str(autumn + timedelta(days=7 * at))}
    if extract == "youth_offending":
        return {"offence_date": day, "outcome_date": day, "offence": f"Theft {at}"}
    return {"kind": "incident", "event_date": day}
