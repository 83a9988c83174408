"""What `datawash keys` does: makes, shows and changes keys; shows no private one."""

from collections.abc import Callable
from pathlib import Path

from cli.lookup import find_run
from cli.say import Report, many
from pipeline.config import load_settings
from pipeline.keys.audit_seal import AUDIT, key_number, new_audit_key
from pipeline.keys.encryption import ENCRYPTION, Identities, new_identity
from pipeline.keys.outside_ids import RECIPIENT, new_recipient_key, own_id, recipient_key, recipient_key_name
from pipeline.keys.private import Secret, find_key, keep_key, key_names, variable, where_key
from pipeline.keys.rotation import encrypt_again
from pipeline.keys.signing import SIGNING, new_signing_key, public_key_of
from pipeline.published import table_of
from pipeline.record.audit_log import record_event
from schemas.errors import SettingsError, UsageError


MAKERS: dict[str, Callable[[], str]] = {
    ENCRYPTION: new_identity,
    SIGNING: new_signing_key,
    AUDIT: new_audit_key,
}
NEXT = {
    ENCRYPTION: "Put the public key into [protection] of the settings, as run_key or escrow_key.",
    SIGNING: "Put the public key into [protection.signers] of the settings, under your name.",
    AUDIT: "Give the same key to every process that writes to the audit log: washes, pages, commands.",
}


def make_key(kind: str, *, in_keyring: bool) -> Report:
    """A new key of a kind, before those of before."""
    _refuse_given(kind)
    before = find_key(kind)
    text = "\n".join([MAKERS[kind](), *(before.lines if before else ())]) + "\n"
    path = keep_key(kind, text, in_keyring=in_keyring)
    public = _public(kind, Secret(text))[0]
    kept = f"{many(len(before.lines), 'older key')} stand behind it." if before else "It is the first of its kind."
    return Report(
        {"kind": kind, "public": public, "place": str(path), "older": len(before.lines) if before else 0},
        [f"{public}", f"The private half stands in {where_key(kind)}. {kept}", NEXT[kind]],
    )


def show_keys() -> Report:
    """Every key that is here: its kind, where it stands, and its public halves or numbers, the newest first."""
    kinds = [*MAKERS, *(name for name in key_names() if name.startswith(RECIPIENT))]
    found = {kind: key for kind in kinds if (key := find_key(kind)) is not None}
    facts = {kind: {"place": where_key(kind), "public": _public(kind, key)} for kind, key in found.items()}
    lines = [line for kind, key in found.items() for line in (f"{kind}: {where_key(kind)}", *_told(kind, key))]
    return Report({"keys": facts}, lines or ["There is no key here: datawash keys new encryption|signing|audit"])


def rotate_keys(outputs: Path, settings: Path) -> Report:
    """Everything below the outputs encrypted to the keys that the settings name."""
    done = encrypt_again(outputs, load_settings(settings).protection)
    return Report(
        done._asdict(),
        [
            f"{many(done.again, 'file')} encrypted again, {done.first:,} for the first time.",
            "Each was opened before its old copy went. Keep the old private keys: backups need them.",
        ],
    )


def make_recipient(name: str, *, in_keyring: bool) -> Report:
    """The key of a recipient; UsageError where there is one, for their ids would all be others."""
    called = recipient_key_name(name)
    _refuse_given(called)
    if find_key(called) is not None:
        raise UsageError(f"{name} has a key. Another would give every family another id: move the old one away first.")
    keep_key(called, f"{new_recipient_key()}\n", in_keyring=in_keyring)
    said = f"datawash open RUN FILE --for {name} --out PATH writes a list with ids for {name} alone."
    return Report({"recipient": name}, [said])


def find_own_ids(outputs: Path, name: str, recipient: str, keyed: tuple[str, ...]) -> Report:
    """Which families, households and people the ids of a recipient are; who asked is in the audit log."""
    run, key = find_run(outputs, name), recipient_key(recipient)
    tables = (("members", "person_id"), ("households", "household_id"), ("households", "family_id"))
    own = {one for table, column in tables for one in table_of(run, table, [column])[column].dropna()}
    found = {one: own_id(one, own, key) for one in keyed}
    record_event(run.parent, "outside_ids_resolved", run.name.split("-", 3)[-1], recipient=recipient, ids=len(keyed))
    lines = [f"{one}: {mine or 'none of ours'}" for one, mine in found.items()]
    return Report({"ids": found}, lines, 0 if all(found.values()) else UsageError.exit_code)


def _public(kind: str, key: Secret) -> list[str]:
    if kind == ENCRYPTION:
        return list(Identities(key.lines).public)
    if kind == SIGNING:
        return [public_key_of(line) for line in key.lines]
    return [f"key {key_number(line)}" for line in key.lines]


def _told(kind: str, key: Secret) -> list[str]:
    return [f"  {public}{'' if place == 0 else ' (older)'}" for place, public in enumerate(_public(kind, key))]


def _refuse_given(kind: str) -> None:
    if (where_key(kind) or "").startswith("the environment"):
        raise SettingsError(f"The key {kind} is given in the environment ({variable(kind)}): change it there.")
