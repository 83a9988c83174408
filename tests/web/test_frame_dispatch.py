"""From a request to an answer: who may, whose form it is, what the audit log has of it, and what an error says."""

import errno
import io
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from starlette.requests import Request
from starlette.responses import Response
from starlette.testclient import TestClient

from pipeline.record.audit_log import AUDIT_LOG
from schemas.errors import IntegrityError, LockedError, StorageError, UsageError
from web import dispatch
from web.app import make_app, make_site
from web.door.failures import Failed
from web.door.roles import Person, Role
from web.settings import PagesSettings, Serve
from web.visit import ANYBODY, CSV, EVERYONE, HiddenError, NotFoundError, Page, RefusedError, Visit


AUDITOR = frozenset({Role.AUDITOR})
SECRET = "Ælfgifu O'Brien"


class Doorman:
    """Believes whoever says their role; their forms carry `mine`."""

    def person(self, request: Request) -> Person | None:
        """Who it is."""
        role = request.headers.get("x-role")
        return Person(f"the.{role}", frozenset({Role(role)})) if role else None

    def token(self, request: Request) -> str:
        """What forms carry."""
        return "mine"

    def trusts(self, request: Request, token: str) -> bool:
        """Whether it is that."""
        return token == "mine"

    def count_failure(self, event: str) -> Failed:
        """Each has a line of its own."""
        return Failed(own_line=True)


def shown(visit: Visit) -> Response:
    visit.note(families=3)
    return Response("three families")


def raising(error: Exception) -> Callable[[Visit], Response]:
    def handler(visit: Visit) -> Response:
        raise error

    return handler


def echoed(visit: Visit) -> Response:
    return Response(json.dumps(dict(visit.form) | {name: file.filename for name, file in visit.files.items()}))


def recorded_by_itself(visit: Visit) -> Response:
    visit.record("changed", family_id="F0000001", run_id="of-another-run")
    return visit.go("shown")


