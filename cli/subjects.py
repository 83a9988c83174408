"""`datawash subject`: what is held, what is marked, in counts and ids; no word of it names a person."""

from pathlib import Path

from cli.lookup import find_run
from cli.say import Report, many, table
from pipeline.rights.answer import answer_request
from pipeline.rights.marking import lift, mark_person
from pipeline.rights.marks import MARKED, Effect, read_rights, standing
from pipeline.rights.sought import Sought, seek_by_details, seek_by_id
from schemas.errors import UsageError


BY_POSTCODE = (
    "A name and a postcode find only rows without a date of birth: where rows with one have them, this does not tell. "
    "Add date_of_birth, upn or nino, and ask again."
)
DOES = {
    Effect.ERASE: "The next washes drop their rows as they come in, and count them.",
    Effect.RESTRICT: "The next washes keep their rows, and have them in no household, no evidence and no list.",
}


def tell_held(outputs: Path, out: Path, who: str | None, details: Path | None, run: str) -> Report:
    """Write everything held about a person, and say how much there is."""
    sought = _sought(outputs, who, details, run)
    done = answer_request(outputs, sought, out)
    rows = [(name.replace("_", " "), f"{count:,}") for name, count in done.counts.items()]
    said = table([("what", "lines"), *rows]) if rows else ["Nothing is held about them."]
    return Report({"file": str(done.file), "lines": done.counts, "by_postcode_alone": sought.by_postcode_alone},
                  [*said, *_narrow(sought), "", f"It stands in {done.file}. Read it before it is handed over."])


def mark(outputs: Path, effect: str, reason: str, who: str | None, details: Path | None, run: str) -> Report:
    """Mark a person for the next washes."""
    sought = _sought(outputs, who, details, run)
    made = mark_person(outputs, sought, Effect(effect), reason)
    known = f"{many(len(sought.people), 'run')} so far hold them" if sought.people else "No run so far holds them"
    return Report(
        {"mark": made.mark, "effect": str(made.effect), "runs": {run: list(ids) for run, ids in sought.people.items()}},
        [f"{made.mark}: {DOES[made.effect]}", f"{known}: datawash subject held says where, and datawash purge "
         "removes runs and extracts.", *_narrow(sought)],
    )


def lift_mark(outputs: Path, name: str, reason: str) -> Report:
    """Lift a mark."""
    lift(outputs, name, reason)
    return Report({"mark": name, "lifted": True}, [f"{name} is lifted: the next wash takes them in as any other."])


def list_marks(outputs: Path) -> Report:
    """The marks that stand."""
    entries = read_rights(outputs)
    made = {entry["mark"]: entry for entry in entries if entry["event"] == MARKED}
    rows = [(one.mark, str(one.effect), made[one.mark]["at"][:10], made[one.mark]["who"], made[one.mark]["reason"])
            for one in standing(entries)]
    said = table([("mark", "effect", "since", "by", "reason"), *rows]) if rows else ["No mark stands."]
    facts = [dict(zip(("mark", "effect", "since", "by", "reason"), row, strict=True)) for row in rows]
    return Report({"marks": facts}, said)


def _narrow(sought: Sought) -> list[str]:
    return [BY_POSTCODE] if sought.by_postcode_alone else []


def _sought(outputs: Path, who: str | None, details: Path | None, run: str) -> Sought:
    if (who is None) == (details is None):
        raise UsageError("Say who is meant: by an id such as P0000001, or by --of FILE.")
    if details is not None:
        return seek_by_details(outputs, details)
    return seek_by_id(outputs, find_run(outputs, run), str(who).upper())
