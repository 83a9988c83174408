"""Who has signed a prepared claim, and who must still; decides no claim."""

from collections.abc import Iterable

from pipeline.claims.register import SIGNED, Entry


ROLES = ("preparer", "checker", "auditor", "approver")
"""Those who sign before a claim is made, in their order."""


def unsigned(entries: Iterable[Entry], digest: str) -> tuple[str, ...]:
    """The roles that have not signed the prepared claim of that digest, in their order."""
    signed = {entry["role"] for entry in entries if entry["event"] == SIGNED and entry["prepared"] == digest}
    return tuple(role for role in ROLES if role not in signed)
