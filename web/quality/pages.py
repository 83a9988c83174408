"""What came in with a run and what came of it, as pages: the same pictures and counts as the run's own report."""

from starlette.responses import Response

from pipeline.run_report import REPORT
from reports.page import Section
from reports.quality.areas import areas_section
from reports.quality.arrivals import arrivals_section, gaps
from reports.quality.cards import EVERY, arrived, card, empty_fields, worth_a_look
from reports.quality.families import change_section, families_section
from reports.quality.linking import linking_section
from web.quality.counts import counts_of
from web.visit import HTML, NotFoundError, Visit


def quality(visit: Visit) -> Response:
    """What to look at first, which extracts came, and what the schools sent."""
    counted = counts_of(visit.site.outputs, visit.run)
    return visit.page(
        "quality/quality.html",
        looks=[*worth_a_look(counted), *([("schools", said)] if (said := gaps(counted.coverage)) else [])],
        extracts=arrived(counted).to_dict("records"),
        every=EVERY,
        sections=[arrivals_section(counted), Section("How full the fields are", empty_fields(counted))],
    )


def extract(visit: Visit) -> Response:
    """The quality card of one extract."""
    counted, name = counts_of(visit.site.outputs, visit.run), visit.part("extract")
    if name not in counted.extracts.counts:
        raise NotFoundError("This run was not given such an extract.")
    visit.note(extract=name)
    return visit.page("quality/extract.html", card=card(counted.extracts, counted.before, name))


def change(visit: Visit) -> Response:
    """The way from rows to families, which criteria make them eligible, and what changed since the previous list."""
    counted = counts_of(visit.site.outputs, visit.run)
    sections = [change_section(counted), families_section(counted), areas_section(counted.areas)]
    return visit.page("quality/change.html", sections=[section for section in sections if section and section.figures])


def linkage(visit: Visit) -> Response:
    """How sure the links are."""
    return visit.page("quality/linkage.html", sections=[linking_section(counts_of(visit.site.outputs, visit.run))])


def report(visit: Visit) -> Response:
    """The run's own report, to save: one file with every picture."""
    run = visit.run
    if not (run.folder / REPORT).exists():
        raise NotFoundError("This run has no report: an earlier version washed it. Wash its extracts again.")
    data = (run.sound(REPORT) / REPORT).read_bytes()
    visit.note(file=REPORT, bytes=len(data))
    return visit.download(data, f"report-{run.folder.name}.html", HTML)
