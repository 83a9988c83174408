"""What came in with a run and what came of it, as pages: the same pictures and counts as the run's own report."""

from io import BytesIO

from starlette.responses import Response

from pipeline.run_report import REPORT
from reports.quality.cards import EVERY, card, extract_words, field_words
from reports.quality.linking import linking_section
from reports.workbook import Sheet, write_workbook
from web.quality.counts import came_in, changed, counts_of
from web.visit import HTML, XLSX, NotFoundError, Visit


PLACE = ("file", "row_number")


def quality(visit: Visit) -> Response:
    """What to look at first, which extracts came, and what the schools sent."""
    return visit.page("quality/quality.html", every=EVERY, **came_in(visit.site.outputs, visit.run)._asdict())


def extract(visit: Visit) -> Response:
    """The quality card of one extract."""
    name = _given(visit)
    counted = counts_of(visit.site.outputs, visit.run)
    rejected = counted.extracts.counted(name, "rows_quarantined")
    told = card(counted.extracts, counted.before, name)
    return visit.page("quality/extract.html", card=told, rejected=rejected)


def rejected(visit: Visit) -> Response:
    """The rejected rows of one extract, to send to whoever made it: where each stands and why, and no value of it."""
    name = _given(visit)
    rows = visit.run.table("quarantine")
    rows = rows[rows["extract"] == name].sort_values(list(PLACE), ignore_index=True)
    columns = [field_words(column) if isinstance(column, str) else None for column in rows["column"]]
    shown = rows[[*PLACE, "column"]].assign(column=columns, why=rows["message"])
    title = f"Rejected rows: {extract_words(name)}"
    notes = ("The row number is that of the file as a spreadsheet shows it. What the rows say does not stand here.",
             f"Asked for by {visit.person.name}.")
    file = BytesIO()
    write_workbook(file, visit.run.cover(title, notes), [Sheet("Rejected rows", shown)])
    visit.note(rows=len(shown))
    return visit.download(file.getvalue(), f"rejected-{name}-{visit.run.folder.name}.xlsx", XLSX)


def change(visit: Visit) -> Response:
    """The way from rows to families, which criteria make them eligible, and what changed since the previous list."""
    return visit.page("quality/change.html", sections=changed(visit.site.outputs, visit.run))


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


def _given(visit: Visit) -> str:
    """The extract that the address names, which the run was given."""
    name = visit.part("extract")
    if f"ingest {name}" not in {stage.name for stage in visit.run.manifest.stages}:
        raise NotFoundError("This run was not given such an extract.")
    visit.note(extract=name)
    return name
