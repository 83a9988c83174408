"""The guard: each error has its exit code; a bug is told by kind and place; nothing said can carry a row's value."""

import errno
import threading

import click
import pytest

from cli.guard import guarded, quiet_hooks
from cli.say import clean
from schemas import errors


SECRET = "Ashdown-Perkins"


def _raiser(error: BaseException):
    def command() -> int:
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.UsageError("how to call it"), 2),
        (errors.SettingsError("which key"), 3),
        (errors.ExtractRefusedError("which file"), 4),
        (errors.LockedError("since when"), 5),
        (errors.StorageError("which disk"), 6),
        (errors.IntegrityError("which table"), 7),
        (errors.ReplayDiffersError("which stage"), 8),
    ],
    ids=lambda given: type(given).__name__ if isinstance(given, Exception) else "",
)
def test_an_error_for_the_person_is_its_text_and_its_code(capsys, error, code) -> None:
    assert guarded(_raiser(error)) == code
    assert capsys.readouterr().err == f"{error}\n"


def test_a_bug_is_told_by_kind_and_place_without_its_message(capsys) -> None:
    def command() -> int:
        clean(SECRET and {}[SECRET])  # type: ignore[call-overload]
        return 0

    assert guarded(command) == 1
    said = capsys.readouterr().err
    assert "A bug in Data Wash: KeyError at " in said
    assert SECRET not in said


def test_a_bug_names_the_line_of_ours_that_it_passed_last(capsys) -> None:
    assert guarded(lambda: len(clean(None))) == 1  # type: ignore[arg-type]
    assert "TypeError at cli.say:" in capsys.readouterr().err


def test_a_bug_in_a_thread_is_told_like_any_other(capsys, monkeypatch) -> None:
    for hook in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(f"sys.{hook}", getattr(__import__("sys"), hook))
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    quiet_hooks()
    thread = threading.Thread(target=_raiser(ValueError(SECRET)))
    thread.start()
    thread.join()
    said = capsys.readouterr().err
    assert "A bug in Data Wash: ValueError" in said
    assert SECRET not in said


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), click.Abort()], ids=repr)
def test_a_stop_is_one_line_and_its_own_code(capsys, stop) -> None:
    assert guarded(_raiser(stop)) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_trouble_with_the_disk_has_its_own_code_and_names_no_folder(capsys) -> None:
    assert guarded(_raiser(OSError(errno.ENOSPC, "No space left on device", "/secret/place/people.parquet"))) == 6
    said = capsys.readouterr().err
    assert "people.parquet" in said
    assert "No space left" in said
    assert "/secret" not in said


def test_who_lacks_the_right_to_a_folder_is_told_whom_to_ask(capsys) -> None:
    assert guarded(_raiser(PermissionError(errno.EACCES, "Permission denied", "/secret/place/outputs"))) == 6
    said = capsys.readouterr().err
    assert "(outputs): Permission denied" in said
    assert "Ask whoever looks after that folder" in said
    assert "/secret" not in said


def test_too_little_memory_is_no_bug(capsys) -> None:
    assert guarded(_raiser(MemoryError(SECRET))) == 6
    said = capsys.readouterr().err
    assert "memory" in said
    assert SECRET not in said


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a\x1b[31mred\x1b[0m.csv", "a[31mred[0m.csv"),
        ("up\x08\x08.csv", "up.csv"),
        ("txt.\u202evsc.exe", "txt.vsc.exe"),
        ("bad\udcffbyte", "bad?byte"),
        ("no\u00a0break", "no break"),
        ("[red]O'Neill-Ó Briain[/red]", "[red]O'Neill-Ó Briain[/red]"),
    ],
)
def test_no_text_can_steer_a_terminal(given, shown) -> None:
    assert clean(given) == shown
