"""How the audit log stands, in words, for what is handed out: who has it can tell later whether the log was cut."""

from pathlib import Path

from pipeline.record.audit_log import read_log


def head_note(outputs: Path) -> str:
    """`Audit log: 1,204 lines; the last one's digest is 3f...`"""
    followed = read_log(outputs).followed
    return f"Audit log: {followed.lines:,} lines; the last one's digest is {followed.head}."
