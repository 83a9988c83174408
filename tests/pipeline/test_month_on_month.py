"""Real washes month after month: what is frozen stays, what changed is told beside it, and a replay says the same."""

import json
import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from pipeline.explained.since import changes_since
from pipeline.prepare import NONE, Request
from pipeline.record.tables import read_table, to_arrow
from pipeline.replay import replay_run
from pipeline.wash import Washed, wash_extracts
from schemas.errors import IntegrityError
from tests.builders import ASHDOWN, KIM, SANDRA, Someone, contact, four_families, pupil, upn, write_folder
from tests.claiming import on_programme


SEPTEMBER, OCTOBER = date(2013, 9, 30), date(2013, 10, 31)
TIA = Someone("Tia", "Ashdown", "2006-02-11", "F", ASHDOWN, upn(9))
CARRIED = ("snapshots", "snapshot_evidence", "family_events")


def extracts(folder: Path, **more: list) -> Path:
    """The four families, Ashdown on the programme since June; `more` adds rows to a table."""
    tables = four_families() | {"caseload": [on_programme(KIM, "C1", attached_on="2013-06-03")]}
    return write_folder(folder, **{name: [*rows, *more.get(name, [])] for name, rows in tables.items()})


def table(washed: Washed, name: str) -> pd.DataFrame:
    return read_table(washed.folder / "tables" / f"{name}.parquet")


@pytest.fixture(scope="module")
def months(tmp_path_factory) -> tuple[Washed, Washed]:
    """September, and October, when Tia has come to live with the Ashdowns."""
    place = tmp_path_factory.mktemp("months")
    first = wash_extracts(Request(extracts(place / "9"), SEPTEMBER, place / "outputs"))
    joined = {"attendance": [pupil(TIA)], "contacts": [contact(SANDRA, TIA)]}
    return first, wash_extracts(Request(extracts(place / "10", **joined), OCTOBER, place / "outputs"))


def test_the_list_shows_the_case_since_when_and_at_what_tier(months):
    listed = table(months[0], "master_list").set_index("family_ref").loc["C1"]
    assert (listed["tier"], listed["lead_agency"], listed["change"]) == ("intensive", "Early Help", "new")
    assert (listed["attached_on"], listed["listed_since"]) == (pd.Timestamp("2013-06-03"), pd.Timestamp(SEPTEMBER))
    case = table(months[0], "cases").iloc[0]
    assert (case["family_id"], case["eligible_on"]) == (listed["family_id"], pd.Timestamp("2013-06-03"))
    assert (case["evidenced_by"], case["eligible_at_attachment"]) == ("attachment", "met")


def test_what_was_frozen_stands_a_month_later_and_the_new_child_is_an_event(months):
    first, second = months
    for name in CARRIED:
        before, now = table(first, name), table(second, name)
        pd.testing.assert_frame_equal(now.merge(before.drop_duplicates())[list(before.columns)], before)
    family = table(second, "cases")["family_id"].iat[0]
    assert table(first, "cases")["family_id"].iat[0] == family
    told = table(second, "family_events")
    told = told[(told["seen_on"] == pd.Timestamp(OCTOBER)) & (told["event"] != "left_list")]
    assert told[["family_id", "event"]].to_numpy().tolist() == [[family, "member_joined"]]
    people = table(second, "people").set_index("person_id")
    assert people.loc[told["person_id"].iat[0], "forename"].upper() == "TIA"
    members = table(second, "case_members").set_index("person_id").loc[told["person_id"].iat[0]]
    assert (bool(members["then"]), bool(members["now"])) == (False, True)
    assert table(second, "cases")["flags"].iat[0] == "members_changed"


def test_every_family_of_either_list_is_accounted_for(months):
    first, second = months
    changes = table(second, "family_changes")
    assert set(changes["family_id"]) == set(table(first, "master_list")["family_id"]) | set(
        table(second, "master_list")["family_id"])
    on_list = changes["family_id"].isin(table(second, "master_list")["family_id"])
    assert (changes["change"] == "left").eq(~on_list).all() and changes.loc[~on_list, "lapsed"].notna().all()
    assert table(first, "family_changes")["change"].eq("new").all()


def test_a_replay_of_the_second_month_is_equal(months):
    assert replay_run(months[1].folder).tables > 30


def forget(run: Path, *names: str) -> None:
    """Make the run one of a version that did not have these tables."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    for stage in manifest["stages"]:
        stage["tables"] = [table for table in stage["tables"] if table["name"] not in names]
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    for name in names:
        (run / "tables" / f"{name}.parquet").unlink()


@pytest.mark.parametrize("lost", ["master_list", "cases", "identity_origins", "panel_answers"])
def test_a_run_that_has_lost_a_table_is_not_taken_for_an_older_one(months, tmp_path, lost):
    outputs = tmp_path / "outputs"
    shutil.copytree(months[0].folder, outputs / months[0].folder.name)
    shutil.copytree(months[0].folder.parent / "archive", outputs / "archive")
    (outputs / months[0].folder.name / f"tables/{lost}.parquet").unlink()
    october = extracts(tmp_path / "10")
    with pytest.raises(IntegrityError, match=rf"has lost its table {lost}\. See with `datawash verify 2013-09-30-"):
        wash_extracts(Request(october, OCTOBER, outputs))
    assert wash_extracts(Request(october, OCTOBER, outputs, previous=NONE)).manifest.previous is None


def test_a_run_that_was_washed_before_these_tables_were_kept_is_followed_all_the_same(months, tmp_path):
    outputs = tmp_path / "outputs"
    shutil.copytree(months[0].folder, outputs / months[0].folder.name)
    shutil.copytree(months[0].folder.parent / "archive", outputs / "archive")
    older = outputs / months[0].folder.name / "tables"
    forget(older.parent, *CARRIED, "cases", "panel_history", "services", "panel_answers", "identity_origins")
    master = read_table(older / "master_list.parquet").drop(columns=["listed_since", "family_ref", "case_flags"])
    pq.write_table(to_arrow(master), older / "master_list.parquet")
    later = wash_extracts(Request(extracts(tmp_path / "10"), OCTOBER, outputs))
    assert later.manifest.previous is not None
    assert len(table(later, "cases")) == 1 and set(table(later, "master_list")["change"]) == {"continuing"}


def test_a_run_that_was_washed_before_changes_were_kept_is_compared_all_the_same(months, tmp_path):
    for month in months:
        shutil.copytree(month.folder, tmp_path / month.folder.name)
    family = table(months[1], "cases")["family_id"].iat[0]
    run = tmp_path / months[1].folder.name
    found = changes_since(run, family)
    assert found["change"]["change"] == "continuing"
    for name in ("identity_changes", "family_changes"):
        (run / "tables" / f"{name}.parquet").unlink()
    assert changes_since(run, family) == found | {"change": None, "came_from": []}


def test_people_are_given_the_cases_and_the_changes_to_read(months):
    cases = pd.read_csv(months[1].folder / "families_on_the_programme.csv")
    assert cases["look_at"].tolist() == [
        "its members are not those of the day on which it was evidenced to be eligible"]
    changes = pd.read_excel(months[1].folder / "changes_since_last_list.xlsx", sheet_name="Events")
    assert "somebody joined the household" in changes["Event"].tolist()
