"""Every address of the pages, attacked by hand and at random: nobody sees, changes or becomes what they should not.

In `make test` a share of the attacks is tried; `make attacks` tries them all and counts them.
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from pipeline.areas import areas_of
from pipeline.record.audit_log import AUDIT_LOG, check_audit_log
from tests.web.attacks import (
    ALL,
    DISGUISES,
    FIELDS,
    MARK,
    PARTS,
    VALUES,
    Answer,
    Attack,
    amiss,
    ask_all,
    bombs,
    filled,
    multipart,
    on_parts,
    queries,
    snapshot,
)
from tests.web.places import parts
from tests.web.signing import account_of, somebody
from web.door.entrance import SESSION, VISITOR, Entrance
from web.door.roles import Role
from web.door.sessions import How, start_session
from web.door.tokens import form_token
from web.published import latest
from web.routes import ROUTES
from web.visit import ANYBODY, Page, Site


GETS = [page for page in ROUTES if page.method == "GET"]
POSTS = [page for page in ROUTES if page.method == "POST"]
LIGHT = [page for page in GETS if page.name not in ("figures", "quality", "family_pack", "quality_report")]
"""Pages that cost little, even the first time."""

WITH_PARTS = [page for page in ROUTES if "{" in page.path]
STARTS_WORK = ("run_replay_start",)
"""What starts a wash of its own: it is attacked with wrong names alone."""

SIGNS_OUT = ("sign_out", "password_choose")
"""What ends the attacker's own session when it does as it is asked; `tests/web/test_door.py` has its attacks."""

FORM = "application/x-www-form-urlencoded"
SHARE = 1.0 if ALL else 0.03


class Somebody(NamedTuple):
    """A visitor: what their browser holds, and what their forms carry."""

    cookie: str
    token: str


@pytest.fixture(scope="module")
def chance() -> random.Random:
    """Which of the attacks are tried where not all are."""
    return random.Random(9)


@pytest.fixture(scope="module")
def become(site: Site) -> Callable[..., Somebody]:
    """`become(Role.AUDITOR)`: somebody of that role; without one, nobody who is signed in."""
    door = site.door
    assert isinstance(door, Entrance)

    def one(*roles: Role, areas: frozenset[str] = frozenset(), name: str | None = None) -> Somebody:
        if not roles:
            return Somebody(f"{VISITOR}=made-up", form_token("made-up"))
        account = account_of(door.store, somebody(*roles, areas=areas, name=name or "all.of.them"))
        with door.store.change() as db:
            token = start_session(db, account, How.LINK, door.now, door.now + 3600)
        return Somebody(f"{SESSION}={token}", form_token(token))

    return one


@pytest.fixture(scope="module")
def everybody(become: Callable[..., Somebody]) -> Somebody:
    """Somebody of every role, so that no attack stops at the door."""
    return become(*Role)


@pytest.fixture(scope="module", autouse=True)
def _nothing_else_changes(outputs: Path) -> Iterator[None]:
    """No attack changes a run, the archive or a decision, breaks the audit log, or puts words of its own into it."""
    before = snapshot(outputs)
    yield
    after = {name: one for name, one in snapshot(outputs).items() if not name.startswith(("replays/", ".",
    "decisions"))}
    assert {name for name, one in after.items() if before.get(name) != one} == set()
    check_audit_log(outputs)


def tried(app: Starlette, attacks: list[Attack], who: Somebody, count: Callable[[int], None]) -> list[Answer]:
    """What is answered to each attack; fails with each that did what it must not."""
    wrong, answers = [], []
    for attack, answer in ask_all(app, attacks, who.cookie):
        wrong += amiss(attack, answer)
        answers.append(answer)
    count(len(answers))
    assert wrong == []
    return answers


@pytest.fixture(scope="module")
def count() -> Iterator[Callable[[int], None]]:
    """Counts attacks; `make attacks` says how many there were."""
    tally: list[int] = []
    yield tally.append
    print(f"\nattacks tried: {sum(tally)}")  # noqa: T201 - the count of `make attacks`


def some(chance: random.Random, of: list[Attack]) -> list[Attack]:
    """A share of them, at least one."""
    return of if ALL else chance.sample(of, max(1, round(len(of) * SHARE)))


