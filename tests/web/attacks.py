"""Hand-made and random attacks on every address of the pages, and what must hold of each answer, whatever was asked.

They reach the application as a server would hand them on, so no client tidies an address before it is asked for.
"""

import asyncio
import io
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlencode

from web.app import HEADERS
from web.visit import Page


ALL = os.environ.get("DATAWASH_ATTACKS") == "all"
"""Whether every attack is tried, as `make attacks` does, or a share of them, as `make test` does."""

MARK = "zz9attack"
"""What stands in an attack that must not be found again where it has no place."""

PARTS = (
    "..", "%2e%2e", "..%2f..%2f..%2fetc%2fpasswd", "..%5c..%5cwindows%5cwin.ini", "%2fetc%2fpasswd", ".", "%2e", "~",
    "....//", "..;", "..%00", "%00", f"{MARK}%00", f"{MARK}%0d%0aSet-Cookie:%20{MARK}=1", "%0a", "*", "%3f", "[a]",
    "%5ba-z%5d*",
    "%F0%9F%92%A9", "%C0%AE%C0%AE", "%FF%FE", "%ED%A0%80", "%E2%80%AE", "%EF%BC%8E%EF%BC%8E", f"'%20OR%201=1--{MARK}",
    f"%22%3E%3Cscript%3E{MARK}%3C%2Fscript%3E", f"%7B%7B7*7%7D%7D{MARK}", f"$%7B{MARK}%7D", "-1", "0", "00", "1e9",
    "1.5",
    "9" * 9, "9" * 40, "%D9%A3", "%C2%B2", "0x1", "NaN", "null", "None", "true", "CON", "nul.txt", "COM1", "latest",
    ".part", "runs", "pages", "audit_log.jsonl", "door.sqlite", "pages.toml", "archive", "manifest.json", "%25s%25n",
    "a" * 3000, "%F0%9F%92%A9" * 500, "__class__", "constructor", f"{MARK}", "=HYPERLINK(1)", "%40SUM(1)", "%09", "+",
    "%2B",
)  # fmt: skip
"""What may stand for a part of an address, as it stands in a request."""

VALUES = (
    "", "..", "../../etc/passwd", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)",
    f"\"><script>{MARK}</script>", f"' OR 1=1 --{MARK}", f"{{{{7*7}}}}{MARK}", "\x00", f"a\r\nSet-Cookie: {MARK}=1",
    "\u202e",
    "\U0001f4a9", "\u00b2", "\u0663", "-1", "0", "9" * 40, "1e9", "NaN", "a" * 5000, "%", "%s%n", "=HYPERLINK(\"x\")",
    "@SUM(1)",
    "[a-z]*", "\ufeff", "ﬁ", "İ", "\u2028", "a,b;c", "yes", "on", "administrator", "1", "2013-02-30", "9999-12-31",
    "0000-00-00",
)  # fmt: skip
"""What may be said for a field or a key."""

KEYS = (
    "page", "list", "next", "order", "area", "school", "rule", "tier", "stale", "waits", "search", "met", "unknown",
    "new",
    "source", "after", "kept", "reload", "out", "state", "code", "error", "who", "about", "run", "event", "begins",
    "ends", "day",
    "id", "file", "role", "admin", "debug", "_method", "__proto__", "csrf", "lang", "template", "callback",
)  # fmt: skip
FIELDS = (
    "csrf", "name", "password", "next", "old", "new", "areas", "lock", "text", "list", "of", "source", "answer",
    "reason", "note",
    "left_hash", "right_hash", "role_administrator", "role_coordinator", "who", "user", "number", "account", "run",
    "file",
)  # fmt: skip
"""Keys and fields that some page reads, and some that none does."""

