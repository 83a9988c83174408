"""Cases of the spec about the expanded programme: the same facts under either framework, and results by the plan."""

from functools import cache
from typing import Any

import pandas as pd

from criteria import Assessment, load_framework
from criteria.facts import make_roster, place_facts
from criteria.outcomes_plan import judge_plan
from schemas.columns import TEXT
from tests.criteria.town import Town, verdict
from tests.spec.chapters import Case, Rule
from tests.spec.results_scene import AS_OF, cover, programme
from tests.spec.scene import assessed, framework_of, settings_of, settle


PROGRAMMES = {"phase 1": "phase_1", "expanded": "expanded"}
FACTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "Kit's offence": ("youth_offending", "Kit", {"offence_date": "2013-04-01", "outcome_date": "2013-05-01"}),
    "Mum's offence": ("youth_offending", "Mum", {"offence_date": "2013-04-01", "outcome_date": "2013-05-01"}),
    "Mum's ASBO": ("asb", "Mum", {}),
    "Mum's ASBO as a victim": ("asb", "Mum", {"role": "victim"}),
    "a call-out about Mum": ("asb", "Mum", {"kind": "incident"}),
    "Mum on benefit": ("dwp_benefits", "Mum", {}),
    "Mum not on benefit": ("dwp_benefits", "Mum", {"status": "not_on_benefit", "benefit": None}),
    "Kit on no roll": ("education_status", "Kit", {"status": "NOT_ON_ROLL"}),
}
"""What a cell of `facts` may say; any other word of it is an indicator on Mum."""


def check_both(case: Case) -> None:
    """The outcome, or one criterion's verdict, of the same facts under either framework."""
    for heading, name in PROGRAMMES.items():
        home = f"H{case.rule.rows.index(case.rows[0])}"
        said = _said(_under(case.rule, name), case, home)
        assert said == case.expected[heading].replace(" ", "_"), heading


def _said(found: Assessment, case: Case, home: str) -> str:
    if "criterion" in case.rule.setting:
        return verdict(found, case.rule.setting["criterion"], home)["verdict"]
    listed = found.families.set_index("household_id")["rule"].to_dict()
    waits = home in set(found.undetermined["household_id"])
    return listed.get(home) or ("undetermined" if waits else "not_eligible")


@cache
def _under(rule: Rule, framework: str) -> Assessment:
    """A table's town, a household for each row, under a framework."""
    town = Town()
    for at, row in enumerate(rule.rows):
        home, born = f"H{at}", row.get("born") or "2001-05-05"
        town.family(home, children={f"Kit of {home}": born}, adults=[f"Mum of {home}"])
        for fact in filter(None, (word.strip() for word in row.get("facts", "").split(","))):
            _state(town, fact, home)
        _attend(town, row, home)
    return town.assess(load_framework(settings_of({**rule.setting, "framework": framework})))


def _state(town: Town, fact: str, home: str) -> None:
    extract, who, values = FACTS.get(fact, ("local_indicators", "Mum", {"indicator": fact.replace(" ", "_")}))
    town.row(extract, f"{who} of {home}", **values)


def _attend(town: Town, row: dict[str, str], home: str) -> None:
    """Three terms of 120 sessions; what is missed is missed in each of them. Nothing missed, where nothing is said."""
    authorised = row.get("authorised") or "0"
    town.attends(f"Kit of {home}", 120, int(row.get("unauthorised") or "0"),
                 sessions_authorised=None if authorised == "-" else authorised)


def check_problem(case: Case) -> None:
    """The verdict on the problem that the row names."""
    found, home = assessed(case)
    told = verdict(found, case.rows[0]["problem"].replace(" ", "_"), home)
    assert told["verdict"] == case.expected["verdict"].replace(" ", "_"), told


def check_plan(case: Case) -> None:
    """The family's row of a measure of the plan: its verdict, and the day on which it could be met."""
    found = _plan(case)
    rows = found[found["person_id"].isna()]
    if "measure" in case.rule.setting:
        rows = rows[rows["problem"] == case.rule.setting["measure"]]
    assert len(rows) == 1, found[["problem", "verdict"]].to_numpy().tolist()
    row, expected = rows.iloc[0], case.expected
    assert row["verdict"] == expected["verdict"].replace(" ", "_"), row["reason"]
    assert expected.get("reason", "") in row["reason"], row["reason"]
    assert expected.get("arithmetic", "") in str(row["arithmetic"]), row["arithmetic"]
    if "could be" in expected:
        assert ("-" if pd.isna(row["could_be"]) else str(row["could_be"].date())) == expected["could be"]


def check_measures(case: Case) -> None:
    """Every family row of the plan, as `problem verdict` in the order of the table of results."""
    found = _plan(case)
    rows = found.loc[found["person_id"].isna(), ["problem", "verdict"]].to_numpy().tolist()
    assert "; ".join(f"{problem} {word}" for problem, word in rows).replace("_", " ") == case.expected["outcome"]


def _plan(case: Case) -> pd.DataFrame:
    """The results by the plan of the case's own family, which joined on 15 April 2012."""
    town = Town(AS_OF)
    settle(town, case, "H0")
    if "unauthorised" in case.rule.columns:
        _attend(town, case.rows[0], "H0")
    if case.rule.setting.get("covered", True):
        cover(town)
        for day in ("2010-01-01", str(AS_OF)):
            town.row("local_indicators", "Una", start_date=day, indicator="missing_child")
    town.rows.setdefault("employment", [])
    town.without(*case.rows[0].get("not given", "-").replace("-", "").split())
    rules = framework_of(case)
    roster = make_roster(town.people(), town.as_of, rules.work.adult_from_age.value)
    cases, members = programme((case,), town)
    return judge_plan(cases, members, _entry(case), place_facts(town.facts(), roster), roster, rules)


def _entry(case: Case) -> pd.DataFrame:
    """What the family had at entry: `health: mental_health` is Mum's, `education: all_absence` is Kit's."""
    said = [sign.strip() for sign in (case.rows[0].get("at entry") or case.rule.setting["entry"]).split(",")]
    rows = [("C0", *(part.strip().replace(" ", "_") for part in sign.split(":"))) for sign in said]
    table = pd.DataFrame(rows, columns=["family_ref", "criterion", "indicator"])
    who = table["criterion"].map(lambda name: "Kit of H0" if name == "education" else "Mum of H0")
    return table.assign(person_id=who).astype(TEXT)


CHECKS = {"both": check_both, "problem": check_problem, "plan": check_plan, "measures": check_measures}
