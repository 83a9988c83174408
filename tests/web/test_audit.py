"""Runs, replays, the audit log and the figures as pages: what they say is what the tables and the log say."""

import json
import re
import signal
from collections.abc import Callable
from datetime import date
from html import unescape
from io import BytesIO
from os import kill
from pathlib import Path

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook
from starlette.testclient import TestClient

from criteria import load_framework
from pipeline.config import Settings
from pipeline.record.audit_log import AUDIT_LOG, read_events, record_event
from pipeline.record.manifest import read_manifest
from pipeline.replays import is_running, read_replay
from pipeline.retention.policy import Period, Retention
from pipeline.retention.purge import Asked, carry_out, plan_purge
from reports.management import beside_picture
from tests.web.places import address, pages_to_see
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.audit import manifest as words
from web.audit.events import EVENTS
from web.audit.facts import tell_facts
from web.audit.figures import accounts_of
from web.audit.log import read_asked
from web.door.entrance import SESSION, open_entrance
from web.door.roles import Role
from web.door.tokens import form_token
from web.published import latest
from web.routes import ROUTES
from web.settings import PagesSettings


Client = Callable[..., TestClient]


def text_of(page: str) -> str:
    """The words of a page's main part."""
    main = page[page.index("<main") : page.index("</main")]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def send(client: TestClient, path: str, **form: str):  # type: ignore[no-untyped-def]
    """Send the form of a page of ours."""
    return client.post(path, data={"csrf": form_token(client.cookies.get(SESSION, "")), **form})


def last_event(outputs: Path, event: str) -> dict[str, object]:
    """The last event of this name in the audit log."""
    return list(read_events(outputs, event))[-1]


@pytest.fixture
def own(own_outputs: Path) -> Callable[..., TestClient]:
    """Somebody signed in at pages over `own_outputs`."""
    site = make_site(own_outputs, PagesSettings(), open_entrance(own_outputs, PagesSettings()))
    app = make_app(site)
    return lambda *roles: signed_in(app, site, somebody(*roles))


def test_the_runs_are_listed_with_when_and_by_whom_they_were_washed(client: Client, outputs: Path) -> None:
    said = text_of(client(Role.ANALYST).get("/runs").text)
    for run in outputs.glob("2013-*"):
        assert run.name in said
    washed = last_event(outputs, "wash_published")
    assert f"by {washed['who']}" in said


def test_a_manifest_in_words_loses_no_row_and_counts_each_rule(client: Client, outputs: Path) -> None:
    run = latest(outputs)
    assert run is not None
    *files, whole = words.inputs(run.manifest)
    assert whole["read"] == whole["accepted"] + whole["quarantined"] == sum(row["read"] for row in files)
    assert sum(row["rows"] for row in words.quarantined(run)) == whole["quarantined"] > 0
    said = text_of(client(Role.AUDITOR).get(f"/runs/{run.folder.name}").text)
    for row in [*files, *words.quarantined(run)]:
        assert row["file"] in said
    for row in words.quarantined(run):
        assert row["why"] in said
    assert run.manifest.previous is not None
    assert run.manifest.previous.name in said
    assert run.run_id in client(Role.ANALYST).get("/runs/latest").text