DISGUISES: tuple[dict[str, str], ...] = (
    {"x-original-url": "/people"}, {"x-rewrite-url": "/people"}, {"x-http-method-override": "GET"},
    {"x-forwarded-host": "evil.example"}, {"x-forwarded-user": "adam.administrator"},
    {"x-remote-user": "adam.administrator"},
    {"remote_user": "adam.administrator"}, {"x-forwarded-for": "127.0.0.1"}, {"x-forwarded-proto": "https"},
    {"forwarded": "for=127.0.0.1;host=evil.example"}, {"authorization": "Basic YWRtaW46YWRtaW4="},
    {"origin": "https://evil.example"}, {"referer": "https://evil.example/"}, {"range": "bytes=0-0,1-1,2-2,3-3"},
    {"accept-encoding": "gzip;q=\xff"}, {"if-none-match": "*"}, {"te": "trailers"}, {"x-role": "administrator"},
)  # fmt: skip
"""Headers by which somebody might pass for another, or for another request."""

PLACES = re.compile(r"/(?:tmp|home|usr|var|srv)/|site-packages|Traceback|\.py\b|sqlite3\.|jinja2\.")
NO_STORE = ("no-store", "public, max-age=31536000, immutable")


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes

    @property
    def text(self) -> str:
        """The body, where it is text."""
        return self.body.decode("utf-8", errors="replace")


class Attack(NamedTuple):
    """A request: its path as it is sent, what goes behind the `?`, its headers and its body."""

    method: str
    path: str
    query: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        """What to call it where it succeeded."""
        return f"{self.method} {self.path[:80]}?{self.query[:80]!r} {self.headers} {self.body[:80]!r}"


