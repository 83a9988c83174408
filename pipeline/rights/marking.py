"""Marks somebody for the next washes: seeks them in every run, keeps digests of what rows say, and their ids."""

from pathlib import Path

from pipeline.record.audit_log import record_event
from pipeline.rights.marks import Effect, Mark, add_mark, check_rights, lift_mark
from pipeline.rights.sought import Sought
from pipeline.rights.traits import digests, make_rights_key, plain_name
from schemas.errors import UsageError


def mark_person(outputs: Path, sought: Sought, effect: Effect, reason: str) -> Mark:
    """Mark whoever was sought. The rights file holds digests and ids, never what rows say."""
    if not sought.traits:
        raise UsageError("Nothing is known by which this person could be told from others.")
    _refuse_names(sought, reason)
    check_rights(outputs)
    key = make_rights_key(outputs)
    coded = {code for kind, text in sought.traits for code in digests([text], kind, key).values()}
    mark = add_mark(outputs, effect, coded, sought.people, reason)
    record_event(outputs, "person_marked", "rights", mark=mark.mark, effect=str(effect))
    return mark


def lift(outputs: Path, mark: str, reason: str) -> None:
    """Lift a mark. UsageError where none of that id stands."""
    check_rights(outputs)
    lift_mark(outputs, mark, reason)
    record_event(outputs, "person_unmarked", "rights", mark=mark)


def _refuse_names(sought: Sought, reason: str) -> None:
    """A reason stands in the rights file as it is written: it must not name whom the file must not name."""
    said = {plain_name(word) for word in reason.split()}
    names = {part for kind, text in sought.traits if kind in ("born", "home") for part in text.split("|")[:2]}
    if said & names:
        raise UsageError("The reason names the person, and is kept: give it without names.")
