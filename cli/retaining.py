"""`datawash purge` and `datawash hold`: names and options; imports nothing that is slow to load."""

from pathlib import Path

import click

from cli import arguments
from cli.say import tell


CLASSES = ("temp", "replays", "reports", "packs", "lists", "restricted", "extracts", "runs")
reason_of = click.option("--reason", metavar="TEXT", required=True, help="Why; name nobody.")


@click.command()
@click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: those of the latest run).")
@click.option("--class", "kinds", multiple=True, type=click.Choice(CLASSES), help="This class alone; may be repeated.")
@click.option("--run", "runs", multiple=True, metavar="RUN", help="This run too, whatever its age; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Say what would go (it is what happens without --plan).")
@click.option("--plan", metavar="DIGEST", help="Remove what the plan of this name listed.")
@arguments.outputs
@arguments.as_json
def purge(
    settings: Path | None, kinds: tuple[str, ...], runs: tuple[str, ...], dry_run: bool, plan: str | None,
    outputs: Path, as_json: bool,
) -> int:
    """Remove what is older than [retention] in the settings keeps it.

    The first call says what would go, and how to remove exactly that. What goes is written into retention.jsonl and
    the audit log, so that verify can tell it from what was lost. The latest run stays, and so does what is on hold.
    """
    if dry_run and plan:
        raise click.UsageError("Give --dry-run or --plan, not both.")
    from cli.retention import purge as purge_outputs

    return tell(purge_outputs(outputs, settings, kinds, runs, plan), as_json=as_json)


@click.group(invoke_without_command=True)
@arguments.outputs
@arguments.as_json
@click.pass_context
def hold(context: click.Context, outputs: Path, as_json: bool) -> int:
    """Keep a run or a family from being purged.

    Without a command it says what is on hold. Nothing of a run on hold goes, nor what it was washed from.

    \b
    datawash hold                                what is on hold
    datawash hold set F0000001 --reason TEXT     put a family, or a run, on hold
    datawash hold lift F0000001 --reason TEXT    lift it again
    """
    if context.invoked_subcommand is not None:
        return 0
    from cli.retention import list_holds

    return tell(list_holds(outputs), as_json=as_json)


@hold.command("set")
@click.argument("what", metavar="RUN|FAMILY")
@reason_of
@arguments.outputs
@arguments.as_json
def set_hold(what: str, reason: str, outputs: Path, as_json: bool) -> int:
    """Put RUN, or every run that holds FAMILY, on hold: nothing of it is purged, nor what it was washed from."""
    from cli.retention import hold as hold_it

    return tell(hold_it(outputs, what, reason), as_json=as_json)


@hold.command()
@click.argument("what", metavar="RUN|FAMILY")
@reason_of
@arguments.outputs
@arguments.as_json
def lift(what: str, reason: str, outputs: Path, as_json: bool) -> int:
    """Lift the hold on RUN or FAMILY."""
    from cli.retention import lift as lift_it

    return tell(lift_it(outputs, what, reason), as_json=as_json)