def test_strange_parts_of_an_address_lead_nowhere(
    app: Starlette, outputs: Path, everybody: Somebody, chance: random.Random, count: Callable[[int], None]
) -> None:
    known = parts(outputs)
    attacks = []
    for page in WITH_PARTS:
        body = b"" if page.method == "GET" else urlencode({"csrf": everybody.token}).encode()
        kind = () if page.method == "GET" else (("content-type", FORM),)
        paths = on_parts(page, known, PARTS)
        attacks += some(chance, [Attack(page.method, path, headers=kind, body=body) for path in paths])
    answers = tried(app, attacks, everybody, count)
    assert not [answer for answer in answers if b"root:" in answer.body]


def test_strange_words_behind_an_address_change_nothing(
    app: Starlette, outputs: Path, everybody: Somebody, chance: random.Random, count: Callable[[int], None]
) -> None:
    known = {name: quote(str(part)) for name, part in (parts(outputs) | {"form": "xlsx", "release": "x"}).items()}
    attacks = []
    for page in GETS if ALL else LIGHT:
        path = filled(page, known)
        attacks += some(chance, [Attack("GET", path, query) for query in queries(VALUES)])
    tried(app, attacks, everybody, count)


def _forms(page: Page, path: str, token: str) -> list[Attack]:
    """Forms for a page with each value in every field at once, the token being right."""
    heads = (("content-type", FORM),)
    bodies = [urlencode([(name, value) for name in FIELDS if name != "csrf"] + [("csrf", token)]) for value in VALUES]
    return [Attack("POST", path, headers=heads, body=body.encode("utf-8", errors="surrogatepass")) for body in bodies]


def test_strange_words_in_a_form_do_no_harm(
    app: Starlette, outputs: Path, everybody: Somebody, chance: random.Random, count: Callable[[int], None]
) -> None:
    known = parts(outputs) | {"number": 999999, "run": "2001-01-01-000000000000"}
    attacks = []
    for page in POSTS:
        if page.name not in SIGNS_OUT:
            attacks += some(chance, _forms(page, next(on_parts(page, known, ["none"]), page.path), everybody.token))
    tried(app, attacks, everybody, count)


def test_no_form_is_taken_without_the_visitors_own_token(
    app: Starlette, outputs: Path, become: Callable[..., Somebody], chance: random.Random, count: Callable[[int], None]
) -> None:
    known, mine, theirs = parts(outputs), become(*Role), become(*Role, name="another")
    fields = {"name": "x", "lock": "yes", "answer": "same", "text": "x", "new": "a new password"}
    right = ("csrf", mine.token)
    tokens: list[list[tuple[str, str]]] = [
        [], [("csrf", "")], [("csrf", theirs.token)], [("csrf", mine.token.upper())], [("csrf", mine.token[:-1])],
        [("csrf", f" {mine.token}")], [("CSRF", mine.token)], [("csrf[]", mine.token)], [right, ("csrf", theirs.token)],
    ]  # fmt: skip
    attacks = []
    for page in POSTS:
        path = next(on_parts(page, known, ["none"]), page.path)
        heads = (("content-type", FORM),)
        sent = [Attack("POST", path, headers=heads, body=urlencode([*fields.items(), *one]).encode()) for one in tokens]
        sent.append(Attack("POST", path, urlencode([right]).encode(), heads, urlencode(fields).encode()))
        elsewhere = (("x-csrf-token", mine.token), *heads)
        sent.append(Attack("POST", path, headers=elsewhere, body=urlencode(fields).encode()))
        whole = urlencode([*fields.items(), right]).encode()
        sent += [Attack("POST", path, headers=(("content-type", kind),), body=whole)
                 for kind in ("text/plain", "application/json", "", f"{FORM}-not")]
        sent += [Attack("POST", path, headers=(("sec-fetch-site", site), *heads), body=whole)
                 for site in ("cross-site", "same-site")]
        attacks += sent if ALL else chance.sample(sent, 5)
    answers = tried(app, attacks, mine, count)
    assert {answer.status for answer in answers} <= {400, 403}


