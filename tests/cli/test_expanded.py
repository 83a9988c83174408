"""A whole wash under the expanded programme by the command, and what it says of a family."""

import shutil
from pathlib import Path

import pandas as pd

from tests.builders import AS_OF, write_four_families


EXPANDED = """
[criteria]
framework = "expanded"

[[criteria.problem_indicators]]
problem = "health"
code = "asthma"
name = "Asthma"
"""
SIX = ["crime_asb", "education", "children_who_need_help", "work", "domestic_abuse", "health"]
SAMPLE = Path(__file__).parents[2] / "data" / "sample"


def test_the_sample_is_washed_under_the_expanded_programme(datawash, look, tmp_path: Path) -> None:
    settings, outputs = tmp_path / "wash.toml", tmp_path / "outputs"
    shutil.copytree(SAMPLE / "map", tmp_path / "map")
    settings.write_text((SAMPLE / "wash.toml").read_text(encoding="utf-8") + EXPANDED, encoding="utf-8")
    ran = datawash("wash", SAMPLE, "--as-of", "2013-09-30", "--settings", settings, "--outputs", outputs, "--plain")
    assert ran.code == 0, ran.err
    (run,) = outputs.glob("2013-09-30-*")
    tables = {name: pd.read_parquet(run / "tables" / f"{name}.parquet")
              for name in ("master_list", "verdicts", "results", "claims", "evidence")}
    listed = tables["master_list"]
    assert len(listed) > 20
    assert set(listed["rule"]) == {"2_of_6"}
    assert (listed[SIX].eq("met").sum(axis=1) >= 2).all()
    assert set(tables["verdicts"]["criterion"]) == {*SIX, "local"}
    assert {"all_absence", "child_protection", "mental_health"} <= set(tables["evidence"]["indicator"])
    assert set(tables["results"]["route"]) <= {"a", "b"}
    assert set(tables["results"].loc[tables["results"]["route"] == "a", "measure"]) == {"problem"}
    assert tables["claims"]["rate_table"].str.startswith("expanded 1").all()
    told = look("explain", run.name, listed["family_id"].iloc[0], "--outputs", outputs)
    assert "Eligible by two or more of the six problems" in told.out
    assert "Domestic violence and abuse: " in told.out


def test_a_mistake_in_the_plan_is_told_before_anything_is_washed(datawash, tmp_path: Path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    wrong = '[[criteria.outcomes_plan]]\nproblem = "helth"\nkind = "none_new"\nsource = "the plan"\n'
    (extracts / "wash.toml").write_text(EXPANDED + wrong, encoding="utf-8")
    ran = datawash("check", extracts, "--as-of", AS_OF)
    assert ran.code == 3
    assert "did you mean 'health'" in ran.err
