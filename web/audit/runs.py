"""The runs: their list, one's manifest in words, and whether one still is what it was; shows nobody's data."""

from collections.abc import Iterable, Mapping
from typing import Any

from starlette.responses import Response

from pipeline.record.audit_log import read_log
from pipeline.record.audit_search import Found, Sought, find_events, seek_events
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import pointer_to, published_runs
from pipeline.record.verify import verify_run
from pipeline.retention.told import purged_of, without_previous
from reports.packs.wording import moment
from schemas.errors import IntegrityError
from web.audit import manifest as words
from web.audit.events import event_words
from web.audit.facts import tell_facts
from web.published import Published, run_called
from web.visit import Visit


LAST = 10
DONE_AT_PAGES = (b"verified", b"replay_started", b"replay_stopped")
"""What is done with a run at its pages; the other events of pages are looks at it."""


def list_runs(visit: Visit) -> Response:
    """The published runs, the latest first, with what they found and what was done with them."""
    runs = [(folder.name, read_manifest(folder)) for folder in reversed(published_runs(visit.site.outputs))]
    log = read_log(visit.site.outputs)
    events = [one for event in ("wash_published", "verified") for one in find_events(log, Sought(event=event))]
    rows = [_row(name, manifest, [one for one in events if one.run_id == manifest.run_id]) for name, manifest in runs]
    visit.note(runs=len(rows))
    return visit.page("audit/runs.html", rows=rows)


def show_run(visit: Visit) -> Response:
    """A run's manifest in words."""
    run = chosen(visit)
    manifest, done = run.manifest, done_with(visit, run)
    return visit.page(
        "audit/run.html",
        one=run,
        about=words.about(manifest, told(done, "wash_published")),
        inputs=words.inputs(manifest),
        quarantined=words.quarantined(run),
        figures=words.changed_figures(run),
        settings=words.own_settings(run),
        stages=words.stages(manifest),
        warnings=words.warnings(manifest),
        previous=_previous(run),
        marked=manifest.rights is not None,
        purged=purged_of(run.folder, manifest).notes,
        done=[_event(one) for one in done[:LAST]],
    )


def ask_verify(visit: Visit) -> Response:
    """What verifying means, when it was done last, and the button."""
    run = chosen(visit)
    return visit.page("audit/verify.html", one=run, last=_verified(done_with(visit, run)), found=None, problems=())


def verify_now(visit: Visit) -> Response:
    """Hash everything that the run's manifest names, and say what was found."""
    run = chosen(visit)
    found, problems, digest = None, [], ""
    try:
        found, digest = verify_run(run.folder), pointer_to(run.folder).sha256
    except IntegrityError as error:
        problems = str(error).splitlines()
    visit.note(sound="no" if problems else "yes")
    return visit.page("audit/verify.html", one=run, last="", found=found, problems=problems, digest=digest)


def chosen(visit: Visit) -> Published:
    """The run that the address names; the visit is recorded as being about it."""
    run = run_called(visit.site.outputs, visit.part("run"))
    visit.note(run_id=run.run_id)
    return run


def done_with(visit: Visit, run: Published) -> list[Found]:
    """What was done with a run, newest first: not who looked at its pages."""
    lines = seek_events(read_log(visit.site.outputs), Sought(run=run.run_id))
    done = [place for place in lines.places if _is_done(lines.lines[place])]
    events = lines._replace(places=done).page(1, max(len(done), 1))
    return [one for one in events if one.run_id == run.run_id]


def told(events: Iterable[Found], event: str) -> str:
    """When something was done last and by whom; nothing where the log does not have it."""
    last = next((one for one in events if one.event == event), None)
    return f"{moment(last.at)}, by {last.who}" if last else ""


def _row(name: str, manifest: Manifest, events: list[Found]) -> dict[str, Any]:
    return {
        "run": name,
        "as_of": manifest.as_of,
        "families": manifest.table("master_list").rows,
        "undetermined": manifest.table("undetermined").rows,
        "washed": told(events, "wash_published"),
        "verified": _verified(events),
    }


def _verified(events: Iterable[Found]) -> str:
    events = list(events)
    last = next((one for one in events if one.event == "verified"), None)
    if last is None:
        return ""
    return told(events, "verified") + (": not what it was" if last.facts.get("sound") == "no" else ": sound")


def _previous(run: Published) -> Mapping[str, Any] | None:
    """The run that this one followed, whether it is here, and what is said where it is not."""
    before = run.manifest.previous
    if before is None:
        return None
    gone = without_previous(run.folder, run.manifest)
    return {"name": before.name, "sha256": before.sha256, "here": gone is None, "gone": gone}


def _is_done(line: bytes) -> bool:
    return b'"page": ' not in line or any(b'"event": "%b"' % event in line for event in DONE_AT_PAGES)


def _event(one: Found) -> dict[str, Any]:
    facts = ", ".join(told.words for told in tell_facts(one.facts))
    return {"line": one.line, "at": moment(one.at), "who": one.who, "event": event_words(one.event), "facts": facts}


