"""`datawash subject` and what hangs below it: names and options; imports nothing that is slow to load."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from cli import arguments
from cli.retaining import reason_of
from cli.say import tell


@click.group()
def subject() -> None:
    """Answer somebody who asks about their own data.

    What is held about them, that it be erased, that it be left alone.

    A person is meant by the id that a run gives them, or by a file of what is known of them, a row for each name or
    address: never by a name on the command line, where others of this machine can read it.

    \b
    datawash subject held P0000001 --out answer.xlsx     everything that is held about a person
    datawash subject held --of who.csv --out answer.json the same, of whoever the file means
    datawash subject restrict --of who.csv --reason TEXT the next washes leave them alone
    datawash subject erase --of who.csv --reason TEXT    the next washes drop their rows as they come in
    """


def _meant(command: Callable[..., Any]) -> Callable[..., Any]:
    """The arguments that say who is meant."""
    for option in (
        arguments.as_json,
        arguments.outputs,
        click.option("--run", default="latest", show_default=True, metavar="RUN", help="The run that PERSON is of."),
        click.option("--of", "details", type=arguments.EXISTING, metavar="FILE", help="What is known, as CSV or XLSX."),
        click.argument("who", metavar="[PERSON]", required=False),
    ):
        command = option(command)
    return command


@subject.command()
@_meant
@click.option("--out", type=arguments.FILE, required=True, metavar="FILE", help="Where to write it: .xlsx or .json.")
def held(out: Path, outputs: Path, as_json: bool, **meant: Any) -> int:
    """Write everything that is held about a person, across runs, for an access request.

    Rows of extracts, taken in or not, tables of every run, decisions, claims, packs, and what the audit log has. Read
    it before it is handed over: some of it is about others too.
    """
    from cli.subjects import tell_held

    return tell(tell_held(outputs, out, **meant), as_json=as_json)


@subject.command()
@_meant
@reason_of
def erase(reason: str, outputs: Path, as_json: bool, **meant: Any) -> int:
    """Have the next washes drop a person's rows as they come in.

    What published runs and archived extracts hold stays until it is purged; subject held says where it is.
    """
    from cli.subjects import mark

    return tell(mark(outputs, "erase", reason, **meant), as_json=as_json)


@subject.command()
@_meant
@reason_of
def restrict(reason: str, outputs: Path, as_json: bool, **meant: Any) -> int:
    """Have the next washes leave a person alone: stored, but in no household, no evidence and no list."""
    from cli.subjects import mark

    return tell(mark(outputs, "restrict", reason, **meant), as_json=as_json)


@subject.command()
@click.argument("mark", metavar="MARK")
@reason_of
@arguments.outputs
@arguments.as_json
def lift(mark: str, reason: str, outputs: Path, as_json: bool) -> int:
    """Lift MARK, an id such as R0000001: the next wash takes the person in as any other."""
    from cli.subjects import lift_mark

    return tell(lift_mark(outputs, mark, reason), as_json=as_json)


@subject.command()
@arguments.outputs
@arguments.as_json
def marks(outputs: Path, as_json: bool) -> int:
    """List the marks that stand; they name nobody."""
    from cli.subjects import list_marks

    return tell(list_marks(outputs), as_json=as_json)