def test_what_the_council_changed_stands_with_its_reason_and_what_was_published(
    outputs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = latest(outputs)
    assert run is not None
    overlay = {"education.absence_percent": {"value": 12, "reason": "agreed in March"}}
    own = Settings.model_validate({"criteria": {"overlays": overlay, "panel_size": 7}})
    monkeypatch.setitem(run.__dict__, "settings", own)
    (figure,) = words.changed_figures(run)
    assert (figure["key"], figure["used"], figure["reason"]) == ("education.absence_percent", "12", "agreed in March")
    assert {"key": "criteria.panel_size", "value": "7", "usual": "20"} in words.own_settings(run)


@pytest.mark.parametrize(("value", "told"), [
    (None, "nothing"), ([], "nothing"), (True, "yes"), (0, "0"), (["a", "b"], "a, b"), ({"code": "x", "z": 1}, "x"),
    ({"files": ["a.csv", "b.csv"]}, "a.csv, b.csv"), ({"z": 1}, '{"z": 1}'), ("é" * 400, "é" * 299 + "…"),
])
def test_a_setting_is_said_as_a_person_reads_it(value: object, told: str) -> None:
    assert words.said(value) == told


def test_a_sound_run_is_verified_from_the_page(client: Client, outputs: Path) -> None:
    auditor = client(Role.AUDITOR)
    assert "Verify now" in auditor.get("/runs/latest/verify").text
    said = text_of(send(auditor, "/runs/latest/verify").text)
    assert "Sound" in said
    event = last_event(outputs, "verified")
    assert (event["who"], event["sound"]) == ("aud.auditor", "yes")
    assert "aud.auditor: sound" in text_of(auditor.get("/runs").text)


def test_a_changed_run_is_named_file_by_file_and_the_log_has_it(own: Client, own_outputs: Path) -> None:
    run = latest(own_outputs)
    assert run is not None
    first = next(path for path in own_outputs.glob("2013-08*"))
    with (first / "master_list.csv").open("a") as file:
        file.write("\n")
    (first / "undetermined.csv").unlink()
    said = text_of(send(own(Role.AUDITOR), f"/runs/{first.name}/verify").text)
    assert "changed: master_list.csv" in said
    assert "missing: undetermined.csv" in said
    event = last_event(own_outputs, "verified")
    assert (event["sound"], event["run_id"]) == ("no", read_manifest(first).run_id)
    assert "not what it was" in text_of(own(Role.AUDITOR).get("/runs").text)


def test_what_was_purged_is_told_from_what_was_lost(own: Client, own_outputs: Path) -> None:
    first = next(path for path in own_outputs.glob("2013-08*"))
    period = Period(months=1, source="the council's schedule", confidence="confirmed")
    asked = Asked(date(2013, 10, 2), Retention(lists=period))
    carry_out(own_outputs, asked, plan_purge(own_outputs, asked).digest)
    assert "purged on" in text_of(own(Role.AUDITOR).get(f"/runs/{first.name}").text)
    said = text_of(send(own(Role.AUDITOR), f"/runs/{first.name}/verify").text)
    assert "purged on" in said
    assert "missing" not in said
    asked = asked._replace(policy=Retention(runs=period))
    carry_out(own_outputs, asked, plan_purge(own_outputs, asked).digest)
    assert f"{first.name} was purged on" in text_of(own(Role.AUDITOR).get("/runs/latest").text)
    gone = own(Role.AUDITOR).get(f"/runs/{first.name}")
    assert gone.status_code == 404
    assert "was purged on" in text_of(gone.text)


def test_the_audit_log_is_shown_by_person_family_event_and_day_a_page_at_a_time(
    own: Client, own_outputs: Path
) -> None:
    for number in range(120):
        record_event(own_outputs, "viewed_family", "abc", who=f"person {number % 2}", family=f"F{number % 40:07d}")
    auditor = own(Role.AUDITOR)
    told = text_of(auditor.get("/audit?event=viewed_family&who=person+1&about=f0000003").text)
    assert "3 events, the newest first" in told
    assert told.count("F0000003") == 4
    assert "A list or a file that held the family among others is not found" in told
    assert "120 events" in text_of(auditor.get("/audit?event=viewed_family").text)
    last = auditor.get("/audit?event=viewed_family&page=3").text
    assert len(re.findall(r">F\d{7}<", last)) == 20
    assert "0 events" in text_of(auditor.get("/audit?until=2013-01-01").text)
    assert last_event(own_outputs, "audit_log_opened")["who"] == "aud.auditor"


def test_what_was_found_in_the_log_can_be_kept_as_a_file(own: Client, own_outputs: Path) -> None:
    for who in ("=1+1", "Ana"):
        record_event(own_outputs, "viewed_family", "abc", who=who, family="F0000003")
    auditor = own(Role.AUDITOR)
    said = auditor.get("/audit/download/csv?event=viewed_family").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[2] for line in said[1:]] == ["Ana", "'=1+1"]
    assert all("family: F0000003" in line and line.endswith("aud.auditor") for line in said[1:])
    book = CalamineWorkbook.from_filelike(BytesIO(auditor.get("/audit/download/xlsx?who=Ana").content))
    head, row = book.get_sheet_by_index(0).to_python()
    assert (len(head), row[2], row[3]) == (7, "Ana", "viewed_family")
    assert "Asked for by aud.auditor." in str(book.get_sheet_by_index(1).to_python())
    event = last_event(own_outputs, "audit_log_downloaded")
    assert (event["events"], event["filters"]) == (1, "who: Ana")
    assert auditor.get("/audit/download/pdf").status_code == 404
    assert auditor.get("/audit/download/csv?since=x").status_code == 404


