"""`datawash keys` and what hangs below it: names and options; imports nothing that is slow to load."""

from pathlib import Path

import click

from cli import arguments
from cli.say import tell


in_keyring = click.option("--keyring", "in_keyring", is_flag=True, help="Keep it in the system's key store.")


@click.group()
def keys() -> None:
    """Make and look after keys.

    For encryption, signatures, the audit log, and ids of families that leave the team.
    Private keys stand in the environment (DATAWASH_ENCRYPTION_KEY, DATAWASH_SIGNING_KEY, DATAWASH_AUDIT_KEY), in
    files of ~/.datawash/keys (DATAWASH_KEYS), or in the system's key store; never in settings or below the outputs.
    """


@keys.command()
@click.argument("kind", type=click.Choice(["encryption", "signing", "audit"]))
@in_keyring
@arguments.as_json
def new(kind: str, in_keyring: bool, as_json: bool) -> int:
    """Make a new private key, and say its public half.

    Where there is a key of the kind, the new one stands before it: the old one still opens and proves what it did.
    """
    from cli.key_changes import make_key

    return tell(make_key(kind, in_keyring=in_keyring), as_json=as_json)


@keys.command()
@arguments.as_json
def show(as_json: bool) -> int:
    """Say which keys this user has, where they stand, and their public halves."""
    from cli.key_changes import show_keys

    return tell(show_keys(), as_json=as_json)


@keys.command()
@click.option("--settings", type=arguments.EXISTING, metavar="FILE", required=True, help="Settings with the keys.")
@arguments.outputs
@arguments.as_json
def rotate(settings: Path, outputs: Path, as_json: bool) -> int:
    """Encrypt the archive and the lists again, to the keys that the settings name.

    What stands clear and should not is encrypted, too. The old copy of a file stays until the new one was opened.
    """
    from cli.key_changes import rotate_keys

    return tell(rotate_keys(outputs, settings), as_json=as_json)


@keys.command()
@click.argument("name")
@in_keyring
@arguments.as_json
def recipient(name: str, in_keyring: bool, as_json: bool) -> int:
    """Make the key from which NAME, who is outside the team, gets ids of families and people."""
    from cli.key_changes import make_recipient

    return tell(make_recipient(name, in_keyring=in_keyring), as_json=as_json)


@keys.command()
@click.argument("name")
@click.argument("keyed", metavar="ID", nargs=-1, required=True)
@click.option("--run", default="latest", show_default=True, metavar="RUN", help="Among whose ids it is looked for.")
@arguments.outputs
@arguments.as_json
def whose(name: str, keyed: tuple[str, ...], run: str, outputs: Path, as_json: bool) -> int:
    """Say which of our own ids the ID is that NAME was given."""
    from cli.key_changes import find_own_ids

    return tell(find_own_ids(outputs, run, name, keyed), as_json=as_json)
