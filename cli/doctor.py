"""`datawash doctor`: what was found out about this machine, in words; decides which finding fails the command."""

from pathlib import Path

from cli.say import Report, many
from pipeline.doctor import Finding, State, examine
from schemas.errors import StorageError


MARKS = {State.GOOD: "ok", State.UNKNOWN: "??", State.LOOK: "look", State.WRONG: "WRONG"}


def tell_health(outputs: Path) -> Report:
    """Every finding, and how many are wrong; the exit code is that of trouble with a folder where one is."""
    found = examine(outputs)
    wrong = sum(one.state is State.WRONG for one in found)
    facts = {"sound": not wrong, "findings": [{**one._asdict(), "state": one.state.value} for one in found]}
    lines = [line for one in found for line in _lines(one)]
    last = f"{many(wrong, 'thing')} to mend before families' data is here." if wrong else "Nothing is wrong."
    return Report(facts, [*lines, last], StorageError.exit_code if wrong else 0)


def _lines(one: Finding) -> list[str]:
    line = f"{MARKS[one.state]:5}  {one.question}: {one.said}"
    return [line, f"       {one.remedy}"] if one.remedy else [line]
