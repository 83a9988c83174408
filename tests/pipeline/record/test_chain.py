"""A chained file is checked while somebody writes to it."""

from pathlib import Path

from pipeline.record.chain import Chain, append_to, check


KIND = Chain("facts.jsonl", "facts_written", "facts", "Nothing is read from it.", "put it back.")


def _say(path: Path, fact: str) -> None:
    append_to(path.parent, path, KIND, lambda entries: [("said", {"fact": fact})])


class WrittenWhileRead(type(Path())):  # type: ignore[misc]
    """A file to which another process adds a line each time just after it was read."""

    def read_bytes(self) -> bytes:
        data = super().read_bytes()
        _say(Path(self), "meanwhile")
        return data


def test_a_line_written_meanwhile_is_not_taken_for_one_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "facts.jsonl"
    _say(path, "first")
    assert check(tmp_path, WrittenWhileRead(path), KIND) == 1
    assert check(tmp_path, path, KIND) == 2