async def ask(app: Any, attack: Attack, cookie: str = "") -> Answer:
    """What the application answers."""
    sent: list[dict[str, Any]] = []
    told = {"host": "127.0.0.1", "cookie": cookie, "content-length": str(len(attack.body)), **dict(attack.headers)}
    scope = {
        "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1",
        "method": attack.method,
        "scheme": "http", "path": unquote_to_bytes(attack.path).decode("utf-8", errors="replace"),
        "raw_path": attack.path.encode(), "query_string": attack.query, "root_path": "", "state": {},
        "headers": [(name.encode(), value.encode("latin-1", errors="replace")) for name,
        value in told.items() if value],
        "client": ("127.0.0.1", 40000), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": attack.body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    heads = [(name.decode().lower(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    cookies = tuple(value for name, value in heads if name == "set-cookie")
    return Answer(sent[0]["status"], dict(heads), cookies, b"".join(part.get("body", b"") for part in sent[1:]))


def ask_all(app: Any, attacks: Iterable[Attack], cookie: str = "") -> Iterator[tuple[Attack, Answer]]:
    """Each attack with its answer."""
    with asyncio.Runner() as runner:
        for attack in attacks:
            yield attack, runner.run(ask(app, attack, cookie))


def amiss(attack: Attack, answer: Answer) -> list[str]:
    """What must not be, of an answer to anything at all."""
    found = []
    if answer.status >= 500 or answer.status < 200:
        found.append(f"status {answer.status}: {place_said(answer.text)}")
    found += [f"no {name}" for name in HEADERS if name not in answer.headers]
    if answer.headers.get("cache-control") not in NO_STORE:
        found.append("may be kept")
    if "location" in answer.headers and not re.fullmatch(r"/(?![/\\])[^\\\s]*", answer.headers["location"]):
        found.append(f"leads to {answer.headers['location']}")
    if any("\r" in value or "\n" in value or f"{MARK}=1" in name for name, value in answer.headers.items()):
        found.append("a header of the attack's own")
    if any(MARK in cookie or "HttpOnly" not in cookie for cookie in answer.cookies):
        found.append("a cookie of the attack's own")
    if answer.headers.get("content-type", "").startswith("text/html"):
        if f"<script>{MARK}" in answer.text or f"49{MARK}" in answer.text:
            found.append("what was sent is run")
        if PLACES.search(answer.text):
            found.append(f"says where it runs: {place_said(answer.text)}")
    return [f"{attack}: {one}" for one in found]


def place_said(text: str) -> str:
    """The place of a bug that a page tells of, or of the machine."""
    found = re.search(r"A bug in Data Wash: [^.]*\.[^.]*|" + PLACES.pattern, text)
    return found[0] if found else ""


def filled(page: Page, parts: Mapping[str, str]) -> str:
    """The address of `page` with `parts` as they are."""
    path = page.path
    for name, value in parts.items():
        path = path.replace("{" + name + "}", value)
    return path


def on_parts(page: Page, known: Mapping[str, object], payloads: Iterable[str]) -> Iterator[str]:
    """The addresses of `page` with each of `payloads` for each of its parts in turn, the others being right."""
    names = re.findall(r"{(\w+)}", page.path)
    right = {name: quote(str(known.get(name, "xlsx"))) for name in names}
    for name in names:
        for payload in payloads:
            yield filled(page, right | {name: payload})


def queries(values: Iterable[str]) -> Iterator[bytes]:
    """Every key at once with a value, in turn; twice over; and what is no query."""
    for value in values:
        yield urlencode([(key, value) for key in KEYS]).encode()
    yield urlencode([(key, value) for key in KEYS for value in ("1", "list", "")]).encode()
    yield from (b"&&&=&=", b"page", b"page=%", b"%00=%00", b"page=%FF&next=%ED%A0%80", b"a" * 8000, b"page[]=1",
    b"?" * 50)


def snapshot(outputs: Path) -> dict[str, tuple[int, int]]:
    """Every file of the outputs folder that a visit may not change, by size and time."""
    kept = (path for path in outputs.rglob("*") if path.is_file())
    mine = ("audit_log.jsonl", ".audit_log.jsonl.lock", "pages/")
    return {
        name: (path.stat().st_size, path.stat().st_mtime_ns)
        for path in kept
        if not (name := path.relative_to(outputs).as_posix()).startswith(mine)
    }


def bombs() -> dict[str, bytes]:
    """Files that look like a workbook and are something else, by what they are."""
    sheet = b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData/></worksheet>"
    entity = b"<!DOCTYPE a [<!ENTITY b 'x'>" + b"".join(
        b"<!ENTITY b%d '%b'>" % (at, b"&b%d;" % (at - 1) * 10 if at else b"&b;") for at in range(9)
    ) + b"]><worksheet>&b8;</worksheet>"  # fmt: skip
    outside = b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><worksheet>&x;</worksheet>"
    return {
        "nothing": b"", "a byte": b"P", "no zip": b"PK\x03\x04" + b"\x00" * 100, "text": b"answer,reason\n=1+1,x\n",
        "old excel": bytes.fromhex("d0cf11e0a1b11ae1") + b"\x00" * 600, "a program": b"\x7fELF" + b"\x00" * 600,
        "much in little": _book({"xl/worksheets/sheet1.xml": sheet + b" " * (30 << 20)}),
        "many files": _book({f"xl/{at}.xml": b"" for at in range(3000)}),
        "a way out": _book({"../../../evil.txt": b"x", "/evil.txt": b"x", "xl/worksheets/sheet1.xml": sheet}),
        "a book in a book": _book({"xl/worksheets/sheet1.xml": sheet, "inner.xlsx": _book({"a": b"x" * 1000})}),
        "entities": _book({"xl/worksheets/sheet1.xml": entity, "xl/workbook.xml": entity}),
        "a file of ours": _book({"xl/worksheets/sheet1.xml": outside, "xl/workbook.xml": outside}),
        "cut off": _book({"xl/worksheets/sheet1.xml": sheet})[:-30],
    }  # fmt: skip


def _book(files: Mapping[str, bytes]) -> bytes:
    """A workbook, as far as its first look goes, with more files in it."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **files}.items():
            book.writestr(name, content)
    return data.getvalue()


def multipart(token: str, name: str, data: bytes, files: int = 1) -> Attack:
    """A form that hands in a file so called."""
    end = b"\r\n--limit"
    head = b'\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\n\r\n' % name.encode()
    body = b'--limit\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n' + token.encode() + end
    body += (head + data + end) * files + b"--\r\n"
    return Attack("POST", "/review/upload", b"", (("content-type", "multipart/form-data; boundary=limit"),), body)
