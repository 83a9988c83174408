"""`datawash explain`: which explanation an id asks for; each look at a family or a person is in the audit log."""

from pathlib import Path

from cli.family import explain_family
from cli.lookup import find_run
from cli.person import explain_person
from cli.say import Report
from cli.trail import leave_trail
from schemas.errors import UsageError


EXPLAIN = {"F": explain_family, "H": explain_family, "P": explain_person}


def explain_id(outputs: Path, name: str, who: str) -> Report:
    """Explain the family, household or person of a run whose id is `who`; UsageError where there is none."""
    folder = find_run(outputs, name)
    explain = EXPLAIN.get(who[:1].upper())
    if explain is None:
        raise UsageError("Say which family or person by its id, such as F0000001, H0000001 or P0000001.")
    report = explain(folder, who.upper())
    if report is None:
        raise UsageError(f"Run {folder.name} has no {who.upper()}. Take an id from one of its lists.")
    leave_trail(folder, "explained", what=who.upper())
    return report
