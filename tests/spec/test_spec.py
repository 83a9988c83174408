"""Every row of every chapter: the facts it states give the verdict it states."""

import re

import pandas as pd
import pytest

from criteria import CriteriaSettings, load_framework
from criteria.calendar import last_complete_terms, months_before
from criteria.facts import day_number
from criteria.schooling import of_school_age
from tests.criteria.town import verdict
from tests.spec import claims_scene, expanded_scene
from tests.spec.chapters import Case, as_day, cases, read_chapters
from tests.spec.guide import DOCS, PAGES, render_guide
from tests.spec.results_scene import result_of
from tests.spec.scene import CRITERIA, assessed, settings_of


CASES = [pytest.param(case, id=re.sub(r"[^a-zA-Z0-9]+", "-", case.name)) for case in cases()]


@pytest.mark.parametrize("case", CASES)
def test_the_facts_give_the_verdict(case: Case):
    CHECKS[case.rule.setting.get("asks", "verdict")](case)


def check_verdict(case: Case) -> None:
    found, home = assessed(case)
    told = verdict(found, case.rule.setting["criterion"], home)
    assert told["verdict"] == case.expected["verdict"]
    assert_missing(case, told["missing"])


def check_outcome(case: Case) -> None:
    found, home = assessed(case)
    for criterion in CRITERIA:
        if criterion in case.rows[0]:
            assert verdict(found, criterion, home)["verdict"] == case.rows[0][criterion].replace(" ", "_"), criterion
    listed = found.families.set_index("household_id")["rule"].to_dict()
    settles = found.undetermined.set_index("household_id")["would_settle"].to_dict()
    outcome = listed.get(home) or ("undetermined" if home in settles else "not eligible")
    assert outcome.replace("_", " ") == case.expected["outcome"]
    assert_missing(case, settles.get(home))


def assert_missing(case: Case, missing: str | None) -> None:
    if "missing" in case.expected:
        assert case.expected["missing"] in str(missing)


def check_window(case: Case) -> None:
    row, months = case.rows[0], case.rule.setting["months"]
    window = months_before(as_day(row["as of"]), months)
    assert f"{window.start} to {window.end}" == case.expected["outcome"]


def check_terms(case: Case) -> None:
    row, rules = case.rows[0], load_framework(settings_of(case.rule.setting))
    terms = last_complete_terms(as_day(row["as of"]), rules)
    assert f"{terms[0].name} {terms[0].academic_year} to {terms[-1].name} {terms[-1].academic_year}" == row["terms"]
    assert f"{terms[0].start} to {terms[-1].end}" == case.expected["outcome"]


def check_school_age(case: Case) -> None:
    row, rules = case.rows[0], load_framework()
    born = day_number(pd.Series(pd.to_datetime([row["born"]])))
    found = of_school_age(born, as_day(row["on"]), rules.education)[0]
    assert ("yes" if found else "no") == case.expected["outcome"]


def check_result(case: Case) -> None:
    found, expected = result_of(case), case.expected
    assert found["verdict"] == expected["verdict"].replace(" ", "_"), found["reason"]
    for said in ("arithmetic", "reason"):
        assert expected.get(said, "") in str(found[said])
    if "could be" in expected:
        day = found["could_be"]
        assert ("-" if pd.isna(day) else str(day.date())) == expected["could be"]


CHECKS = {"verdict": check_verdict, "outcome": check_outcome, "window": check_window, "terms": check_terms,
          "school age": check_school_age, "result": check_result, **claims_scene.CHECKS,
          **expanded_scene.CHECKS}


def test_every_figure_that_a_chapter_names_is_one_of_the_framework():
    for chapter in read_chapters():
        rules = load_framework(CriteriaSettings(framework=chapter.framework))
        for key in chapter.figures:
            section, name = key.split(".")
            assert getattr(getattr(rules, section), name).source


@pytest.mark.parametrize("page", PAGES)
def test_the_guide_in_docs_says_what_the_spec_says(page: str):
    said = (DOCS / PAGES[page][0]).read_text(encoding="utf-8")
    assert said == render_guide(page), "run `python -m tests.spec.guide` to write it anew"
