"""Files are parsed in a process of its own: what it is given, what it may take, what becomes of one that ends it."""

import io
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pipeline.intake import reader, reader_process
from pipeline.intake.asked import Asked
from pipeline.intake.contents import read_contents
from pipeline.intake.reading import list_sheets, read_rows, rows_of
from pipeline.intake.unreadable import UPLOAD_LIMITS, Limits
from schemas.errors import ExtractRefusedError, StorageError
from tests.pipeline.intake.reading_cases import PLANTED, cells
from tests.pipeline.intake.test_reading_containers import FORMS
from tests.pipeline.intake.test_reading_sheets import workbook
from web.review import sheets


posix = pytest.mark.skipif(os.name != "posix", reason="limits and signals are POSIX's")
NUMBERS_FOR_TEXT = """
import sys
import pyarrow as pa
print('{"found": ["csv", null, null, null]}', flush=True)
table = pa.table({"upn": [7], "row_numbers": [2]})
with pa.ipc.new_stream(sys.stdout.buffer, table.schema) as stream:
    stream.write_table(table)
sys.stdout.flush()
"""
TEXT = b"surname,upn\nSmith,007\n\nZo\xc3\xab,8\n"


def laid(folder: Path, data: bytes = TEXT) -> Path:
    path = folder / "3f5a"
    path.write_bytes(data)
    return path


@pytest.fixture
def impostor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have another program run in the process's place: its source is given, and what it prints is its answer."""

    def put(source: str) -> None:
        place = tmp_path / "impostor" / "pipeline" / "intake"
        place.mkdir(parents=True, exist_ok=True)
        (place / "reader_process.py").write_text(source, encoding="utf-8")
        monkeypatch.setattr(reader, "_ROOT", tmp_path / "impostor")
        reader._READERS.end()

    yield put
    reader._READERS.end()


@pytest.mark.parametrize("form", FORMS)
def test_the_process_says_what_reading_here_says(tmp_path: Path, form: str) -> None:
    asked = Asked(laid(tmp_path, FORMS[form]), f"asb.{form}")
    here, apart = rows_of(read_contents(asked)), read_rows(asked.path, asked.name)
    assert cells(apart) == cells(here)
    assert apart.row_numbers.tolist() == here.row_numbers.tolist()
    assert apart[2:] == here[2:]


def test_an_answer_of_many_pieces_is_whole_and_in_order(tmp_path: Path) -> None:
    lines = "".join(f"{row},Old Town and a long line of address {row}\n" for row in range(200_000))
    rows = read_rows(laid(tmp_path, b"upn,address\n" + lines.encode()), "asb.csv")
    assert rows.frame["upn"].tolist() == [str(row) for row in range(200_000)]
    assert rows.row_numbers[-1] == 200_001


def test_sheets_are_listed_and_files_that_are_no_workbooks_have_none(tmp_path: Path) -> None:
    assert list_sheets(laid(tmp_path, workbook([["a"], ["b"]])), "asb.xlsx") == ("Data",)
    assert list_sheets(laid(tmp_path), "asb.csv") == ()


def test_a_refusal_comes_across_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(ExtractRefusedError, match=r"asb.csv: line 3: there are 3 values where the heading has 2"):
        read_rows(laid(tmp_path, b"surname,upn\nSmith,1\nJones,2,3\nKhan,4\n"), "asb.csv")


def test_bytes_that_the_disk_does_not_give_come_across_as_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"asb.csv: the archived copy cannot be read: No such file"):
        read_rows(tmp_path / "missing", "asb.csv")


def test_one_process_answers_for_many_files_and_another_after_it_was_killed(tmp_path: Path) -> None:
    path = laid(tmp_path)
    read_rows(path, "asb.csv")
    first = reader._READERS.each[0]._process
    read_rows(path, "asb.csv")
    assert first is not None and reader._READERS.each[0]._process is first
    first.kill()
    first.wait()
    assert cells(read_rows(path, "asb.csv")) == [("Smith", "007"), ("Zoë", "8")]
    assert reader._READERS.each[0]._process is not first