def test_the_facts_of_an_event_stand_in_words_and_empty_ones_do_not() -> None:
    facts = {"families": "16", "filters": "", "page": "families", "shown": "1"}
    assert [told.words for told in tell_facts(facts)] == ["16 families", "page 1"]
    assert [told.words for told in tell_facts({"sound": "no", "accounts": "no", "sha256": "a" * 64, "more": "x"})] == [
        "not what it was", "sha256 aaaaaaaaaaaa", "more x"]
    assert [told.words for told in tell_facts({"families": "1", "rows": "1", "accounts": "12"})] == [
        "1 family", "1 row", "12 accounts"]


def test_a_day_that_is_none_is_answered_with_how_to_write_one() -> None:
    assert read_asked({"since": "30/09/2013"}).mistakes.keys() == {"since"}
    assert read_asked({"since": "2013-09-30", "who": " Ana "}).sought.who == "Ana"


def test_a_name_that_is_looked_for_in_the_log_is_answered_with_an_id_and_not_recorded(
    own: Client, own_outputs: Path
) -> None:
    auditor = own(Role.AUDITOR)
    assert "the log holds no names" in text_of(auditor.get("/audit?about=Ashdown&who=Kim&event=viewed_family").text)
    assert "Ashdown" not in str(last_event(own_outputs, "audit_log_opened"))
    assert "Kim" not in str(last_event(own_outputs, "audit_log_opened"))
    assert read_asked({"about": "p0000001"}).mistakes == read_asked({"about": "R0123456789ab"}).mistakes == {}


def test_a_broken_or_torn_log_is_said_to_be(own: Client, own_outputs: Path) -> None:
    path = own_outputs / AUDIT_LOG
    auditor = own(Role.AUDITOR)
    auditor.get("/audit")
    path.write_bytes(path.read_bytes() + b'{"at": "20')
    assert "The last line was never finished (10 bytes)" in text_of(auditor.get("/audit").text)
    assert "cut off the audit log" in text_of(auditor.get("/audit").text)
    path.write_bytes(path.read_bytes().replace(b"wash_started", b"wash_stopped", 1))
    assert "Line 2 does not follow from the line before it" in text_of(auditor.get("/audit").text)
    assert "The log is not what it was. Line 1 was changed" in text_of(auditor.get("/audit").text)


def test_a_log_that_was_cut_off_is_said_to_be_and_who_saw_more(own: Client, own_outputs: Path) -> None:
    auditor = own(Role.AUDITOR)
    assert "The log is not what it was" not in text_of(auditor.get("/audit").text)
    (own_outputs / AUDIT_LOG).write_bytes(b"")
    said = text_of(auditor.get("/audit").text)
    assert "The log is not what it was. It was cut off after line" in said or "is another than the manifest of" in said


def test_a_replay_that_is_killed_is_told_and_another_can_be_started_and_stopped(
    own: Client, own_outputs: Path
) -> None:
    auditor, run = own(Role.AUDITOR), sorted(own_outputs.glob("2013-*"))[-1]
    place = own_outputs / "pages" / "replays"
    started = send(auditor, f"/runs/{run.name}/replay")
    assert started.headers["location"] == "/replays/1"
    assert send(auditor, f"/runs/{run.name}/replay").status_code == 409
    page = auditor.get("/replays/1")
    assert page.headers["refresh"] == "3"
    assert "refresh" not in auditor.get("/replays/1?reload=no").headers
    kill(json.loads((place / "0001" / "started.json").read_text())["pid"], signal.SIGKILL)
    while is_running(own_outputs):
        pass
    (place / "0001" / "work").mkdir(exist_ok=True)
    told = auditor.get("/replays/1")
    assert "refresh" not in told.headers
    assert "was ended before it was done" in text_of(told.text)
    assert send(auditor, f"/runs/{run.name}/replay").headers["location"] == "/replays/2"
    assert not (place / "0001" / "work").exists()
    assert send(auditor, "/replays/2/stop").headers["location"] == "/replays/2"
    assert not is_running(own_outputs)
    assert [path.name for path in (place / "0002").glob("work")] == []
    assert [event["replay"] for event in read_events(own_outputs, "replay_started")] == [1, 2]
    assert last_event(own_outputs, "replay_stopped")["who"] == "aud.auditor"


