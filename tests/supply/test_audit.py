"""The pinned packages held against advisories: every range is read as it is meant, and nothing is passed over."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

from supply.__main__ import main
from supply.advisories import Affected, is_affected
from supply.licences import read_licences
from supply.lock import Pin, read_lock


ROOT = Path(__file__).parents[2]


def advisory(name: str = "starlette", **more: Any) -> dict[str, Any]:
    """An advisory, made up, for versions from 1.0 until 1.10.1."""
    events = [{"introduced": "1.0"}, {"fixed": "1.10.1"}]
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": [{"type": "ECOSYSTEM", "events": events}]}
    told = {"id": "MADE-UP-1", "aliases": ["CVE-0000-1"], "summary": "A hole.", "modified": "2026-11-02T10:00:00Z"}
    return {**told, "affected": [{**affected, **more.pop("about", {})}], **more}


def lock(folder: Path, *pins: str) -> Path:
    """A lock file with these pins."""
    path = folder / "some.lock"
    path.write_text("# made up\n" + "\n".join(pins or ("starlette==1.10.0",)) + "\n")
    return path


def audit(folder: Path, *advisories: Any, pins: tuple[str, ...] = ()) -> int:
    """The exit code of an audit with these advisories."""
    kept = folder / "advisories"
    kept.mkdir()
    for number, one in enumerate(advisories):
        (kept / f"{number}.json").write_text(one if isinstance(one, str) else json.dumps(one))
    return main([str(kept), "--locks", str(lock(folder, *pins))])


def test_a_pin_that_is_affected_is_told_with_what_mends_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(tmp_path, advisory()) == 1
    said = capsys.readouterr().out
    assert "starlette 1.10.0: MADE-UP-1 (CVE-0000-1), fixed in 1.10.1. A hole." in said
    assert "1 pins held against 1 advisories for Python packages, the newest of 2026-11-02." in said
    assert "Not covered: Python itself" in said
    assert said.endswith("failures: see above\n")


def test_pins_that_are_not_affected_are_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = [
        advisory("another"),
        advisory(withdrawn="2026-01-01T00:00:00Z"),
        advisory(about={"package": {"ecosystem": "npm", "name": "starlette"}}),
        advisory(about={"ranges": [{"type": "GIT", "events": [{"introduced": "0"}]}], "versions": ["1.9"]}),
    ]
    assert audit(tmp_path, *others) == 0
    assert capsys.readouterr().out.endswith("failures: none\n")


def test_a_name_is_one_however_it_is_written(tmp_path: Path) -> None:
    assert audit(tmp_path, advisory("Typing.Extensions"), pins=("typing_extensions==1.5",)) == 1


@pytest.mark.parametrize(
    "one",
    [
        "{",
        "[1]",
        '{"id": "x"}',
        {"id": "x", "modified": "2026", "affected": [{"package": {"ecosystem": "PyPI"}}]},
        advisory(about={"versions": ["not a version"], "ranges": []}),
        advisory(about={"versions": [], "ranges": []}),
    ],
)
def test_what_cannot_be_told_is_never_passed_over(tmp_path: Path, one: Any) -> None:
    assert audit(tmp_path, advisory("another"), one) == 1


def test_nothing_handed_in_shows_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(tmp_path) == 1
    assert "nothing is shown by this" in capsys.readouterr().out


def test_a_zip_and_a_list_are_read_too(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("PyPI/one.json", json.dumps(advisory()))
        archive.writestr("readme.txt", "no advisory")
    (tmp_path / "list.json").write_text(json.dumps([advisory("another"), advisory()]))
    for name in ("all.zip", "list.json"):
        assert main([str(tmp_path / name), "--locks", str(lock(tmp_path))]) == 1


@pytest.mark.parametrize(
    ("events", "within", "without"),
    [
        ([("introduced", "0"), ("fixed", "1.2")], ["0.dev0", "0.1", "1.1.9", "1.2rc1"], ["1.2", "1.2.0", "1.10"]),
        ([("introduced", "0"), ("last_affected", "1.2")], ["1.2", "1.2.0"], ["1.2.0.1", "1.2.post1"]),
        ([("introduced", "1.0")], ["1.0", "99"], ["0.9", "1.0rc1"]),
        ([("fixed", "1.2"), ("introduced", "1.0"), ("introduced", "2.0"), ("fixed", "2.1")], ["1.1", "2.0"], ["1.2",
        "1.5", "2.1"]),
        ([("introduced", "1.9"), ("fixed", "1.10")], ["1.9.5"], ["1.10", "1.2"]),
        ([("introduced", "1.0"), ("fixed", "2!1.0")], ["5.0"], ["2!1.0"]),
    ],
)  # fmt: skip
def test_a_range_is_read_as_it_is_meant(events: list[tuple[str, str]], within: list[str], without: list[str]) -> None:
    affected = Affected("x", (), (tuple(events),))
    assert [one for one in within if not is_affected(Version(one), affected)] == []
    assert [one for one in without if is_affected(Version(one), affected)] == []


@given(st.lists(st.integers(0, 30), min_size=2, max_size=8, unique=True), st.integers(0, 30))
def test_ranges_one_after_another_hold_what_lies_between(bounds: list[int], at: int) -> None:
    ordered = sorted(bounds)
    pairs = list(zip(ordered[::2], ordered[1::2], strict=False))
    events = tuple(event for low, high in pairs for event in (("fixed", f"1.{high}"), ("introduced", f"1.{low}")))
    told = is_affected(Version(f"1.{at}"), Affected("x", (), (events,)))
    assert told is any(low <= at < high for low, high in pairs)


def test_every_lock_of_the_project_is_all_exact_pins() -> None:
    for name in ("requirements.lock", "requirements-hardening.lock"):
        assert read_lock(ROOT / name)


@pytest.mark.parametrize("line", ["starlette>=1", "starlette", "-e .", "git+https://x.example/y", "x==1; sys_platform"])
def test_a_line_that_pins_nothing_is_a_mistake(tmp_path: Path, line: str) -> None:
    with pytest.raises(ValueError, match="line 2: .* is no exact pin"):
        read_lock(lock(tmp_path, line))


def test_licences_that_bind_are_to_be_read() -> None:
    told = {one.pin.name: one.look for one in read_licences(read_lock(ROOT / "requirements.lock"))}
    assert not told["starlette"]
    assert told["text-unidecode"], "Artistic or GPL, by choice"
    assert read_licences([Pin("no-such-package", Version("1"))])[0].look


def test_licences_are_listed_where_no_advisories_are_handed_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--locks", str(lock(tmp_path, "starlette==1.10.0", "text-unidecode==1.3"))]) == 0
    said = capsys.readouterr().out
    assert "1 packages under licences that ask for little:\n  starlette 1.10.0: BSD-3-Clause" in said
    assert "1 to be read:\n  text-unidecode 1.3: Artistic License" in said
