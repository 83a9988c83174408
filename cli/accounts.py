"""`datawash accounts` and what hangs below it: names and options; imports nothing that is slow to load."""

from pathlib import Path
from typing import Any

import click

from cli import arguments
from cli.say import tell
from web.door.roles import Role


account_name = click.argument("name", metavar="NAME")
of_pages = click.option("--settings", type=arguments.FILE, metavar="FILE", help="Settings (default: DIR/pages.toml).")


def _roles(*, needed: bool) -> arguments.Decorator:
    said = "What they do here; may be repeated." if needed else "A role instead of those they have; may be repeated."
    choice = click.Choice([role.value for role in Role])
    return click.option("--role", "roles", type=choice, multiple=True, required=needed, help=said)


@click.group()
def accounts() -> None:
    """Say who may sign in to the pages, and as what.

    \b
    datawash accounts add jo.bloggs --role coordinator --area ZB1
    datawash accounts link jo.bloggs             a link that lets them in once
    datawash accounts role jo.bloggs --role analyst --all-areas
    datawash accounts lock jo.bloggs             when they leave
    """


@accounts.command()
@account_name
@_roles(needed=True)
@click.option("--area", "areas", multiple=True, metavar="AREA", help="Families of this area alone; may be repeated.")
@of_pages
@arguments.outputs
@arguments.as_json
def add(outputs: Path, settings: Path | None, as_json: bool, **wanted: Any) -> int:
    """Add an account, and make a link for its first sign-in.

    NAME stands in the audit log. Where the council's own sign-in is used, write it as that does.
    """
    from cli.account_changes import add_account

    return tell(add_account(outputs, settings, **wanted), as_json=as_json)


@accounts.command()
@account_name
@click.option("--forget", is_flag=True, help="Forget their password and end their sessions, too.")
@of_pages
@arguments.outputs
@arguments.as_json
def link(name: str, forget: bool, settings: Path | None, outputs: Path, as_json: bool) -> int:
    """Make a link that lets NAME in once; links before it end."""
    from cli.account_changes import make_link

    return tell(make_link(outputs, settings, name, forget), as_json=as_json)


@accounts.command()
@account_name
@_roles(needed=False)
@click.option("--area", "areas", multiple=True, metavar="AREA", help="An area instead of those they have.")
@click.option("--all-areas", is_flag=True, help="Families of every area.")
@arguments.outputs
@arguments.as_json
def role(outputs: Path, as_json: bool, **wanted: Any) -> int:
    """Give NAME other roles or areas, at once."""
    from cli.account_changes import change_rights

    return tell(change_rights(outputs, **wanted), as_json=as_json)


@accounts.command()
@account_name
@click.option("--open", "opened", is_flag=True, help="Open it again.")
@arguments.outputs
@arguments.as_json
def lock(name: str, opened: bool, outputs: Path, as_json: bool) -> int:
    """Lock the account NAME: whoever is signed in by it is out."""
    from cli.account_changes import lock_account

    return tell(lock_account(outputs, name, opened), as_json=as_json)


@accounts.command("list")
@arguments.outputs
@arguments.as_json
def list_(outputs: Path, as_json: bool) -> int:
    """List the accounts: roles, areas, how and when they signed in."""
    from cli.account_changes import list_accounts

    return tell(list_accounts(outputs), as_json=as_json)
