"""Review on the pages: blind at first, once, by the right people; its workbook; and what the next wash makes of it."""

import io
import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pipeline.decisions.answering import Asked, Given, Reviewer, record_answers
from pipeline.decisions.store import decisions_path, read_decisions
from pipeline.record.audit_log import AUDIT_LOG
from tests.web.conftest import Months
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.roles import Role
from web.published import Published, latest
from web.review.desk import is_second, lay_out, measure
from web.settings import PagesSettings
from web.visit import Site


class Desk(NamedTuple):
    """Pages over the two months, with decisions of their own, and whoever is signed in."""

    outputs: Path
    run: Published
    sign_in: Callable[[str, Role], TestClient]

    @property
    def queue(self) -> pd.DataFrame:
        return self.run.table("review_queue")

    def decisions(self) -> list[dict]:
        return [entry for entry in read_decisions(self.outputs) if entry["event"] == "decided"]

    def events(self, name: str) -> list[dict]:
        lines = (self.outputs / AUDIT_LOG).read_text(encoding="utf-8").splitlines()
        return [event for event in map(json.loads, lines) if event["event"] == name]

    def first(self, kind: str = "pair", **has: object) -> pd.Series:
        """The first question of a kind that is a real one."""
        rows = self.queue[(self.queue["kind"] == kind) & self.queue["settled"].isna()]
        for name, value in has.items():
            rows = rows[rows[name] == value]
        return rows.iloc[0]


@pytest.fixture
def desk(outputs: Path, months: Months, tmp_path: Path) -> Desk:
    """Reviewers at their desk; nothing is decided yet, and nobody has been at the pages."""
    place = tmp_path / "outputs"
    place.mkdir(mode=0o700)
    for run in outputs.iterdir():
        if (run / "manifest.json").exists() or run.name == "archive":
            (place / run.name).symlink_to(run)
    shutil.copy(months.outputs / AUDIT_LOG, place / AUDIT_LOG)
    settings = PagesSettings()
    site = make_site(place, settings, open_entrance(place, settings))
    app = make_app(site)
    run = latest(place)
    assert run is not None
    return Desk(place, run, lambda name, role: _client(app, site, name, role))


def _client(app: Starlette, site: Site, name: str, role: Role) -> TestClient:
    return signed_in(app, site, somebody(role, name=name))


def reviewer(desk: Desk, name: str = "ann") -> TestClient:
    return desk.sign_in(name, Role.REVIEWER)


def words(page: str) -> str:
    """What a page says, without its markup."""
    main = re.search(r"<main.*?</main>", page, re.DOTALL)
    assert main is not None
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main[0]))


def token(client: TestClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get("/review").text)
    assert found is not None
    return found[1]


def say(client: TestClient, question: pd.Series, answer: str, **more: str) -> str:
    """Answer as the form does; where it leads."""
    form = {"csrf": token(client), "answer": answer, "after": "", **more}
    answered = client.post(f"/review/{question['review_id']}", data=form)
    assert answered.status_code == 303, words(answered.text)
    return str(answered.headers["location"])


def test_the_first_look_is_blind_and_the_second_is_not(desk: Desk) -> None:
    client, question = reviewer(desk), desk.first(effect="undetermined")
    address = f"/review/{question['review_id']}"
    page = client.get(address)
    said = words(page.text)
    assert "Are these the same person?" in said
    for hidden in ("How they compare Forename", "weigh", "<svg", question["why"], question["families"], "could still"):
        assert hidden not in page.text
        assert hidden not in said
    assert ' checked' not in page.text
    say(client, question, "match")
    after = client.get(address)
    assert "Together they weigh" in words(after.text)
    assert question["families"].split(";")[0] in words(after.text)
    picture, table = after.text.split("<svg", 1)[1].split("</svg>", 1)
    (bars,) = re.findall(r'<g class="mark-rect[^>]*>(.*?)</g>', picture, re.DOTALL)
    steps = table.split("</table>", 1)[0].count('<tr class="govuk-table__row">') - 1
    assert bars.count("<path") == steps > 3
    assert not desk.decisions()[0]["revealed"]


def test_who_looks_at_the_comparison_first_is_recorded(desk: Desk) -> None:
    client, question = reviewer(desk), desk.first()
    address = f"/review/{question['review_id']}"
    assert "Show how they compare" in client.get(address).text
    assert client.post(f"{address}/compare", data={"csrf": token(client)}).status_code == 303
    assert "Together they weigh" in words(client.get(address).text)
    assert desk.decisions() == []
    say(client, question, "no_match")
    assert desk.decisions()[0]["revealed"]
    assert [event["before_answer"] for event in desk.events("question_revealed")] == [1]


