"""What `datawash explain` says of a family on the programme, and of one of a run that knew no cases."""

from datetime import date
from pathlib import Path

import pytest

from cli.family import explain_family
from pipeline.prepare import Request
from pipeline.record.tables import read_table
from pipeline.wash import wash_extracts
from tests.builders import DUNMORE, KIM, four_families, write_folder
from tests.claiming import on_programme


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("case")
    on = {"caseload": [on_programme(KIM, "C1", attached_on="2013-06-03", first_contact_on="")]}
    folder = write_folder(place / "extracts", **four_families() | on)
    return wash_extracts(Request(folder, date(2013, 9, 30), place / "outputs")).folder


def test_a_family_is_explained_with_its_case_its_snapshot_its_results_and_its_claim(run: Path) -> None:
    family = read_table(run / "tables" / "cases.parquet")["family_id"].iat[0]
    said = explain_family(run, family)
    assert said is not None
    lines = "\n".join(said.lines)
    assert "Case C1: attached on 2013-06-03, intensive; led by Early Help." in lines
    assert ("Eligible when attached. Evidenced from 2013-06-03: it was looked at again for the day of attachment; "
            "2 members frozen.") in lines
    assert "Look at: no first contact is recorded." in lines
    assert "Result, education: " in lines and "  Claim: " in lines
    assert "What happened:" in lines and "C1 on 2013-06-03" in lines
    assert len(said.facts["cases"][0]["frozen_members"]) == 2


def test_a_family_that_is_on_no_list_is_explained_as_not_eligible(run: Path) -> None:
    homes = read_table(run / "tables" / "households.parquet")
    (home,) = homes.loc[homes["postcode"] == DUNMORE.postcode, "household_id"]
    said = explain_family(run, home)
    assert said is not None and said.lines[1] == "Not eligible."


def test_a_run_that_knew_no_cases_is_explained_as_it_was(run: Path) -> None:
    family = read_table(run / "tables" / "cases.parquet")["family_id"].iat[0]
    (run / "tables" / "cases.parquet").unlink()
    said = explain_family(run, family)
    assert said is not None and said.facts["cases"] == [] and "Case C1" not in "\n".join(said.lines)
