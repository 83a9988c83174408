"""How the audit log stands, for what is handed out: who has it can tell later whether the log was cut off."""

import re
from pathlib import Path

from pipeline.keys.audit_seal import audit_keys
from pipeline.record.audit_log import AUDIT_LOG, read_ending
from pipeline.record.manifest import AuditHead, Manifest
from schemas.errors import UsageError


SHORT = 16
WRITTEN = re.compile(r"(\d+):([0-9a-f]{16,64})")


def read_head(outputs: Path) -> AuditHead:
    """How many whole lines the log below `outputs` has, and the digest of the last one."""
    path = outputs / AUDIT_LOG
    if not path.exists():
        return AuditHead(lines=0, digest="0" * 64)
    with path.open("rb") as file:
        ending = read_ending(file)
        file.seek(0)
        count = sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
    return AuditHead(lines=count + (not ending.closed), digest=ending.digest, sealed=bool(audit_keys()))


def head_words(head: AuditHead) -> str:
    """`Audit log 1204:3f2a...`, as it stands on what is handed out, and as `datawash audit --seen` takes it."""
    return f"Audit log {head.lines}:{head.digest[:SHORT]}"


def head_notes(manifest: Manifest) -> tuple[str, ...]:
    """The same of a run where the log is sealed: how it stood when the run was published.

    Without a key for the log what is made from a run says nothing that the same run elsewhere would not.
    """
    return (head_words(manifest.audit),) if manifest.audit and manifest.audit.sealed else ()


def parse_head(text: str) -> AuditHead:
    """What somebody copied from a file: `1204:3f2a...`; UsageError where it is none."""
    found = WRITTEN.fullmatch(text.strip().removeprefix("Audit log ").lower())
    if found is None:
        raise UsageError("--seen wants what stands on the file after `Audit log`, like 1204:3f2a9c1b2d3e4f50.")
    return AuditHead(lines=int(found[1]), digest=found[2])
