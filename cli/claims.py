"""`datawash claims` and what hangs below it: names and options; imports nothing that is slow to load."""

from pathlib import Path
from typing import Any

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
    datawash claims pack --window 2013/14-Q3     an evidence pack for each case
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
    """Make the claim that was prepared for a window.

    Each family of it is written into the register. It is refused where somebody must still sign it, and where the run
    does not know what was claimed since.
    """
    from cli.claim_window import submit_window

    return tell(submit_window(outputs, window), as_json=as_json)


@claims.command()
@window_of
@arguments.outputs
@arguments.as_json
def pack(window: str, outputs: Path, as_json: bool) -> int:
    """Write the evidence pack of every claim that was prepared for a window, and an index of them.

    One PDF a case, below packs/ beside the prepared claim. The audit log has them before they stand there.
    """
    from cli.claim_pack import pack_claims

    return tell(pack_claims(outputs, window), as_json=as_json)


@claims.command()
@arguments.outputs
@arguments.as_json
def register(outputs: Path, as_json: bool) -> int:
    """Check the register of claims, and say what stands in it."""
    from cli.claim_window import show_register

    return tell(show_register(outputs), as_json=as_json)


@claims.command()
@window_of
@click.option("--seed", metavar="TEXT", help="What the auditor threw (default: the digest of the prepared claim).")
@arguments.outputs
@arguments.as_json
def sample(window: str, seed: str | None, outputs: Path, as_json: bool) -> int:
    """Draw the claims that internal audit looks at.

    Of the claim that was prepared for a window, by chance and for their risks, with the reasons. The same seed draws
    the same claims. Every draw stands in the register.
    """
    from cli.claim_audit import draw

    return tell(draw(outputs, window, seed), as_json=as_json)


@claims.command()
@window_of
@click.option(
    "--role", type=click.Choice(["preparer", "checker", "auditor", "approver"]), help="As whom (default: only say)."
)
@click.option("--name", metavar="NAME", help="Who signs.")
@arguments.outputs
@arguments.as_json
def sign(window: str, role: str | None, name: str | None, outputs: Path, as_json: bool) -> int:
    """Sign a prepared claim, or say who has signed it.

    Preparer, checker, auditor and approver sign in that order, each a different person. A claim that is prepared anew
    and differs is signed anew.
    """
    from cli.claim_audit import sign_window

    return tell(sign_window(outputs, window, role, name), as_json=as_json)


reason_of = click.option(
    "--reason",
    type=click.Choice(
        ["eligibility", "evidence_missing", "result_not_met", "wrong_family", "claimed_twice", "amount", "other"]
    ),
    help="What is the matter with it.",
)
by_whom = click.option("--by", metavar="NAME", required=True, help="Who found it.")
claim_id = click.argument("claim_id", metavar="CLAIM")


@claims.command("spot-check")
@claim_id
@click.option("--result", type=click.Choice(["valid", "invalid"]), required=True, help="What was found.")
@reason_of
@by_whom
@click.option("--on", "on", type=arguments.Day(), required=True, metavar="DATE", help="When.")
@arguments.outputs
@arguments.as_json
def spot_check(outputs: Path, as_json: bool, **found: Any) -> int:
    """Record what a spot check found of CLAIM.

    CLAIM is an id such as C2013-14-Q3-0001. What was found last counts.
    """
    from cli.claim_audit import record_spot_check

    return tell(record_spot_check(outputs, **found), as_json=as_json)


@claims.command()
@claim_id
@click.option("--withdraw", is_flag=True, help="The claim is taken back.")
@click.option("--amount", type=click.IntRange(min=0), metavar="POUNDS", help="What it should have been.")
@reason_of
@by_whom
@arguments.outputs
@arguments.as_json
def correct(outputs: Path, as_json: bool, **put_right: Any) -> int:
    """Withdraw CLAIM, or change its amount; the next wash knows it.

    The claim stays in the register, with its correction below it.
    """
    from cli.claim_audit import correct_register

    return tell(correct_register(outputs, **put_right), as_json=as_json)


@claims.command()
@click.option("--window", metavar="WINDOW", help="Claims of this window alone (default: of every window).")
@click.option("--run", metavar="RUN", default="latest", show_default=True, help="The run whose cases are counted.")
@arguments.outputs
@arguments.as_json
def answers(window: str | None, run: str, outputs: Path, as_json: bool) -> int:
    """Answer what a council is asked about its claims.

    How many rested on this or that, how many were capped, checked, invalid: each number with the query that counted it.
    """
    from cli.claim_audit import tell_answers

    return tell(tell_answers(outputs, window, run), as_json=as_json)
