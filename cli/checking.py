"""The commands that check what was published, and open it: names and options; imports nothing that is slow to load."""

from pathlib import Path
from typing import Any

import click

from cli import arguments
from cli.say import tell


@click.command("open")
@arguments.run_name
@click.argument("file", metavar="FILE")
@click.option("--out", type=arguments.FILE, metavar="PATH", required=True, help="Where to write it.")
@click.option("--for", "recipient", metavar="NAME", help="With ids that NAME alone gets: datawash keys recipient.")
@arguments.outputs
@arguments.as_json
def open_file(run: str, file: str, out: Path, recipient: str | None, outputs: Path, as_json: bool) -> int:
    """Write FILE of RUN, such as master_list.xlsx, clear to PATH.

    For a run whose lists stand encrypted, and for a list that leaves the team. The audit log has each.
    """
    from cli.opening import open_list

    return tell(open_list(outputs, run, file, out, recipient), as_json=as_json)


@click.command()
@arguments.run_name
@click.option("--settings", type=arguments.EXISTING, metavar="FILE", help="Settings that name who may have signed it.")
@arguments.outputs
@arguments.as_json
def verify(run: str, settings: Path | None, outputs: Path, as_json: bool) -> int:
    """Check that RUN and the extracts behind it are what they were.

    It says whose signature RUN bears, too. With --settings it must be that of somebody whom FILE names.
    """
    from cli.audit import verify_again

    return tell(verify_again(outputs, run, settings), as_json=as_json)


@click.command()
@click.option("--who", default="", metavar="NAME", help="What this person did.")
@click.option("--about", default="", metavar="FAMILY|PERSON", help="What names this family, household or person.")
@click.option("--run", default="", metavar="RUN", help="What was done with this run.")
@click.option("--event", default="", metavar="EVENT", help="What is called so, as --json names it.")
@click.option("--since", type=arguments.Day(), metavar="YYYY-MM-DD", help="From this day on.")
@click.option("--until", type=arguments.Day(), metavar="YYYY-MM-DD", help="Up to this day.")
@click.option("--last", type=click.IntRange(1), default=50, show_default=True, metavar="N", help="How many at most.")
@click.option("--check", "checked", is_flag=True, help="List no events: only say whether the log is whole, and signed.")
@click.option("--seen", multiple=True, metavar="N:DIGEST", help="With --check: what a file says after `Audit log`.")
@arguments.outputs
@arguments.as_json
def audit(last: int, checked: bool, seen: tuple[str, ...], outputs: Path, as_json: bool, **sought: Any) -> int:
    """Say who did what with the runs.

    Newest first; and whether the audit log is whole. A list that held a family among others is not found by --about:
    look for its event.
    """
    from cli.audit_events import tell_check, tell_events
    from pipeline.record.audit_search import Sought

    if checked:
        return tell(tell_check(outputs, seen), as_json=as_json)
    return tell(tell_events(outputs, Sought(**sought), last), as_json=as_json)