def test_threads_get_each_their_own_answer(tmp_path: Path) -> None:
    found: list[list[Any]] = []

    def one(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        found.append(cells(read_rows(laid(folder, b"n\n" + str(number).encode() * 9), "asb.csv")))

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [[(str(number) * 9,)] for number in range(6)]


def test_files_read_together_come_in_their_order_and_the_first_that_fails_is_told(tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / str(number)).write_bytes(b"n\n" + b"\n".join([str(number).encode()] * 10 ** (5 - number)))

    def read(number: int) -> str:
        return cells(read_rows(tmp_path / str(number), f"{number}.csv"))[0][0]

    assert reader.two_at_once(read, range(5)) == ["0", "1", "2", "3", "4"]
    assert all(one._process is not None for one in reader._READERS.each)
    (tmp_path / "1").write_bytes(b"n\n1,1\n")
    (tmp_path / "3").write_bytes(b"n\n3,3\n")
    with pytest.raises(ExtractRefusedError, match=r"^1.csv: line 2"):
        reader.two_at_once(read, range(5))


@posix
def test_files_read_together_are_given_up_where_somebody_interrupts(tmp_path: Path, impostor: Any) -> None:
    impostor("import time\ntime.sleep(600)\n")

    def read(number: int) -> None:
        if number:
            read_rows(laid(tmp_path), "asb.csv")
        while all(one._process is None for one in reader._READERS.each):
            time.sleep(0.01)
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        reader.two_at_once(read, range(2))
    assert time.monotonic() - begun < 60


@posix
def test_a_fork_of_the_caller_has_a_process_of_its_own(tmp_path: Path) -> None:
    path = laid(tmp_path)
    read_rows(path, "asb.csv")
    child = os.fork()
    if child == 0:
        right = reader._READERS.each[0]._process is None and len(read_rows(path, "asb.csv").frame) == 2
        reader._READERS.end()
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert len(read_rows(path, "asb.csv").frame) == 2


def test_the_process_is_given_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, impostor: Any) -> None:
    monkeypatch.setenv("DATAWASH_SECRET", PLANTED)
    impostor(
        "import os, sys, json\n"
        "sys.stdin.readline()\n"
        "print(json.dumps({'unreadable': (' '.join(sorted(os.environ)), 'x', '')}), flush=True)\n"
    )
    with pytest.raises(ExtractRefusedError) as refused:
        read_rows(laid(tmp_path), "asb.csv")
    given = str(refused.value).split(": ", 1)[1].removesuffix(". x.").split()
    assert set(given) <= {*reader._KEPT, *reader._SET, "PYTHONPATH", "LC_CTYPE"}


@posix
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os; os._exit(200)", "the process that reads files was ended by it"),
        (f"import os; os._exit(200 + {signal.SIGABRT:d})", "the process that reads files was ended by it"),
        (f"import os; os._exit(200 + {signal.SIGALRM:d})", "it was still not read, and was given up"),
        ("print('{', flush=True)", "what came of reading it was not rows of text"),
        ("print(1, flush=True); input(); input()", "what came of reading it was not rows of text"),
        ("print('{\"found\": [1,2,3,4]}\\nxxxxxxxxxxxxxxxx', flush=True)", "what came of reading it"),
        ("import sys; sys.stdout.buffer.write(b'x' * 2_000_000); sys.stdout.flush()", "what came of reading it"),
        (NUMBERS_FOR_TEXT, "what came of reading it was not rows of text"),
    ],
)
def test_a_process_that_does_not_answer_as_it_should_is_a_file_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, impostor: Any, source: str, said: str
) -> None:
    monkeypatch.setattr(reader, "_GRACE", 0.3)
    impostor(f"import sys\nsys.stdin.readline()\n{source}\nsys.stdin.readline()\n")
    with pytest.raises(ExtractRefusedError, match=said):
        read_rows(laid(tmp_path), "asb.csv", limits=Limits(memory=1_000_000))
    assert reader._READERS.each[0]._process is None


@posix
def test_a_process_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, impostor: Any) -> None:
    monkeypatch.setattr(reader, "_GRACE", 0.2)
    impostor("import time\ntime.sleep(600)\n")
    with pytest.raises(ExtractRefusedError, match="it was still not read, and was given up"):
        read_rows(laid(tmp_path), "asb.csv", limits=Limits(seconds=0))


def test_a_process_that_does_not_start_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, impostor: Any
) -> None:
    impostor("raise SystemExit(3)")
    with pytest.raises(StorageError, match=r"ended by itself \(3\)"):
        read_rows(laid(tmp_path), "asb.csv")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nothing"))
    with pytest.raises(StorageError, match="could not be started"):
        read_rows(laid(tmp_path), "asb.csv")