def test_a_double_click_decides_once_and_a_step_back_supersedes(desk: Desk) -> None:
    client, question = reviewer(desk), desk.first()
    assert "kept=taken" in say(client, question, "match", reason="moved", note="seen")
    assert "kept=already" in say(client, question, "match", reason="moved", note="seen")
    assert len(desk.decisions()) == 1
    back = client.get("/review/back")
    assert back.headers["location"].startswith(f"/review/{question['review_id']}")
    page = client.get(back.headers["location"]).text
    assert "You answered this on" in page
    after = re.search(r'name="after" value="([^"]+)"', page)
    assert after is not None
    say(client, question, "no_match", after=after[1])
    assert [entry["supersedes"] for entry in desk.decisions()] == [None, after[1]]
    form = {"csrf": token(client), "answer": "match", "after": ""}
    stale = client.post(f"/review/{question['review_id']}", data=form)
    assert stale.status_code == 422
    assert len(desk.decisions()) == 2


def test_not_sure_goes_to_somebody_else_and_says_nothing_of_the_first(desk: Desk) -> None:
    ann, question = reviewer(desk), desk.first()
    ann_sees = words(ann.get(f"/review/{question['review_id']}").text)
    say(ann, question, "unsure", note="ask the school")
    assert question["review_id"] not in ann.get("/review/next").headers["location"]
    bob = reviewer(desk, "bob")
    page = bob.get(f"/review/{question['review_id']}").text
    assert words(page).replace("1 of", "0 of") == ann_sees
    assert "ask the school" not in page
    assert "ann" not in re.sub(r"<[^>]*>", "", page.split("<main")[1]).split()
    say(bob, question, "match")
    assert [entry["answer"] for entry in desk.decisions()] == ["unsure", "match"]
    cat = reviewer(desk, "cat")
    assert "no further answer is needed" in words(cat.get(f"/review/{question['review_id']}").text)


def test_progress_filter_and_what_is_left(desk: Desk) -> None:
    client, count = reviewer(desk), len(desk.queue)
    assert f"0 of {count} answered" in words(client.get("/review").text)
    for _ in range(3):
        going = client.get("/review/next?source=asb").headers["location"]
        assert "source=asb" in going
        question = desk.queue.set_index("review_id").loc[going.split("?")[0].rpartition("/")[2]]
        say(client, question.rename(None).to_frame().T.assign(review_id=question.name).iloc[0],
            "unsure", source="asb")  # fmt: skip
        assert any(end.startswith("asb:") for end in (question["left_id"], question["right_id"]))
    assert f"3 of {count} answered" in words(client.get("/review").text)
    told = measure(lay_out(desk.run, desk.outputs, 0.05), "ann")
    assert (told.statuses["referred"], told.waiting) == (3, count - 3)


def test_the_order_is_the_queues_and_a_second_person_is_asked_of_a_fixed_share(desk: Desk) -> None:
    laid = lay_out(desk.run, desk.outputs, 1.0)
    assert [one.rank for one in laid.waiting("ann")] == list(range(1, len(desk.queue) + 1))
    assert all(one.asked.wanted == 2 for one in laid.put)
    keys = [f"people h{number} z" for number in range(2000)]
    assert 60 < sum(is_second(key, 0.05) for key in keys) < 140
    assert not any(is_second(key, 0) for key in keys)


def download(client: TestClient) -> openpyxl.Workbook:
    got = client.get("/review/download")
    assert got.status_code == 200, words(got.text)
    return openpyxl.load_workbook(io.BytesIO(got.content))


def filled(client: TestClient, answers: dict[str, tuple[str, ...]], **changed: str) -> bytes:
    """The downloaded workbook with answers by review id, as somebody fills them in."""
    book = download(client)
    page = book["Links to review"]
    column = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        for name, value in zip(("Answer", "Reason", "Note"), answers.get(page.cell(row, column["Review ID"]).value, ()),
                               strict=False):  # fmt: skip
            page.cell(row, column[name]).value = value
        for name, value in changed.items() if page.cell(row, column["Review ID"]).value in answers else ():
            page.cell(row, column[name.replace("_", " ")]).value = value
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def hand_back(client: TestClient, data: bytes) -> str:
    sent = client.post("/review/upload", data={"csrf": token(client)}, files={"file": ("a.xlsx", data)})
    return words(sent.text)


