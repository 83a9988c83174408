"""Cases of the spec made into a town: the people, the facts that a table states, and the facts taken for granted."""

from datetime import date
from functools import cache
from typing import Any

from criteria import Assessment, CriteriaSettings, Framework, load_framework
from criteria.settings import Overlay
from tests.criteria.town import AS_OF, Town
from tests.spec.chapters import OUTCOMES, Case, as_day, cases


WORDS = {"school": "school_urn", "status at school": "enrolment_status", "year": "academic_year",
         "possible": "sessions_possible", "unauthorised": "sessions_unauthorised", "authorised": "sessions_authorised",
         "G": "reason_g", "N": "reason_n", "O": "reason_o", "U": "reason_u"}
"""Headings of the tables that are not the extract's own column names."""

CRITERIA = ("crime_asb", "education", "work", "local")
BESIDE = ("born", "as of", "who", "extract", "not given", "before", "after", "joined", "eligible",
          "moved in", "moved out", "facts", "problem", "at entry", *CRITERIA)
"""Headings that are not columns of an extract."""


@cache
def assessed(case: Case) -> tuple[Assessment, str]:
    """What the criteria say of a case's town, and which household is the case's own.

    Cases of one table share a town, a household each, where nothing keeps them apart; `apart` in the chapter does.
    """
    together = _neighbours(case)
    return _assess(together), f"H{together.index(case)}"


@cache
def _assess(together: tuple[Case, ...]) -> Assessment:
    first = together[0]
    town = Town(_as_of(first))
    for number, case in enumerate(together):
        settle(town, case, f"H{number}")
    return town.without(*_absent(first)).assess(framework_of(first))


def _neighbours(case: Case) -> tuple[Case, ...]:
    if case.rule.setting.get("apart"):
        return (case,)
    same = (case.rule, _as_of(case), _absent(case))
    return tuple(other for other in cases() if (other.rule, _as_of(other), _absent(other)) == same)


def _as_of(case: Case) -> date:
    return as_day(case.rows[0].get("as of") or case.rule.setting.get("as_of", AS_OF))


def _absent(case: Case) -> tuple[str, ...]:
    words = case.rows[0].get("not given", "-").replace("-", "").split()
    unknown_local = ["local_indicators"] if case.rows[0].get("local") == "unknown" else []
    return tuple(sorted({*words, *unknown_local, *case.rule.setting.get("not_given", ())}))


def settle(town: Town, case: Case, home: str) -> None:
    """One household of the town: its people and the facts about them."""
    setting, first = case.rule.setting, case.rows[0]
    children = {name: str(born) for name, born in setting.get("children", {"Kit": date(2001, 5, 5)}).items()}
    if first.get("born"):
        children[next(iter(children))] = first["born"]
    known = {f"{name} of {home}": None if born == "not known" else born for name, born in children.items()}
    town.family(home, children=known, adults=[f"{name} of {home}" for name in setting.get("adults", ["Mum"])])
    for given in setting.get("also", ()):
        take_for_granted(town, given, home)
    for criterion in CRITERIA:
        take_for_granted(town, FACTS.get((criterion, first.get(criterion, "")), "nothing"), home)
    for row in case.rows:
        _state(town, row, setting, home)


FACTS = {
    ("crime_asb", "met"): "offence", ("crime_asb", "unknown"): "role not stated",
    ("education", "met"): "truancy", ("education", "not met"): "attendance",
    ("work", "met"): "benefit", ("work", "not met"): "not on benefit", ("local", "met"): "indicator",
}
"""What gives a household such a verdict; the others come of saying nothing, or of an extract that was not given."""


def take_for_granted(town: Town, given: str, home: str) -> None:
    """Facts that a chapter names in a word or two, so that its tables state only what matters."""
    kit, mum = f"Kit of {home}", f"Mum of {home}"
    match given:
        case "offence":
            town.row("youth_offending", kit, offence_date="2013-04-01", outcome_date="2013-05-01")
        case "attendance":
            for child in [one for one in town.members if one["household_id"] == home and one["role"] == "child"]:
                town.attends(child["person_id"])
        case "truancy":
            town.attends(kit, 120, 30)
        case "benefit":
            town.row("dwp_benefits", mum)
        case "not on benefit":
            town.row("dwp_benefits", mum, status="not_on_benefit", benefit=None)
        case "indicator":
            town.row("local_indicators", mum)
        case "classmates":
            town.family(f"Other than {home}", children={f"Una, not of {home}": "2001-01-01"})
            town.attends(f"Una, not of {home}")
        case "role not stated":
            town.row("asb", mum, role=None)
        case _:
            assert given == "nothing", f"no such fact: {given}"


def framework_of(case: Case) -> Framework:
    """The framework of a case: its chapter's figures laid over it, terms and local criteria of its own."""
    return load_framework(settings_of(case.rule.setting))


OWN = ("terms", "local_criteria", "framework", "problem_indicators", "outcomes_plan")
"""Settings that a table may give as a council does."""


def settings_of(setting: dict[str, Any]) -> CriteriaSettings:
    """The council's settings that a table is about."""
    overlays = {key: Overlay(value=value, reason="to show the other reading")
                for key, value in setting.get("figures", {}).items()}
    own = {name: setting[name] for name in OWN if name in setting}
    return CriteriaSettings.model_validate({"overlays": overlays, **own})


def _state(town: Town, row: dict[str, str], setting: dict[str, Any], home: str) -> None:
    """A row of a table as a row of its extract; one that says nothing of any column states no fact."""
    values: dict[str, Any] = {WORDS.get(name, name.replace(" ", "_")): None if cell == "-" else cell
                              for name, cell in row.items() if name not in (*OUTCOMES, *BESIDE) and cell}
    values = {**setting.get("taken", {}), **values} if values else {}
    extract = row.get("extract") or setting.get("extract")
    if not extract or not values:
        return
    if " " in values.get("term", ""):
        values["term"], values["academic_year"] = values["term"].split()
    if "school_urn" in values:
        values["school_name"] = None
    who = row.get("who") or setting.get("who", "Kit")
    at = {"person": None, "at": home} if who == "the address" else {"person": f"{who} of {home}"}
    town.row(extract, **at, **values)