@pytest.mark.parametrize("role", [None, *Role], ids=lambda role: role or "nobody")
def test_no_disguise_opens_what_a_role_does_not(
    app: Starlette, outputs: Path, become: Callable[..., Somebody], role: Role | None, chance: random.Random,
    count: Callable[[int], None],
) -> None:  # fmt: skip
    known = parts(outputs)
    who = become(role, name=f"only.{role}") if role else become()
    person = somebody(role) if role else None
    closed = [page for page in GETS if page.allowed is not ANYBODY and not page.admits(person)]
    attacks = []
    for page in closed:
        path = next(on_parts(page, known, ["xlsx"]), page.path)
        sent = [Attack("GET", path, headers=tuple(one.items())) for one in DISGUISES]
        sent += [Attack("GET", path, query) for query in (b"role=administrator", b"_method=POST", b"debug=1")]
        sent += [Attack("GET", odd) for odd in (path + "/", "/" + path, path + "%20", path + ";x", path.upper() + "X")]
        sent += [Attack("HEAD", path), Attack("GET", path + "%2f.."), Attack("GET", "/help/.." + path)]
        attacks += some(chance, sent)
    answers = tried(app, attacks, who, count)
    assert {answer.status for answer in answers} <= {303, 403, 404, 405}
    assert all(answer.headers["location"].startswith("/sign-in?next=") for answer in answers if answer.status == 303)


def test_what_a_form_says_of_roles_is_heard_of_administrators_alone(
    app: Starlette, site: Site, become: Callable[..., Somebody], count: Callable[[int], None]
) -> None:
    door = site.door
    assert isinstance(door, Entrance)
    who = become(Role.COORDINATOR, name="only.coordinator")
    before = _accounts(door)
    rights = {"csrf": who.token, "name": "new", **{f"role_{role}": "on" for role in Role}, "areas": "", "lock": "no"}
    body, heads = urlencode(rights).encode(), (("content-type", FORM),)
    paths = ["/people/new", *(f"/people/{row[0]}{end}" for row in before for end in ("", "/link", "/lock", "/reset"))]
    answers = tried(app, [Attack("POST", path, headers=heads, body=body) for path in paths], who, count)
    assert {answer.status for answer in answers} == {403}
    assert before == _accounts(door)


def _accounts(door: Entrance) -> list[tuple[object, ...]]:
    with door.store.read() as db:
        return [tuple(row) for row in db.execute("SELECT number, name, roles, areas, locked, password FROM account")]


def test_no_cookie_but_the_right_one_is_somebody(
    app: Starlette, site: Site, become: Callable[..., Somebody], count: Callable[[int], None]
) -> None:
    door = site.door
    assert isinstance(door, Entrance)
    right = become(Role.AUDITOR, name="a.auditor").cookie.partition("=")[2]
    with door.store.read() as db:
        marks = [row["mark"] for row in db.execute("SELECT mark FROM session")]
    wrong = [
        "", right[:-1], right + "A", right.lower(), right.upper(), right[::-1],
        f'"{right}', "null", "undefined", "1", "' OR 1=1--",
        "\x00", "é", "a" * 4000, *marks,
    ]  # fmt: skip
    cookies = [f"{SESSION}={one}" for one in wrong]
    cookies += [f"__Host-{SESSION}={right}", f"{VISITOR}={right}", f"{SESSION}={right}; {SESSION}=other",
    f"{SESSION.upper()}={right}"]
    attacks = [Attack("GET", "/audit", headers=(("cookie", one),)) for one in cookies]
    answers = tried(app, attacks, Somebody("", ""), count)
    assert {answer.status for answer in answers} == {303}
    assert tried(app, [Attack("GET", "/runs")], Somebody(f"{SESSION}={right}", ""), count)[0].status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "evil.example:80", "127.0.0.1@evil.org"])
def test_a_page_of_ours_is_shown_under_no_other_name(app: Starlette, host: str, count: Callable[[int], None]) -> None:
    paths = ["/", "/help", "/sign-in", "/sign-in/link/x", "/static/x/y", "/nothing"]
    attacks = [Attack("GET", path, headers=(("host", host), ("x-forwarded-host", "127.0.0.1"))) for path in paths]
    assert {answer.status for answer in tried(app, attacks, Somebody("", ""), count)} == {400}