PAGES = (
    Page("/shown", "GET", shown, "shown", AUDITOR, "looked", needs_run=False),
    Page("/washed", "GET", shown, "washed", EVERYONE, "looked"),
    Page("/open", "GET", shown, "open", ANYBODY, needs_run=False),
    Page("/form", "POST", echoed, "form", EVERYONE, "sent", needs_run=False, takes_file=True),
    Page("/change", "POST", recorded_by_itself, "change", EVERYONE, "never", needs_run=False),
    Page("/file", "GET", lambda visit: visit.download(b"a", SECRET + ".csv", CSV), "file", ANYBODY, needs_run=False),
    Page("/hidden", "GET", raising(HiddenError("No such family.")), "hidden", EVERYONE, "looked", needs_run=False),
    Page("/typo", "GET", lambda visit: visit.page("error.html"), "typo", ANYBODY, needs_run=False),
)
ERRORS: Mapping[str, tuple[Exception, int]] = {
    "none": (NotFoundError("There is no such family."), 404),
    "refused": (RefusedError("Not in your areas."), 403),
    "usage": (UsageError("No run is called so."), 404),
    "locked": (LockedError("Another wash is using it."), 409),
    "storage": (StorageError("The disk is full."), 503),
    "changed": (IntegrityError("A table is not what its manifest says."), 500),
}
BAD = tuple(
    Page(f"/bad/{name}", "GET", raising(error), f"bad_{name}", EVERYONE, "looked", needs_run=False)
    for name, (error, _) in ERRORS.items()
)
FULL = OSError(errno.ENOSPC, "No space left on device", SECRET)
DISK = Page("/disk", "GET", raising(FULL), "disk", ANYBODY, needs_run=False)
BUG = Page("/bug", "GET", raising(ValueError(SECRET)), "bug", ANYBODY, needs_run=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An outputs folder in which nothing was washed."""
    return tmp_path


@pytest.fixture
def visitor(folder: Path) -> TestClient:
    """A browser at these pages and those of the frame."""
    settings = PagesSettings(serve=Serve(largest_form_mb=1))
    site = make_site(folder, settings, Doorman())
    app = make_app(replace(site, pages=(*site.pages, *PAGES, *BAD, DISK, BUG)))
    return TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)


def events(folder: Path) -> list[dict[str, object]]:
    """What the audit log has, without times and digests."""
    path = folder / AUDIT_LOG
    lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    return [{name: value for name, value in line.items() if name not in ("at", "before")} for line in lines]


def as_role(role: Role) -> dict[str, str]:
    """What makes a request one of somebody of that role."""
    return {"x-role": role.value}


def test_a_look_is_recorded_with_what_the_handler_noted(visitor: TestClient, folder: Path) -> None:
    answer = visitor.get("/shown", headers=as_role(Role.AUDITOR))
    assert (answer.status_code, answer.text) == (200, "three families")
    looked = {"event": "looked", "page": "shown", "who": "the.auditor", "run_id": "none", "families": 3}
    assert events(folder) == [looked]


def test_head_is_answered_and_recorded_as_get(visitor: TestClient, folder: Path) -> None:
    assert visitor.head("/shown", headers=as_role(Role.AUDITOR)).status_code == 200
    assert [event["event"] for event in events(folder)] == ["looked"]


def test_nothing_is_shown_where_the_audit_log_cannot_be_written(visitor: TestClient, folder: Path) -> None:
    (folder / AUDIT_LOG).mkdir()
    answer = visitor.get("/shown", headers=as_role(Role.AUDITOR))
    assert answer.status_code == 503
    assert "three families" not in answer.text
    assert "audit log cannot be written" in answer.text


def test_nothing_is_shown_where_a_process_that_hangs_holds_the_audit_log(
    visitor: TestClient, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.record.audit_log.PATIENCE", 0.05)
    with FileLock(folder / f".{AUDIT_LOG}.lock"):
        answer = visitor.get("/shown", headers=as_role(Role.AUDITOR))
    assert answer.status_code == 503
    assert "three families" not in answer.text
    assert visitor.get("/shown", headers=as_role(Role.AUDITOR)).status_code == 200


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_another_role_is_refused_and_that_is_recorded(visitor: TestClient, folder: Path, role: Role) -> None:
    answer = visitor.get("/shown", headers=as_role(role))
    assert answer.status_code == 403
    assert "three families" not in answer.text
    assert events(folder) == [{"event": "refused", "page": "shown", "who": f"the.{role}", "run_id": "none"}]


def test_who_is_not_signed_in_goes_to_sign_in_and_comes_back(visitor: TestClient, folder: Path) -> None:
    answer = visitor.get("/shown")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/shown")
    assert visitor.post("/form", data={"csrf": "mine"}).headers["location"] == "/sign-in?next=/"
    assert events(folder) == []


def test_without_a_wash_a_page_says_so(visitor: TestClient, folder: Path) -> None:
    answer = visitor.get("/washed", headers=as_role(Role.COORDINATOR))
    assert "No wash yet" in answer.text
    assert events(folder) == []


def test_a_form_brings_its_fields_and_files(visitor: TestClient) -> None:
    answer = visitor.post(
        "/form", headers=as_role(Role.REVIEWER), data={"csrf": "mine", "a": SECRET}, files={"book": ("b.xlsx", b"PK")}
    )
    assert answer.json() == {"csrf": "mine", "a": SECRET, "book": "b.xlsx"}


@pytest.mark.parametrize(
    ("sent", "headers"),
    [({}, {}), ({"csrf": "another's"}, {}), ({"csrf": "mine"}, {"sec-fetch-site": "cross-site"})],
    ids=["no token", "another's token", "another site"],
)
def test_a_form_that_is_not_ours_is_refused(
    visitor: TestClient, folder: Path, sent: dict[str, str], headers: dict[str, str]
) -> None:
    assert visitor.post("/form", headers=as_role(Role.REVIEWER) | headers, data=sent).status_code == 403
    assert [event["event"] for event in events(folder)] == ["refused"]


def test_a_form_that_is_too_large_is_not_read(visitor: TestClient) -> None:
    answer = visitor.post("/form", headers=as_role(Role.REVIEWER), data={"csrf": "mine", "a": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert "1 MB" in answer.text


def test_a_form_that_does_not_say_its_length_is_cut_off(visitor: TestClient) -> None:
    kind = {"content-type": "application/x-www-form-urlencoded"}
    answer = visitor.post("/form", headers=as_role(Role.REVIEWER) | kind, content=(b"x" * 65536 for _ in range(20)))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"--x\r\nnot a part"),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(2100))),
    ],
    ids=["no boundary", "broken", "too many fields"],
)
def test_a_form_that_is_broken_is_not_taken(visitor: TestClient, folder: Path, kind: str, content: bytes) -> None:
    answer = visitor.post("/form", headers=as_role(Role.REVIEWER) | {"content-type": kind}, content=content)
    assert answer.status_code in (400, 403)
    assert [event["event"] for event in events(folder)] in ([], ["refused"])


def test_a_handler_that_records_by_itself_is_recorded_once(visitor: TestClient, folder: Path) -> None:
    answer = visitor.post("/change", headers=as_role(Role.REVIEWER), data={"csrf": "mine"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/shown")
    changed = {"event": "changed", "page": "change", "who": "the.reviewer", "family_id": "F0000001"}
    assert events(folder) == [changed | {"run_id": "of-another-run"}]


def test_a_full_disk_is_told_as_one_and_names_no_file(visitor: TestClient) -> None:
    answer = visitor.get("/disk")
    assert answer.status_code == 503
    assert "No space left on device" in answer.text
    assert SECRET not in answer.text


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_becomes_a_page_with_its_words(visitor: TestClient, folder: Path, name: str) -> None:
    error, status = ERRORS[name]
    answer = visitor.get(f"/bad/{name}", headers=as_role(Role.ANALYST))
    assert answer.status_code == status
    assert str(error) in answer.text
    assert [event["event"] for event in events(folder)] == (["refused"] if name == "refused" else [])


def test_what_is_hidden_is_not_found_and_recorded_as_refused(visitor: TestClient, folder: Path) -> None:
    assert visitor.get("/hidden", headers=as_role(Role.COORDINATOR)).status_code == 404
    assert [event["event"] for event in events(folder)] == ["refused"]


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What the server says of itself, by a log of the test's own: another test may have shut the usual one."""
    text = io.StringIO()
    log = logging.Logger("pages")
    log.addHandler(logging.StreamHandler(text))
    monkeypatch.setattr(dispatch, "log", log)
    return text


def test_a_bug_is_told_by_kind_and_place_alone(visitor: TestClient, said: io.StringIO) -> None:
    answer = visitor.get("/bug")
    assert answer.status_code == 500
    assert "ValueError at web.dispatch" in answer.text
    assert SECRET not in answer.text
    assert said.getvalue().startswith("bug: a bug, ValueError at web.dispatch:")
    assert SECRET not in said.getvalue()
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_template_that_prints_what_nobody_gave_it_fails(visitor: TestClient) -> None:
    assert visitor.get("/typo").status_code == 500


def test_an_address_that_is_not_there_and_a_method_that_is_not(visitor: TestClient) -> None:
    assert "Page not found" in visitor.get("/nothing").text
    assert visitor.delete("/shown", headers=as_role(Role.AUDITOR)).status_code == 405


def test_a_download_has_its_name_and_is_not_kept(visitor: TestClient) -> None:
    answer = visitor.get("/file")
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%86lfgifu%20O%27Brien.csv"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["accept-ranges"] == "none"


def test_the_log_of_the_server_has_no_line_for_a_visit(visitor: TestClient, said: io.StringIO) -> None:
    visitor.get("/shown?name=Ashdown", headers=as_role(Role.AUDITOR))
    assert said.getvalue() == ""
