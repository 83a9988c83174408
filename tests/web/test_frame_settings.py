"""What a council may set about its pages, and how a mistake in it is told."""

import logging
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from schemas.errors import DataWashError, SettingsError
from web import server_log
from web.server_log import discreet_log
from web.serving import listen, prepared, sweep_uploads, upload_privately
from web.settings import PagesSettings, Serve, load_pages_settings
from web.static_files import static_files


def written(folder: Path, text: str) -> Path:
    """An outputs folder with this as its settings of the pages."""
    (folder / "pages.toml").write_text(text, encoding="utf-8")
    return folder


def test_without_a_file_the_pages_are_for_this_machine_alone(tmp_path: Path) -> None:
    serve = load_pages_settings(tmp_path).serve
    assert (serve.host, serve.port, serve.workers) == ("127.0.0.1", 8600, 1)


def test_the_file_beside_the_runs_is_read_and_another_may_be_given(tmp_path: Path) -> None:
    written(tmp_path, '[look]\nname = "Invented Borough"\n')
    assert load_pages_settings(tmp_path).look.name == "Invented Borough"
    other = tmp_path / "other.toml"
    other.write_text("[serve]\nport = 8700\n", encoding="utf-8")
    assert load_pages_settings(tmp_path, other).serve.port == 8700


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[look]\ncolor = '#123456'\n", "look.color is not a setting. Did you mean 'colour'?"),
        ("[look]\ncolour = 'teal'\n", "look.colour: a colour like #1f4f4a is wanted"),
        ("[look]\ncolour = '#9acd32'\n", "contrast of 1.9"),
        ("[serve]\nport = 0\n", "serve.port"),
        ("[serve]\ncertificate = 'a.pem'\n", "certificate and key are wanted together"),
        ("[serve]\nbelow = 'families'\n", "serve.below"),
        ("serve", "not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as told:
        load_pages_settings(written(tmp_path, text))
    assert said in str(told.value)
    assert str(told.value).startswith("pages.toml")


def test_the_council_s_colour_is_in_its_own_stylesheet() -> None:
    look = PagesSettings.model_validate({"look": {"colour": "#5a1846"}}).look
    assert b"--govuk-brand-colour: #5a1846" in static_files(look)["brand.css"].data


def test_pages_for_other_machines_want_the_address_that_people_open(tmp_path: Path) -> None:
    with pytest.raises(DataWashError, match="open to other machines"):
        prepared(tmp_path, None, "0.0.0.0", None)


def test_a_port_that_is_taken_is_told_before_anything_is_served() -> None:
    with listen(Serve().model_copy(update={"port": 0})) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DataWashError, match=f"port {port}: .*try --port"):
            listen(Serve(port=port))


@pytest.fixture
def usual_log() -> Iterator[None]:
    """The log of this process as it is for other tests, put back at the end."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.mark.usefixtures("usual_log")
def test_an_error_that_a_library_logs_is_told_by_kind_and_place_alone(capfd: pytest.CaptureFixture[str]) -> None:
    discreet_log()
    try:
        raise ValueError("Ashdown, 3 April 2009")
    except ValueError:
        logging.getLogger("a.library").exception("while answering %s", "Ashdown")
    said = capfd.readouterr().err
    assert said.startswith("A bug: ValueError at ")
    assert "Ashdown" not in said


@pytest.mark.usefixtures("usual_log")
def test_the_same_thing_is_said_once_a_minute_and_counted(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [100.0]
    monkeypatch.setattr(server_log, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    discreet_log()
    log = logging.getLogger("a.library")
    for _ in range(1000):
        log.warning("Invalid HTTP request received.")
    log.warning("Something else.")
    clock[0] += 60
    log.warning("Invalid HTTP request received.")
    log.warning("Something else.")
    assert capfd.readouterr().err.splitlines() == [
        "Invalid HTTP request received.",
        "Something else.",
        "Invalid HTTP request received. (and 999 times more since it was said last)",
        "Something else.",
    ]


def test_an_upload_stands_in_a_private_folder_and_what_is_left_of_one_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)
    upload_privately(tmp_path)
    with tempfile.NamedTemporaryFile(delete=False) as left:
        left.write(b"Ashdown")
    folder = Path(tempfile.mkdtemp())
    (folder / "answers.xlsx").write_bytes(b"Ashdown")
    assert Path(left.name).parent == folder.parent == tmp_path / "pages" / "uploads"
    assert os.name != "posix" or stat.S_IMODE(folder.parent.stat().st_mode) == 0o700
    sweep_uploads(tmp_path)
    assert list(folder.parent.iterdir()) == []
