"""People told of a scheduled wash: in a file, and by a mail relay that is there."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.notify import News, news_of_failure, tell
from pipeline.config import Notify
from schemas.errors import ExtractRefusedError


AT = datetime(2013, 10, 2, 5, 0, tzinfo=UTC)
NEWS = News("Data Wash as of 30 September 2013 is done", ("eligible families: 2", "run: 2013-09-30-0123456789ab"))


class _Relay(socketserver.StreamRequestHandler):
    """Enough of SMTP to take one mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 relay\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")).decode())  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 relay\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def relay() -> Iterator[socketserver.TCPServer]:
    with socketserver.TCPServer(("127.0.0.1", 0), _Relay) as server:
        server.mails = []  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_news_is_added_to_the_end_of_a_file_beside_the_settings(tmp_path: Path) -> None:
    for _ in range(2):
        tell(Notify(file="news.txt"), tmp_path, NEWS, AT)
    told = (tmp_path / "news.txt").read_text(encoding="utf-8").splitlines()
    assert told[0] == "2013-10-02T05:00:00+00:00 Data Wash as of 30 September 2013 is done"
    assert told[1:3] == ["  eligible families: 2", "  run: 2013-09-30-0123456789ab"]
    assert told[:3] == told[3:]


def test_news_goes_by_mail(relay: socketserver.TCPServer, tmp_path: Path) -> None:
    smtp = f"127.0.0.1:{relay.server_address[1]}"
    notify = Notify(smtp=smtp, sender="wash@council.example", to=("kim@council.example", "lee@council.example"))
    tell(notify, tmp_path, NEWS, AT)
    (mail,) = relay.mails  # type: ignore[attr-defined]
    assert "Subject: Data Wash as of 30 September 2013 is done" in mail
    assert "To: kim@council.example, lee@council.example" in mail
    assert "eligible families: 2" in mail


def test_nobody_is_told_where_nobody_is_named(tmp_path: Path) -> None:
    tell(Notify(), tmp_path, NEWS, AT)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_told_in_the_words_of_its_error() -> None:
    news = news_of_failure("by schedule", ExtractRefusedError("2013-09 lacks attendance.\nAdd it."))
    assert news == News("Data Wash by schedule has failed", ("2013-09 lacks attendance.", "Add it."))
