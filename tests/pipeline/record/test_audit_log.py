"""The audit log: every line follows from the one before it."""

import pytest

from pipeline.record.audit_log import AUDIT_LOG, check_audit_log, record_event
from schemas.errors import IntegrityError


def three_events(folder) -> None:
    for event in ("wash_started", "wash_published", "list_opened"):
        record_event(folder, event, "abc", rows=3)


def test_each_line_follows_from_the_one_before(tmp_path) -> None:
    assert check_audit_log(tmp_path) == 0
    three_events(tmp_path)
    assert check_audit_log(tmp_path) == 3


@pytest.mark.parametrize("change", ["edit", "drop", "swap"])
def test_a_changed_log_is_named_with_its_line(tmp_path, change) -> None:
    three_events(tmp_path)
    path = tmp_path / AUDIT_LOG
    first, second, third = path.read_bytes().splitlines()
    edited = {"edit": [first.replace(b'"rows": 3', b'"rows": 4'), second, third], "drop": [first, third]}
    path.write_bytes(b"\n".join(edited.get(change, [second, first, third])) + b"\n")
    with pytest.raises(IntegrityError, match="line [123]: it does not follow"):
        check_audit_log(tmp_path)