def test_the_workbook_goes_out_without_weights_and_comes_back_row_by_row(desk: Desk) -> None:
    client, pair, home = reviewer(desk), desk.first(), desk.first("household")
    more = desk.queue[desk.queue["kind"] == "pair"]["review_id"].iloc[-1]
    book = download(client)
    page = book["Links to review"]
    head = [cell.value for cell in page[1]]
    assert page.max_row == len(desk.queue) + 1
    assert not [name for name in head if re.search("weight|probab|why|change|effect", name.lower())]
    shown = [row[head.index("Review ID")] for row in page.iter_rows(min_row=2, values_only=True)]
    assert shown == desk.queue["review_id"].tolist()
    answers = {pair["review_id"]: ("same", "name changed", "both in use"), home["review_id"]: ("not sure",)}
    data = filled(client, answers | {more: ("perhaps",)})
    said = hand_back(client, data)
    assert "2 of 3 answers were taken" in said
    assert f"{more} not taken: this is no answer" in said
    taken = {entry["review_id"]: entry for entry in desk.decisions()}
    kept = taken[pair["review_id"]]
    assert (kept["answer"], kept["reason"], kept["note"]) == ("match", "name_changed", "both in use")
    assert (kept["decided_by"], kept["via"], kept["left_hash"]) == ("ann", "workbook", pair["left_hash"])
    assert taken[home["review_id"]]["answer"] == "unsure"
    assert "0 of 3 answers were taken" in hand_back(client, data)
    assert len(desk.decisions()) == 2
    assert desk.events("answers_uploaded")[0]["taken"] == 2


def test_a_row_whose_record_changed_or_whose_file_is_another_is_not_taken(desk: Desk) -> None:
    client, pair = reviewer(desk), desk.first()
    said = hand_back(client, filled(client, {pair["review_id"]: ("same",)}, Left_hash="h1-other"))
    assert "check again" in said
    gone = hand_back(client, filled(client, {pair["review_id"]: ("same",)}, Review_ID="R000000000000"))
    assert "no such question" in gone
    assert "Nothing was taken" in hand_back(client, b"PK not a workbook")
    assert not decisions_path(desk.outputs).exists()


def test_decisions_are_everybodys_for_who_leads_and_ones_own_for_a_reviewer(desk: Desk) -> None:
    ann, bob, lead = reviewer(desk), reviewer(desk, "bob"), desk.sign_in("lena", Role.ANALYST)
    say(ann, desk.first(), "match", reason="moved")
    say(bob, desk.first("household"), "other_household")
    assert "2 answers" in words(lead.get("/review/decisions").text)
    assert "1 answer," in words(ann.get("/review/decisions").text)
    assert "They live apart" not in words(ann.get("/review/decisions").text)
    assert ann.get("/review/agreement").status_code == 403
    assert lead.post(f"/review/{desk.first()['review_id']}", data={"csrf": token(lead)}).status_code == 403


def test_agreement_and_contradictions_are_shown_to_who_leads(desk: Desk) -> None:
    ann, bob, lead = reviewer(desk), reviewer(desk, "bob"), desk.sign_in("lena", Role.ANALYST)
    sample = desk.queue[desk.queue["settled"] == "sure"].iloc[0]
    say(ann, sample, "match")
    say(bob, sample, "match")
    say(ann, desk.first(), "match")
    say(bob, desk.first(), "no_match")
    said = words(lead.get("/review/agreement").text)
    assert "They agree on 1 of 2 (50%)" in said
    assert "Cohen’s kappa is 0.00" in said
    assert "Joined: weighs far more than is needed" in said
    assert "Two said otherwise: a third is asked 1" in words(lead.get("/review").text)


def test_contradictions_are_named_on_the_desk_with_who_decided(desk: Desk) -> None:
    ends = [("a", "b", "match", "ann"), ("b", "c", "match", "bob"), ("a", "c", "no_match", "cat")]
    for left, right, answer, who in ends:
        asked = Asked(f"R{left}{right}", "pair", f"x:{left}", f"x:{right}", f"h1-{left}", f"h1-{right}")
        record_answers(desk.outputs, [(asked, Given(answer))], Reviewer(who, date(2013, 10, 2), "run", "model"))
    said = words(reviewer(desk).get("/review").text)
    for named in ("decision D0000003 of cat", "decision D0000001 of ann", "decision D0000002 of bob"):
        assert named in said
    assert "The next wash stops" in said


def test_names_are_in_no_line_of_the_audit_log_and_no_address(desk: Desk) -> None:
    client, question = reviewer(desk), desk.first()
    client.get(say(client, question, "match", note="a private note"))
    log = (desk.outputs / AUDIT_LOG).read_text(encoding="utf-8")
    records = desk.run.table("review_records").set_index("record_id")
    names = records.loc[[question["left_id"], question["right_id"]], "surname"].dropna()
    assert len(names)
    for hidden in (*names, "a private note", question["left_hash"]):
        assert hidden not in log
    assert desk.events("question_answered")[0]["outcome"] == "taken"