def test_what_a_replay_compared_is_shown_differences_first(own: Client, own_outputs: Path) -> None:
    run = sorted(own_outputs.glob("2013-*"))[-1]
    place = own_outputs / "pages" / "replays" / "0001"
    place.mkdir(parents=True)
    rows = [{"stage": "link", "name": name, "is_file": False, "rows_then": 5, "rows_now": now, "same": now == 5}
            for name, now in (("people", 5), ("households", 6))]
    asked = {"run": run.name, "who": "aud.auditor", "at": "2013-10-02T09:00:00+00:00"}
    result = {"state": "differs", "said": "", "compared": rows, "seconds": 1.0}
    for name, said in (("asked", asked), ("result", result)):
        (place / f"{name}.json").write_text(json.dumps(said))
    (place / "progress.jsonl").write_text('{"step": "verify"}\n{"step": "verify", "seconds": 0.5}\n{"step": "li')
    told = text_of(own(Role.AUDITOR).get("/replays/1").text)
    assert "1 of 2 tables and files differ" in told
    assert "that is a finding" in told
    assert told.index("households") < told.index("people")
    assert read_replay(own_outputs, 1).steps[0].seconds == 0.5
    assert own(Role.AUDITOR).get("/replays/x").status_code == 404


def test_figures_are_shown_once_they_are_released_and_never_a_small_count(own: Client, own_outputs: Path) -> None:
    analyst, cora = own(Role.ANALYST), own(Role.COORDINATOR)
    assert "Nothing was released yet" in text_of(cora.get("/figures").text)
    assert send(cora, "/figures/release", of="eligible").status_code == 403
    assert send(analyst, "/figures/release", of="everybody").status_code == 404
    assert send(analyst, "/figures/release", of="eligible").headers["location"] == "/figures"
    (release,) = (own_outputs / "releases").glob("0001-*")
    page = cora.get("/figures").text
    told = text_of(page)
    assert "released by ana.analyst" in told
    assert "The accounts, in pounds, are for analysts and auditors" in told
    assert "Pounds by quarter" in text_of(analyst.get("/figures").text)
    shown = [int(cell) for cell in re.findall(r'numeric">(\d+)</td><td class="[^"]*">', page)]
    assert not [count for count in shown if 0 < count < 10 or count % 5]
    file = cora.get(f"/figures/{release.name}/xlsx")
    assert file.content == (release / "profile.xlsx").read_bytes()
    assert last_event(own_outputs, "figures_downloaded")["who"] == "cora.coordinator"
    assert cora.get(f"/figures/{release.name}/pdf").status_code == 404
    (release / "profile.csv").write_text("more")
    assert "is not what was released" in cora.get(f"/figures/{release.name}/csv").text


def test_every_page_with_somebodys_data_leaves_who_and_what_in_the_log_and_no_name(
    client: Client, outputs: Path
) -> None:
    eve = client(*Role, name="eve.everybody")
    run = latest(outputs)
    assert run is not None
    seen = [page for page in pages_to_see() if page.event]
    for page in seen:
        assert eve.get(address(page, outputs)).status_code == 200, page.path
    mine = [event for event in read_events(outputs) if event["who"] == "eve.everybody"]
    assert {page.event for page in seen} <= {event["event"] for event in mine}
    said = json.dumps(mine).casefold()
    people = run.table("people", ["forename", "surname", "upn", "nino"]).dropna(subset=["forename", "surname"])
    named = {f"{forename} {surname}".casefold() for forename, surname in people[["forename", "surname"]].to_numpy()}
    keys = {str(key).casefold() for column in ("upn", "nino") for key in people[column].dropna()}
    assert not [name for name in named | keys if name in said]


def test_every_event_of_a_page_stands_in_the_log_in_words() -> None:
    assert {page.event for page in ROUTES if page.event} - set(EVENTS) == set()


def test_the_picture_of_the_accounts_has_a_bar_for_each_figure_of_its_table(outputs: Path) -> None:
    run = latest(outputs)
    assert run is not None
    accounts = accounts_of(run, load_framework(run.settings.criteria))
    (bars,) = re.findall(r'<g class="mark-rect[^"]*"[^>]*>(.*?)</g>', accounts.picture)
    assert bars.count("<path") == 2 * len(accounts.tables["by_quarter"]) > 0
    assert accounts.picture.startswith('<svg role="img" aria-label="Pounds by quarter')


def test_the_picture_of_a_profile_has_a_bar_for_each_share_that_is_shown() -> None:
    measures = ("lone parent", "problem: work", "problem: health")
    table = pd.DataFrame({
        "measure": measures, "level": "yes", "national": [49.0, 83.0, 71.0],
        "share_percent": pd.array([40, None, 60], dtype="Int64"),
    })
    (bars,) = re.findall(r'<g class="mark-rect[^"]*"[^>]*>(.*?)</g>', beside_picture(table))
    assert len(re.findall(r"<path (?![^>]*h0v)", bars)) == 5
