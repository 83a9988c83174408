"""The pages of quality against the run's own tables and report: who may see them, what they count, what is recorded."""

import json
import re
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from pipeline.record.audit_log import AUDIT_LOG
from pipeline.record.manifest import read_manifest
from tests.web.conftest import AUGUST, SEPTEMBER
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Role
from web.settings import PagesSettings


PAGES = ("/quality", "/quality/change", "/quality/linkage", "/quality/attendance")


@pytest.fixture(scope="module")
def run(outputs: Path) -> Path:
    """September's run."""
    (folder,) = outputs.glob(f"{SEPTEMBER}-*")
    return folder


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / "tables" / f"{name}.parquet")


def last_event(outputs: Path) -> dict:
    return json.loads((outputs / AUDIT_LOG).read_text(encoding="utf-8").splitlines()[-1])


@pytest.mark.parametrize("address", PAGES)
def test_each_picture_has_a_name_and_a_table_and_nothing_that_the_policy_would_block(client, address) -> None:
    page = client(Role.ANALYST).get(address)
    assert page.status_code == 200
    pictures = re.findall(r"<svg.*?</svg>", page.text, re.S)
    assert all(re.match(r'<svg role="img" aria-label="[^"]+"', picture) for picture in pictures)
    assert page.text.count("<caption") >= len(pictures)
    assert len(pictures) == {"/quality": 4, "/quality/change": 4, "/quality/linkage": 1}.get(address, 0)
    assert " style=" not in page.text and "<style" not in page.text


def test_a_school_that_sent_nothing_is_said_on_the_page(client, run) -> None:
    page = client(Role.ANALYST).get("/quality").text
    coverage = table(run, "coverage")
    (heat,) = re.findall(r'<svg role="img" aria-label="Attendance by school and term".*?</svg>', page, re.S)
    assert heat.count(">none</text>") == int((~coverage["returned"]).sum()) + 1
    assert all(name.replace("'", "&#39;") in page for name in coverage["school_name"].unique())


def test_a_card_counts_what_the_manifest_counts(client, outputs, run) -> None:
    page = client(Role.ANALYST).get("/quality/asb").text
    counts = read_manifest(run).stage("ingest asb").counts
    assert f"{counts['rows_read']} ({counts['rows_read']} last time)" in page
    assert "Event date is not a date in a form that is known" in page
    assert last_event(outputs) | {"event": "quality_viewed", "extract": "asb"} == last_event(outputs)


def test_the_bridge_leads_from_august_to_september(client, outputs, run) -> None:
    page = client(Role.COORDINATOR).get("/quality/change").text
    (before,) = outputs.glob(f"{AUGUST}-*")
    was, now = set(table(before, "master_list")["family_id"]), set(table(run, "master_list")["family_id"])
    (bridge,) = re.findall(r'<svg role="img" aria-label="From the previous list to this one".*?</svg>', page, re.S)
    said = re.findall(r">([^<]+)</text>", bridge)
    assert {str(len(was)), f"+{len(now - was)}", f"−{len(was - now)}", str(len(now))} <= set(said)
    assert len(was - now) == 1
    assert last_event(outputs)["event"] == "change_viewed"


def test_the_report_is_the_runs_own_and_its_download_is_recorded(client, outputs, run) -> None:
    answer = client(Role.ANALYST).get("/quality/report")
    assert answer.content == (run / "report.html").read_bytes()
    assert "attachment" in answer.headers["content-disposition"]
    assert last_event(outputs)["event"] == "report_downloaded"


def test_rejected_rows_are_saved_with_their_place_and_without_their_values(client, outputs, run) -> None:
    answer = client(Role.ANALYST).get("/quality/attendance/rejected")
    sheet = openpyxl.load_workbook(BytesIO(answer.content))["Rejected rows"]
    head, *rows = [tuple(cell.value for cell in row) for row in sheet.iter_rows()]
    assert head == ("File", "Row number", "Column", "Why")
    quarantine = table(run, "quarantine").query("extract == 'attendance'").sort_values(["file", "row_number"])
    assert [row[:2] for row in rows] == list(zip(quarantine["file"], quarantine["row_number"], strict=True))
    assert last_event(outputs) | {"event": "rejected_downloaded", "extract": "attendance", "rows": len(rows)} == \
        last_event(outputs)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_data_quality_is_for_the_analyst(client, role) -> None:
    refused = ("/quality", "/quality/linkage", "/quality/report", "/quality/asb", "/quality/asb/rejected")
    assert {client(role).get(address).status_code for address in refused} == {403}
    may = role in (Role.COORDINATOR, Role.AUDITOR)
    assert client(role).get("/quality/change").status_code == (200 if may else 403)


def test_an_extract_that_was_not_given_is_not_found(client) -> None:
    assert client(Role.ANALYST).get("/quality/panel_forms").status_code == 404
    assert client(Role.ANALYST).get("/quality/..%2f..%2fetc").status_code == 404


def test_a_report_that_was_changed_is_not_given_and_without_the_run_before_there_is_no_bridge(own_outputs) -> None:
    (run,) = own_outputs.glob(f"{SEPTEMBER}-*")
    (run / "report.html").write_text("changed", encoding="utf-8")
    (before,) = own_outputs.glob(f"{AUGUST}-*")
    (before / "manifest.json").unlink()
    site = make_site(own_outputs, PagesSettings(), open_entrance(own_outputs, PagesSettings()))
    analyst = signed_in(make_app(site), site, somebody(Role.ANALYST))
    assert analyst.get("/quality/report").status_code == 500
    page = analyst.get("/quality/change")
    assert page.status_code == 200 and "From the previous list to this one" not in page.text
