"""The pages of review: the desk, a question, an answer, back a step, what was decided; decides who is asked nothing."""

from datetime import date

from starlette.responses import Response

from pipeline.decisions.answering import Given, Reviewer, Taken, has_revealed, last_of, record_answers, record_reveal
from pipeline.decisions.contradictions import find_contradictions
from pipeline.decisions.opinions import UNSURE, standing
from pipeline.decisions.reasons import reasons_for
from pipeline.record.manifest import digest_of
from schemas.words import ReviewKind
from web.review import shown
from web.review.desk import Desk, Put, lay_out, measure, sources_of
from web.visit import NotFoundError, Visit


SOURCE = "source"
SAID = {
    Taken.TAKEN: "Your answer was kept.",
    Taken.CHANGED: "Your new answer was kept, beside the one before it.",
    Taken.ALREADY: "That answer had been kept already.",
    Taken.STALE: "You have answered this question since. Your earlier answer was left as it is; look at it below.",
    Taken.REFERRED: "You were not sure, so a colleague decides this one. Your answer was left as it is.",
    Taken.NOT_NEEDED: "Somebody else has answered meanwhile, and no further answer is needed.",
    Taken.WRONG: "Choose an answer. A note may have 500 characters.",
}
NEXT = (Taken.TAKEN, Taken.CHANGED, Taken.ALREADY, Taken.NOT_NEEDED)


def desk(visit: Visit) -> Response:
    """What there is to review, how far it has come, and where to go on."""
    laid, source = lay(visit), visit.query.get(SOURCE, "")
    name = visit.person.name
    told = measure(laid, name, source)
    visit.note(waiting=told.waiting, questions=told.every)
    return visit.page(
        "review/desk.html",
        progress=told,
        source=source,
        sources=sources_of(laid),
        contradictions=find_contradictions(standing(laid.entries)),
        again=sum(one.why.startswith("record changed") for one in laid.waiting(name)),
        last=last_of(laid.entries, name),
    )


def go_on(visit: Visit) -> Response:
    """To the next question that waits for this person."""
    source = visit.query.get(SOURCE, "")
    waiting = lay(visit).waiting(visit.person.name, source)
    query = {SOURCE: source, "kept": visit.query.get("kept", ""), "after": visit.query.get("after", "")}
    if not waiting:
        return visit.go("review", query={SOURCE: source})
    return visit.go("review_question", query=query, review_id=waiting[0].asked.review_id)


def go_back(visit: Visit) -> Response:
    """To the question that this person answered last."""
    laid = lay(visit)
    last = last_of(laid.entries, visit.person.name)
    known = [one for one in laid.put if last and laid.opinion(one) and last in laid.opinions[one.asked.key].latest]
    if not known:
        return visit.go("review")
    return visit.go("review_question", query={SOURCE: visit.query.get(SOURCE, "")}, review_id=known[0].asked.review_id)


def question(visit: Visit) -> Response:
    """A question: blind at first; how the records compare for who has answered it, or asked to see it."""
    laid = lay(visit)
    return _asked(visit, laid, _wanted(visit, laid))


def answer(visit: Visit) -> Response:
    """Take an answer, and go on to the next question."""
    laid = lay(visit)
    one = _wanted(visit, laid)
    given = Given(*(visit.form.get(name, "").strip() for name in ("answer", "reason", "note", "after")))
    (taken,) = record_answers(visit.site.outputs, [(one.asked, given)], reviewer(visit))
    visit.note(review_id=one.asked.review_id, outcome=taken)
    if taken not in NEXT:
        return _asked(visit, lay(visit), one, taken=taken, given=given)
    query = {SOURCE: visit.form.get(SOURCE, ""), "kept": str(taken), "after": one.asked.review_id}
    return visit.go("review_next", query=query)


def reveal(visit: Visit) -> Response:
    """Show how the two records compare, and remember whether that was before the first answer."""
    laid = lay(visit)
    one = _wanted(visit, laid)
    before = record_reveal(visit.site.outputs, one.asked, reviewer(visit))
    visit.note(review_id=one.asked.review_id, before_answer=int(before))
    return visit.go("review_question", query={SOURCE: visit.form.get(SOURCE, "")}, review_id=one.asked.review_id)


def lay(visit: Visit) -> Desk:
    """The desk as things stand now."""
    return lay_out(visit.run, visit.site.outputs, visit.site.settings.reviewing.second_share)


def reviewer(visit: Visit, via: str = "page") -> Reviewer:
    """Who answers, of which run."""
    model = digest_of(visit.run.manifest.model)[:12]
    return Reviewer(visit.person.name, date.today(), visit.run.run_id, model, via)


def _wanted(visit: Visit, laid: Desk) -> Put:
    one = laid.find(visit.part("review_id"))
    if one is None:
        raise NotFoundError("There is no such question in the latest wash. It may have been settled since.")
    return one


def _asked(
    visit: Visit, laid: Desk, one: Put, *, taken: Taken | None = None, given: Given | None = None
) -> Response:
    name, source = visit.person.name, visit.query.get(SOURCE, "") or visit.form.get(SOURCE, "")
    opinion = laid.opinion(one)
    mine = opinion.of(name) if opinion else None
    open_to_me = one in laid.waiting(name) or mine is not None
    revealed = mine is not None or has_revealed(laid.entries, one.asked.key, name)
    visit.note(review_id=one.asked.review_id, revealed=int(revealed))
    kept = visit.query.get("kept", "")
    return visit.page(
        "review/question.html",
        status=422 if taken else 200,
        one=one,
        heading=shown.ASKS[ReviewKind(one.asked.kind)],
        choices=(*shown.ANSWERS[ReviewKind(one.asked.kind)], (UNSURE, shown.UNSURE_WORDS)),
        reasons=reasons_for(one.asked.kind),
        shown=shown.show(visit.run, one),
        compared=shown.compare(visit.run, one) if revealed else None,
        fields=shown.FIELDS,
        effects=shown.EFFECTS,
        progress=measure(laid, name, source),
        source=source,
        mine=mine,
        last=last_of(laid.entries, name),
        open_to_me=open_to_me,
        given=given,
        trouble=SAID[taken] if taken else None,
        kept=SAID[Taken(kept)] if kept in list(Taken) else None,
        kept_answer=_kept_answer(laid, visit),
    )


def _kept_answer(laid: Desk, visit: Visit) -> str:
    """The answer that was just kept, in words."""
    one = laid.find(visit.query.get("after", ""))
    opinion = laid.opinion(one) if one else None
    mine = opinion.of(visit.person.name) if opinion else None
    return shown.ANSWER_WORDS.get(mine["answer"], "") if mine else ""
