"""Who signs a prepared claim, in which order, and whose signature no longer holds; decides no claim.

A signature is of the digest of a prepared claim: if a family, an amount or the run changes, so does the digest, and
what was signed is not what would be claimed.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from criteria import Framework, load_framework
from pipeline.claims.prepared import Prepared, read_prepared, settings_of
from pipeline.claims.register import FOLDER, SIGNED, Entry, append_events, check_register, read_register
from pipeline.claims.sample import draws_of
from pipeline.claims.window import ClaimWindow
from pipeline.record.audit_log import current_user
from pipeline.record.files import private_folder
from pipeline.record.locks import only_one
from schemas.errors import UsageError


ROLES = ("preparer", "checker", "auditor", "approver")
"""Those who sign before a claim is made, in their order."""

AUDITOR = "auditor"


class SignOff(NamedTuple):
    """Where a prepared claim stands: who signed it, which roles must still, and whose signatures were voided."""

    prepared: Prepared
    signed: tuple[Entry, ...]
    missing: tuple[str, ...]
    voided: tuple[Entry, ...]


def unsigned(entries: Iterable[Entry], digest: str) -> tuple[str, ...]:
    """The roles that have not signed the prepared claim of that digest, in their order."""
    signed = {entry["role"] for entry in entries if entry["event"] == SIGNED and entry["prepared"] == digest}
    return tuple(role for role in ROLES if role not in signed)


def sign_off(outputs: Path, window: ClaimWindow) -> SignOff:
    """Where the claim prepared for a window stands."""
    check_register(outputs)
    return _sign_off(read_prepared(outputs, window), read_register(outputs))


def sign_claim(outputs: Path, window: ClaimWindow, role: str, name: str) -> SignOff:
    """Sign the claim prepared for a window, as `role`; return where it stands then.

    Raises UsageError where it is not that role's turn, where that person has signed it already (by name, and by login
    where `audit.signed_by` says so), or where the auditor signs before a sample was drawn of this very claim.
    """
    with only_signature(outputs):
        stands = sign_off(outputs, window)
        rules = load_framework(settings_of(stands.prepared.run).criteria)
        entries = read_register(outputs)
        _refuse(stands, role, name, rules)
        said = {"window": stands.prepared.window, "part": stands.prepared.part, "prepared": stands.prepared.digest,
                "role": role, "name": " ".join(name.split())}
        append_events(outputs, [(SIGNED, said | _sample(stands.prepared, role, entries, rules))])
        return _sign_off(stands.prepared, read_register(outputs))


def _sign_off(prepared: Prepared, entries: tuple[Entry, ...]) -> SignOff:
    of = (prepared.window, prepared.part)
    mine = [entry for entry in entries
            if entry["event"] == SIGNED and (entry.get("window"), entry.get("part", 1)) == of]
    holding = tuple(entry for entry in mine if entry["prepared"] == prepared.digest)
    voided = tuple(entry for entry in mine if entry["prepared"] != prepared.digest)
    return SignOff(prepared, holding, unsigned(entries, prepared.digest), voided)


def _refuse(stands: SignOff, role: str, name: str, rules: Framework) -> None:
    label = stands.prepared.window
    if not " ".join(name.split()):
        raise UsageError("A signature needs a name: --name NAME.")
    if role not in stands.missing:
        raise UsageError(f"The claim of {label} is signed by its {role} already.")
    if role != stands.missing[0]:
        raise UsageError(f"The claim of {label} is next signed by its {stands.missing[0]}, then by its "
                         f"{', '.join(stands.missing[1:])}: the {role} comes later.")
    for entry in stands.signed:
        if _plain(entry["name"]) == _plain(name):
            raise UsageError(f"{name} has signed the claim of {label} as its {entry['role']}. Nobody signs it twice.")
        if rules.audit.signed_by.value == "name_and_login" and entry["who"] == current_user():
            raise UsageError(f"The login {current_user()} has signed the claim of {label} as its {entry['role']}, and "
                             "the settings let no login sign twice (audit.signed_by).")


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _sample(prepared: Prepared, role: str, entries: tuple[Entry, ...], rules: Framework) -> dict[str, str]:
    """The sample that an auditor's signature rests on: the one drawn last of this claim."""
    draws = draws_of(entries, prepared.digest) if role == AUDITOR else []
    if draws:
        return {"sample": draws[-1]["sample"]}
    if role == AUDITOR and rules.audit.sample_before_auditor.value:
        raise UsageError(f"No sample has been drawn of the claim of {prepared.window} as it stands. Run: "
                         f"datawash claims sample --window {prepared.window}")
    return {}


@contextmanager
def only_signature(outputs: Path) -> Iterator[None]:
    """Hold the claims of an outputs folder for one signature; LockedError where another process does not let go."""
    lock = private_folder(outputs / FOLDER) / ".signing.lock"
    with only_one(lock, "Somebody is signing a claim. Wait for them, and try again."):
        yield
