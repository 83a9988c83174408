"""`datawash claims` and what hangs below it: names and options; imports nothing that is slow to load."""

from pathlib import Path

import click

from cli import arguments
from cli.say import tell


window_of = click.option(
    "--window", metavar="WINDOW", required=True, help="A quarter, 2013/14-Q3, or two days, 2013-10-01:2013-12-31."
)


@click.group(invoke_without_command=True)
@click.option("--window", metavar="WINDOW", help="A quarter, 2013/14-Q3, or two days, 2013-10-01:2013-12-31.")
@click.option("--run", metavar="RUN", help="The run to claim from (default: the latest as of a day in the window).")
@arguments.outputs
@arguments.as_json
@click.pass_context
def claims(context: click.Context, window: str | None, run: str | None, outputs: Path, as_json: bool) -> int:
    """Prepare the claim of a window, and make it.

    Of each case it says whether it is ready, blocked, not yet or claimed before, with every reason.

    \b
    datawash claims --window 2013/14-Q3          prepare the claim: the internal list and the return
    datawash claims submit --window 2013/14-Q3   make it, once it is signed
    """
    if context.invoked_subcommand is not None:
        return 0
    if window is None:
        raise click.UsageError("Give a window, such as --window 2013/14-Q3, or a command.", context)
    from cli.claim_window import prepare_window

    return tell(prepare_window(outputs, window, run), as_json=as_json)


@claims.command()
@window_of
@arguments.outputs
@arguments.as_json
def submit(window: str, outputs: Path, as_json: bool) -> int:
    """Make the claim that was prepared for a window: write each family into the register.

    It is refused where somebody must still sign it, and where the run does not know what was claimed since.
    """
    from cli.claim_window import submit_window

    return tell(submit_window(outputs, window), as_json=as_json)


@claims.command()
@arguments.outputs
@arguments.as_json
def register(outputs: Path, as_json: bool) -> int:
    """Check the register of claims line by line, and say what stands in it."""
    from cli.claim_window import show_register

    return tell(show_register(outputs), as_json=as_json)
