"""The pages of a family and of a person, and the family's evidence pack as a file; decides no facts and no words."""

import hashlib
from typing import Literal, cast

from markupsafe import Markup
from starlette.responses import Response

from pipeline.evidence_pack import family_case, make_pack, pack_file
from pipeline.explained.since import run_before
from reports.packs.drawing import draw_picture
from reports.packs.shape import Grid, Picture, Says
from reports.packs.timeline import time_line
from web.family.person import show_person
from web.family.seen import Gone, family_asked, person_asked
from web.family.shown import lapsed_words, show_family, standing_words
from web.published import run_called
from web.visit import PDF, XLSX, NotFoundError, Visit


KINDS = {"pdf": PDF, "xlsx": XLSX}


def family(visit: Visit) -> Response:
    """A family: its members, verdicts with their facts, how its household was built, what changed, its cases."""
    asked = family_asked(visit)
    if isinstance(asked, Gone):
        return visit.page("family/gone.html", gone=asked, lapsed=lapsed_words(asked.change))
    before = run_before(visit.run.folder)
    if before is not None:
        run_called(visit.site.outputs, before.name).sound("tables")
    shown = show_family(visit.run.folder, asked, visit.run.manifest.as_of)
    return visit.page("family/family.html", shown=shown, standing=standing_words(shown))


def history(visit: Visit) -> Response:
    """Everything dated that the run holds of a family, whether it counted or not, as a picture and day by day."""
    asked = _known(family_asked(visit))
    parts = time_line(family_case(visit.run.sound("clean"), asked))
    picture = next((part for part in parts if isinstance(part, Picture)), None)
    drawn = Markup(draw_picture(picture)) if picture else None  # noqa: S704 - the template escapes every word
    grids = [part for part in parts if isinstance(part, Grid)]
    says = [part.text for part in parts if isinstance(part, Says)]
    return visit.page("family/history.html", family_id=asked, drawing=picture, drawn=drawn, grids=grids, says=says)


def pack(visit: Visit) -> Response:
    """The evidence pack of a family as a file; its digest is in the audit log before it leaves."""
    form = visit.part("form")
    if form not in KINDS:
        raise NotFoundError("A pack comes as pdf or xlsx.")
    made = make_pack(visit.run.sound("clean"), _known(family_asked(visit)))
    data = pack_file(made, cast(Literal["pdf", "xlsx"], form))
    visit.note(what=made.name, form=form, sha256=hashlib.sha256(data).hexdigest())
    return visit.download(data, f"evidence-pack-{made.name}-{visit.run.folder.name}.{form}", KINDS[form])


def person(visit: Visit) -> Response:
    """Why a person is here: their records, what joined them, what was looked at and not joined, and their household."""
    asked = person_asked(visit)
    return visit.page("family/person.html", shown=show_person(visit.run.folder, asked))


def _known(asked: str | Gone) -> str:
    if isinstance(asked, Gone):
        raise NotFoundError("The latest wash does not have this family any more.")
    return asked
