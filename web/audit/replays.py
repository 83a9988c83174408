"""A replay from the page: started by an auditor, followed stage by stage, and what it compared; decides no result."""

from typing import Any

from starlette.responses import Response

from pipeline.record.manifest import Manifest
from pipeline.replays import VERIFY, Replay, State, list_replays, read_replay, start_replay, stop_replay
from reports.packs.wording import moment
from web.audit.runs import chosen
from web.published import run_called
from web.visit import NotFoundError, Visit


EVERY = 3
"""After how many seconds the page of a running replay is loaded again."""

STATES = {
    State.RUNNING: ("Running", "blue"),
    State.EQUAL: ("Equal", "green"),
    State.DIFFERS: ("Differs", "red"),
    State.FAILED: ("Not done", "orange"),
    State.STOPPED: ("Stopped before its end", "orange"),
}


def ask_replay(visit: Visit) -> Response:
    """What a replay is, those of this run, and the button."""
    run = chosen(visit)
    earlier = list_replays(visit.site.outputs, run.folder.name)
    running = next((one for one in list_replays(visit.site.outputs) if one.state is State.RUNNING), None)
    took = sum(run.manifest.timings.values())
    return visit.page("audit/ask_replay.html", one=run, earlier=[_line(one) for one in earlier], running=running,
                      seconds=round(took))


def start(visit: Visit) -> Response:
    """Start the replay, and go on to its page."""
    run = chosen(visit)
    number = start_replay(visit.site.outputs, run.folder, visit.person.name)
    visit.note(replay=number)
    return visit.go("replay", number=number)


def show_replay(visit: Visit) -> Response:
    """How far a replay is, or what came of it. While it runs the page loads itself again, unless asked not to."""
    one = _asked(visit)
    manifest = run_called(visit.site.outputs, one.run).manifest
    again = one.state is State.RUNNING and visit.query.get("reload") != "no"
    steps = _steps(one, manifest)
    answer = visit.page(
        "audit/replay.html", one=one, line=_line(one), steps=steps, done=sum(step["done"] for step in steps),
        compared=_compared(one), again=again, every=EVERY, result=one.result, share=_share(one, manifest),
    )
    if again:
        answer.headers["refresh"] = str(EVERY)
    return answer


def stop(visit: Visit) -> Response:
    """End a replay that is running."""
    one = _asked(visit)
    visit.note(replay=one.number, run_id=one.run.split("-", 3)[-1])
    stop_replay(visit.site.outputs, one.number)
    return visit.go("replay", number=one.number)


def _asked(visit: Visit) -> Replay:
    number = visit.part("number")
    if not (number.isdecimal() and len(number) < 10):
        raise NotFoundError("There is no such replay.")
    return read_replay(visit.site.outputs, int(number))


def _line(one: Replay) -> dict[str, Any]:
    word, colour = STATES[one.state]
    return {"number": one.number, "run": one.run, "at": moment(one.at), "who": one.who, "state": word, "kind": colour}


def _steps(one: Replay, manifest: Manifest) -> list[dict[str, Any]]:
    """Every step of the replay in its order: how long it took in the wash, and now, and how it stands."""
    now = {step.name: step.seconds for step in one.steps}
    names = [VERIFY, *(stage.name for stage in manifest.stages)]
    return [
        {"name": "check the run and its archive" if name == VERIFY else name, "then": manifest.timings.get(name),
         "now": now.get(name), "state": _step_state(name, now, one.state), "done": now.get(name) is not None}
        for name in names
    ]


def _step_state(name: str, now: dict[str, float | None], state: State) -> str:
    if name not in now:
        return "to come" if state is State.RUNNING else "not begun"
    if now[name] is None:
        return "running" if state is State.RUNNING else "not finished"
    return "done"


def _share(one: Replay, manifest: Manifest) -> int:
    """How much of the work is done, in percent, by what each stage took in the wash."""
    whole = sum(manifest.timings.values())
    done = sum(manifest.timings.get(step.name, 0) for step in one.steps if step.seconds is not None)
    return round(100 * done / whole) if whole else 0


def _compared(one: Replay) -> list[dict[str, Any]]:
    """What was compared, differences first."""
    rows = [
        {"stage": row["stage"], "name": row["name"], "kind": "file" if row["is_file"] else "table",
         "then": row["rows_then"], "now": row["rows_now"], "same": row["same"]}
        for row in one.result.get("compared", ())
    ]
    return sorted(rows, key=lambda row: row["same"])