@posix
def test_a_file_that_takes_too_much_memory_is_refused(tmp_path: Path) -> None:
    data = b"surname,upn\n" + f"{PLANTED},1\n".encode() * 4_000_000
    with pytest.raises(ExtractRefusedError, match="it takes more than 1.3 GiB of memory to read. Have it"):
        read_rows(laid(tmp_path, data), "asb.csv", limits=Limits(memory=1_400_000_000))


@posix
def test_a_file_that_takes_too_long_is_refused(tmp_path: Path) -> None:
    data = b"surname,upn\n" + b"Smith,1\n" * 2_000_000
    with pytest.raises(ExtractRefusedError, match="it was still not read, and was given up"):
        read_rows(laid(tmp_path, data), "asb.csv", limits=Limits(processor_seconds=0))


@posix
def test_limits_are_set_for_good(tmp_path: Path) -> None:
    """What a copy of the process may take, as it finds it itself."""
    import resource

    names = ("AS", "CPU", "NOFILE", "FSIZE", "CORE")
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        reader_process.limit(Limits(memory=2**34, processor_seconds=100, seconds=50))
        found = [*(resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names), signal.alarm(0)]
        os.write(writable, repr(found).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writable)
    with os.fdopen(readable) as told:
        assert told.read() == repr([(2**34, 2**34), (100, 101), (64, 64), (0, 0), (0, 0), 50])


@pytest.mark.parametrize(
    ("name", "sheets", "said"),
    [
        ("asb.csv", False, {"found": ["csv", "utf-8", ",", None]}),
        ("asb.csv", True, {"sheets": []}),
        ("asb.doc", False, "unreadable"),
        ("missing.csv", False, "storage"),
    ],
)
def test_an_answer_is_a_line_and_then_the_table_if_there_is_one(
    tmp_path: Path, name: str, sheets: bool, said: Any
) -> None:
    path = laid(tmp_path) if name != "missing.csv" else tmp_path / "missing"
    how = (None, None, None, False)
    request = {"path": str(path), "name": name, "how": how, "limits": Limits(), "sheets": sheets}
    out = io.BytesIO()
    reader_process.answer(request, out)
    line, _, table = out.getvalue().partition(b"\n")
    assert json.loads(line) == said or list(json.loads(line)) == [said]
    assert bool(table) == (not sheets and name == "asb.csv")
    if table:
        read = pa.ipc.open_stream(table).read_all()
        assert read.column_names == ["surname", "upn", reader_process.NUMBERS]
        assert read.column(2).to_pylist() == [2, 4]


@posix
def test_a_copy_that_writes_to_a_file_is_ended_and_its_end_is_the_end_of_the_process(tmp_path: Path) -> None:
    """`_apart`, with a fork of this process in the place of the one that is kept, and a file for its pipe."""
    request = {"path": str(laid(tmp_path)), "name": "asb.csv", "how": (None,) * 3 + (False,), "sheets": False}
    kept = os.fork()
    if kept == 0:
        with (tmp_path / "answers").open("wb") as answers:
            reader_process._apart(request | {"limits": Limits(memory=2**40)}, answers)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(kept, 0)[1]) == reader_process.FELL
    assert (tmp_path / "answers").stat().st_size == 0


def test_what_is_handed_in_on_a_page_may_take_less(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, name: str, *, limits: Limits, **how: Any) -> None:
        assert limits == UPLOAD_LIMITS
        assert all(upload <= wash for upload, wash in zip(limits, Limits(), strict=True))
        raise ExtractRefusedError("seen")

    monkeypatch.setattr(sheets, "read_rows", refuse)
    with pytest.raises(ExtractRefusedError, match="seen"):
        sheets._read(b"x")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "it takes more than 12.0 GiB of memory to read. Have it sent in smaller files"),
        (KeyError(PLANTED), "it is built in a way that was not foreseen (KeyError at pipeline.intake.reader_process"),
    ],
)
def test_what_was_not_foreseen_is_a_refusal_that_shows_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """As the process answers it: `answer` here writes what it would write there."""

    def fail(asked: Asked) -> None:
        raise error

    monkeypatch.setattr(reader_process, "read_contents", fail)

    class Here:
        def ask(self, request: bytes, asked: Asked) -> tuple[Any, None]:
            out = io.BytesIO()
            reader_process.answer(json.loads(request), out)
            return json.loads(out.getvalue()), None

    monkeypatch.setattr(reader, "_READERS", Here())
    with pytest.raises(ExtractRefusedError) as refused:
        read_rows(laid(tmp_path), "asb.csv")
    assert said in str(refused.value)
    assert PLANTED not in str(refused.value)
