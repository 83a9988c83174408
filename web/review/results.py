"""The pages that say what reviewing came to: what was decided, how far people agree, how often the wash is right.

A reviewer sees what they decided themselves, and what contradicts it; whoever leads reviewing sees everybody's.
"""

from starlette.responses import Response

from pipeline.decisions import agreement
from pipeline.decisions.contradictions import find_contradictions
from pipeline.decisions.opinions import Status, standing
from pipeline.decisions.reasons import reason_words
from pipeline.decisions.store import DECIDED
from pipeline.record.chain import Entry
from schemas.errors import ExtractRefusedError, UsageError
from web.door.roles import Role
from web.review import shown
from web.review.desk import Desk
from web.review.pages import SOURCE, lay, reviewer
from web.review.sheets import TITLE, make_workbook, take_workbook
from web.visit import XLSX, Visit


A_PAGE = 50
LEADS = frozenset({Role.ANALYST, Role.AUDITOR})
WAYS = {
    "identifier": "Joined: one UPN or NINO",
    "sure": "Joined: weighs far more than is needed",
    "near": "Joined: weighs little more than is needed",
    "others": "Joined: through other records",
    "rule": "Kept apart by a rule",
    "set_aside": "Kept apart: weighs too little to ask",
}
STATUSES = {
    Status.OPEN: "not answered",
    Status.REFERRED: "not sure: a colleague is asked",
    Status.SECOND: "a second person is asked",
    Status.DISPUTED: "two said otherwise: a third is asked",
    Status.SETTLED: "decided",
}


def decisions(visit: Visit) -> Response:
    """What was decided, newest first: everybody's for who leads, a reviewer's own for a reviewer."""
    laid, own = lay(visit), not visit.person.may(LEADS)
    said = [entry for entry in reversed(laid.entries) if entry["event"] == DECIDED]
    said = [entry for entry in said if not own or entry["decided_by"] == visit.person.name]
    pages = max(1, -(-len(said) // A_PAGE))
    asked = visit.query.get("page", "1")
    page = min(pages, max(1, int(asked) if asked.isdecimal() and len(asked) < 7 else 1))
    open_ids = {one.asked.review_id for one in laid.put}
    later = {entry["supersedes"] for entry in said if entry["supersedes"]}
    rows = [
        entry | {
            "said": shown.ANSWER_WORDS.get(entry["answer"], entry["answer"]),
            "why": "; ".join(text for text in (reason_words(entry["reason"]), entry["note"]) if text),
            "seen": "after the comparison" if entry["revealed"] else "before it",
            "is_open": entry["review_id"] in open_ids,
            "state": _state(laid, entry, later),
        }
        for entry in said[(page - 1) * A_PAGE : page * A_PAGE]
    ]  # fmt: skip
    visit.note(decisions=len(said))
    return visit.page(
        "review/decisions.html", rows=rows, own=own, page=page, pages=pages, total=len(said),
        contradictions=find_contradictions(standing(laid.entries)),
    )  # fmt: skip


def agree(visit: Visit) -> Response:
    """How far two people agree, what each reviewer's answers came to, and how often the wash was right without them."""
    laid = lay(visit)
    questions = list(laid.opinions.values())
    changes: dict[str, int] = {}
    for entry in laid.entries:
        if entry["event"] == DECIDED and entry["supersedes"]:
            changes[entry["decided_by"]] = changes.get(entry["decided_by"], 0) + 1
    shares = agreement.estimate_shares(questions)
    both = agreement.measure_agreement(questions)
    visit.note(questions=len(questions), both=both.both)
    return visit.page(
        "review/agreement.html",
        both=both,
        reviewers=agreement.list_reviewers(questions, changes),
        shares=[share._asdict() | {"way": WAYS[share.settled]} for share in shares],
        precision=agreement.estimate_precision(shares),
        second_share=visit.site.settings.reviewing.second_share,
    )


def download(visit: Visit) -> Response:
    """What waits for this person, as a workbook to fill in."""
    waiting = lay(visit).waiting(visit.person.name, visit.query.get(SOURCE, ""))
    cover = visit.run.cover(TITLE, (f"Downloaded by {visit.person.name}.",))
    data = make_workbook(visit.run, waiting, cover)
    visit.note(questions=len(waiting), bytes=len(data))
    return visit.download(data, f"review-{visit.run.manifest.as_of}-{visit.run.run_id}.xlsx", XLSX)


def upload(visit: Visit) -> Response:
    """Take the answers of a workbook, and say what became of each row."""
    file = visit.files.get("file")
    if file is None or not file.filename:
        return _not_taken(visit, "Choose the workbook with your answers first, and send it again.")
    try:
        rows = take_workbook(visit.site.outputs, lay(visit), file.file.read(), reviewer(visit, "workbook"))
    except (UsageError, ExtractRefusedError) as error:
        return _not_taken(visit, str(error))
    taken = sum(row.taken for row in rows)
    visit.note(rows=len(rows), taken=taken)
    return visit.page("review/taken.html", rows=rows, taken=taken, trouble="")


def _not_taken(visit: Visit, trouble: str) -> Response:
    visit.note(rows=0, taken=0)
    return visit.page("review/taken.html", status=422, rows=[], taken=0, trouble=trouble)


def _state(laid: Desk, entry: Entry, later: set[str]) -> str:
    """What became of a decision so far: taken back, or how far its question has come."""
    if entry["decision_id"] in later:
        return "changed since"
    question = next((one for one in laid.opinions.values() if entry in one.latest), None)
    return STATUSES[question.status] if question else "changed since"