@pytest.mark.parametrize("what", bombs() if ALL else ("much in little", "entities", "a file of ours", "cut off"))
def test_a_file_that_is_no_workbook_is_told_so(
    app: Starlette, everybody: Somebody, what: str, count: Callable[[int], None]
) -> None:
    answer = tried(app, [multipart(everybody.token, "answers.xlsx", bombs()[what])], everybody, count)[0]
    assert answer.status == 422
    assert "root:" not in answer.text


@pytest.mark.parametrize("name", ["../../evil.xlsx", "/etc/cron.d/evil", "a\x00.xlsx", "CON", "", "\u202exslx.exe"])
def test_what_a_file_is_called_leads_nowhere(
    app: Starlette, outputs: Path, everybody: Somebody, name: str, count: Callable[[int], None]
) -> None:
    answer = tried(app, [multipart(everybody.token, name, b"PK")], everybody, count)[0]
    assert answer.status in (400, 422)
    assert list(outputs.parent.rglob("*evil*")) == []


def test_one_file_is_taken_and_no_more(app: Starlette, everybody: Somebody, count: Callable[[int], None]) -> None:
    assert tried(app, [multipart(everybody.token, "a.xlsx", b"PK", files=2)], everybody, count)[0].status == 400


def test_who_has_an_area_sees_nobody_of_another(
    app: Starlette, outputs: Path, become: Callable[..., Somebody], chance: random.Random, count: Callable[[int], None]
) -> None:
    """What is there but not for them, and what is not there at all, are answered alike."""
    run = latest(outputs)
    assert run is not None
    homes, members = run.table("households").dropna(subset="family_id"), run.table("members")
    areas = areas_of(homes["postcode"], run.settings.areas)
    elsewhere = homes[areas != areas.dropna().iat[0]]
    who = become(Role.COORDINATOR, areas=frozenset({str(areas.dropna().iat[0])}), name="of.one.area")
    people = members.loc[members["household_id"].isin(elsewhere["household_id"]), "person_id"]
    theirs = elsewhere["family_id"].tolist()
    paths = [f"/family/{one}{end}" for one in theirs for end in ("", "/history", "/pack/pdf", "/pack/xlsx")]
    paths += [f"/person/{one}" for one in people]
    attacks = [Attack("GET", path) for path in (paths if ALL else chance.sample(paths, 12))]
    attacks += [Attack("GET", "/family/F9999999"), Attack("GET", "/person/P9999999")]
    answers = tried(app, attacks, who, count)
    assert {answer.status for answer in answers} == {404}
    family, person = answers[-2].text, answers[-1].text
    for attack, answer in zip(attacks, answers, strict=True):
        assert answer.text == (person if attack.path.startswith("/person") else family)


@settings(max_examples=2000 if ALL else 40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_whatever_is_asked_is_answered(
    data: st.DataObject, app: Starlette, outputs: Path, everybody: Somebody, count: Callable[[int], None]
) -> None:
    words = st.text(st.characters(codec="utf-8"), max_size=30)
    page = data.draw(st.sampled_from([one for one in ROUTES if one.name not in (*STARTS_WORK, *SIGNS_OUT)]))
    said = data.draw(st.dictionaries(st.sampled_from(FIELDS) | words, words, max_size=5))
    part = "".join(f"%{byte:02x}" for byte in data.draw(st.binary(min_size=1, max_size=12)))
    path = next(on_parts(page, {}, [part]), page.path)
    if page.method == "GET":
        attack = Attack("GET", path, urlencode(said).encode())
    else:
        body = urlencode({**said, "csrf": everybody.token}).encode()
        attack = Attack("POST", path, headers=(("content-type", FORM),), body=body)
    tried(app, [attack], everybody, count)


def test_everybody_was_signed_in_to_the_end(
    app: Starlette, everybody: Somebody, count: Callable[[int], None]
) -> None:
    """Else the attacks before this stopped at the door, and showed nothing."""
    assert tried(app, [Attack("GET", "/runs"), Attack("GET", "/people")], everybody, count)[0].status == 200


def test_nothing_that_an_attack_said_stands_in_the_audit_log(outputs: Path) -> None:
    assert MARK not in (outputs / AUDIT_LOG).read_text(encoding="utf-8")
