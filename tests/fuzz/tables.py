"""Whole tables, and files of ours: extracts, headers, proposals, settings, judgements, chained files."""

import atexit
import hashlib
import io
import json
import shutil
import tempfile
import tomllib
import zipfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from criteria.panel_forms import Ids, read_forms
from pipeline import judgements
from pipeline.claims.register import parse_register
from pipeline.config import load_settings
from pipeline.decisions.store import parse_decisions
from pipeline.intake import mapping
from pipeline.intake.asked import Asked
from pipeline.intake.contents import contents_of
from pipeline.intake.distinct import tidy
from pipeline.intake.headers import Headers
from pipeline.intake.ingest import ingest_source
from pipeline.intake.proposal import propose_mapping
from pipeline.intake.reading import Rows, refusing, rows_of
from pipeline.intake.settings import Layout
from pipeline.intake.sources import Part, Source, SourceFile
from pipeline.intake.unreadable import Limits
from reports.workbook import Cover, Sheet, write_workbook
from schemas.codes import plain
from schemas.errors import DataWashError, ExtractRefusedError, SettingsError
from schemas.extracts import EXTRACTS
from tests.builders import four_families
from tests.fuzz.files import XML
from tests.fuzz.trying import READ, REFUSED, Target, Tried
from web.review import sheets


AS_OF = date(2013, 9, 30)
TEXTS = "xl/sharedStrings.xml"
TEXT = pd.StringDtype("pyarrow")
LIMITS = Limits(size=4_000_000, cells=400_000)
NAMES = ("attendance", "asb", "youth_offending", "dwp_benefits", "panel_forms", "contacts")
FORM = (
    b"family_id,agency,known_to_us,working_since,service,we_would_lead,view,note,decision,decided_on,come_back_on\n"
    b"F0000001,Housing,Y,2013-01-02,Family support,Y,put forward,a note,,,\nF0000002,Panel,,,,,,,accepted,03/09/2013,\n"
)


def rows_in(data: bytes, name: str) -> Rows:
    """The rows of a file, read in this process; ExtractRefusedError as elsewhere."""
    with refusing(name):
        return rows_of(contents_of(data, Asked(Path("x"), name, limits=LIMITS)))


@cache
def scratch() -> Path:
    """A folder in memory where there is one: the product reads settings and extracts from paths."""
    shared = Path("/dev/shm")  # noqa: S108 - a folder of its own in it
    place = tempfile.mkdtemp(prefix="datawash-fuzz-", dir=shared if shared.is_dir() else None)
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return Path(place)


@cache
def extracts() -> tuple[bytes, ...]:
    """A small extract of each kind, its number first."""
    made = {}
    for name, rows in four_families().items():
        flat = [row for one in rows for row in (one if isinstance(one, list) else [one])]
        headings = list(dict.fromkeys(heading for row in flat for heading in row))
        lines = [headings, *([row.get(heading, "") for heading in headings] for row in flat[:4])]
        made[name] = "\n".join(
            ",".join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines
        ).encode()
    made["panel_forms"] = FORM
    return tuple(bytes([48 + number]) + made[name] for number, name in enumerate(NAMES) if name in made)


def try_extract(data: bytes) -> Tried:
    """An extract through the door: rows are kept or rejected, each said; what is kept says what its row says."""
    extract = NAMES[(data[0] if data else 0) % len(NAMES)]
    path, content = scratch() / "x", data[1:]
    path.write_bytes(content)
    file = SourceFile(f"{extract}.csv", hashlib.sha256(content).hexdigest(), len(content), path)
    try:
        with reading_here():
            done = ingest_source(Source(extract, (Part(Layout(), (file,)),), max_quarantined_share=1.0), as_of=AS_OF)
    except ExtractRefusedError:
        return REFUSED
    rows = rows_in(content, f"{extract}.csv")
    assert len(done.clean) + len(done.quarantine) == len(rows.frame)
    if extract == "panel_forms":
        _take_forms(done.clean)
    _hold(done.clean, rows, [name for name in ("surname", "forename", "note") if name in done.clean])
    return READ


def _take_forms(clean: pd.DataFrame) -> None:
    """What forms say is said of a family that is known; every row filled in is an answer, a decision or an issue."""
    parts = pd.DataFrame({"family_id": [], "part": [], "seen_on": pd.to_datetime([])}).astype({"family_id": TEXT})
    known = frozenset({"F0000001", "F0000002"})
    read = read_forms(clean, Ids(known, {}, parts), pd.Timestamp(AS_OF))
    told = {*read.answers["family_id"], *read.decisions["family_id"]}
    assert told <= known
    filled = read.counts["panel_form_rows"] - read.counts["panel_form_rows_not_filled_in"]
    assert bool(filled) == bool(len(read.answers) + len(read.decisions) + len(read.issues))


@cache
def answered() -> bytes:
    """A workbook of answers as the pages make one, two of its rows filled in."""
    columns = [*sheets.FILL, *sheets.BEHIND]
    rows = [("same", "same address", "a note", "R1", "aa", "bb"), ("different", None, None, "R2", "cc", "dd")]
    out = io.BytesIO()
    cover = Cover("Answers", "Borough", "OFFICIAL", AS_OF, "abc123")
    write_workbook(out, cover, [Sheet(sheets.TITLE, pd.DataFrame(rows, columns=columns).astype(TEXT))])
    return out.getvalue()


@cache
def upload_parts() -> dict[str, bytes]:
    """What the workbook of answers is made of."""
    with zipfile.ZipFile(io.BytesIO(answered())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def try_upload(data: bytes) -> Tried:
    """A workbook handed in on the page of review, its texts changed: rows of texts with a number each, or refused."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in (upload_parts() | {TEXTS: data}).items():
            archive.writestr(zipfile.ZipInfo(name), part)
    try:
        with reading_here():
            rows, numbers = sheets._read(out.getvalue())
    except DataWashError:
        return REFUSED
    assert len(rows) == len(numbers)
    assert all(
        isinstance(text, str) and set(row) == {*sheets.FILL, *sheets.BEHIND} for row in rows for text in row.values()
    )
    return READ


class reading_here:  # noqa: N801 - a context
    """Files are read in this process meanwhile: a case is too small to go to another for."""

    def __enter__(self) -> None:
        self._kept = mapping.read_rows
        mapping.read_rows = sheets.read_rows = self._read

    def __exit__(self, *error: object) -> None:
        mapping.read_rows = sheets.read_rows = self._kept

    def _read(self, path: Path, name: str, **how: Any) -> Rows:
        with refusing(name):
            return rows_of(contents_of(path.read_bytes(), Asked(path, name, **how | {"limits": LIMITS})))


def _hold(clean: pd.DataFrame, rows: Rows, names: list[str]) -> None:
    headings = {plain(heading): heading for heading in rows.frame}
    place = {int(number): at for at, number in enumerate(rows.row_numbers)}
    at = [place[int(number)] for number in clean["row_number"]]
    for name in names:
        if name not in headings:
            continue
        texts = pa.array(rows.frame[headings[name]].iloc[at], pa.large_string(), from_pandas=True)
        given = tidy(texts).to_pylist()
        for kept, was in zip(clean[name].tolist(), given, strict=True):
            assert kept is pd.NA or kept is None or kept == was, "another row's value"


def try_headers(data: bytes) -> Tried:
    """A file's own headers: each canonical name finds the column that is called so, or none."""
    try:
        rows = rows_in(data, "asb.csv")
        headers = Headers(rows, "asb.csv")
    except ExtractRefusedError:
        return REFUSED
    for spec in EXTRACTS.values():
        for name in spec.columns:
            found = headers.find(name)
            assert found is None or plain(found) == plain(name)
            assert found is not None or name not in rows.frame
            if found is not None:
                kept = [None if value is pd.NA else value for value in rows.frame[found].tolist()]
                assert headers.text(found).to_pylist() == kept
    return READ


def try_proposal(data: bytes) -> Tried:
    """A mapping proposed: TOML that reads, naming headers that the file has."""
    try:
        rows = rows_in(data, "asb.csv")
        proposal = propose_mapping(rows, None, file="asb.csv")
    except DataWashError:
        return REFUSED
    said = tomllib.loads(proposal.toml)
    assert {header for column in proposal.columns for header in column.headers} <= set(rows.frame)
    assert set(said) <= {"extracts"}
    return READ


def try_settings(data: bytes) -> Tried:
    """Settings: what TOML says is what is set, or the mistake is named."""
    path = scratch() / "wash.toml"
    path.write_bytes(data)
    try:
        settings = load_settings(path)
    except SettingsError as error:
        assert str(error)
        return REFUSED
    said = tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n"))
    assert said.keys() <= type(settings).model_fields.keys()
    for name, value in said.get("authority", {}).items():
        assert getattr(settings.authority, name) == value
    assert settings.digest() == load_settings(path).digest()
    return READ


def try_judgements(data: bytes) -> Tried:
    """A file of judgements: every answered row is a decision with who took it, or the first that is none is named."""
    try:
        rows = rows_in(data, "judgements.csv")
        found = judgements._read_table(rows, "judgements.csv", None)
    except DataWashError:
        return REFUSED
    assert len(found.frame) + found.unanswered == len(rows.frame)
    assert found.frame["judgement"].isin(["match", "no_match", "same_household", "other_household"]).all()
    assert found.frame["decided_by"].notna().all()
    return READ


def chained(parse: Callable[[bytes], Any]) -> Callable[[bytes], Tried]:
    """A chained file: what is read follows line from line, by a chain made here; and it is what stands there."""

    def attempt(data: bytes) -> Tried:
        try:
            found = parse(data)
        except DataWashError:
            return REFUSED
        lines, before = data.splitlines()[: len(found.entries)], hashlib.sha256(b"").hexdigest()
        for line, entry, digest in zip(lines, found.entries, found.digests, strict=True):
            assert json.loads(line) == entry
            assert entry["before"] in (before, None) or entry is found.entries[0]
            before = hashlib.sha256(line).hexdigest()
            assert digest == before
        return READ

    return attempt


@cache
def chain() -> bytes:
    """Three lines that follow from each other."""
    from pipeline.record.chain import FIRST

    before, lines = FIRST, []
    for number in range(3):
        line = json.dumps(
            {"event": "decided", "number": number, "answer": "match", "who": "R", "before": before}
        ).encode()
        lines.append(line)
        before = hashlib.sha256(line).hexdigest()
    return b"\n".join(lines) + b"\n"


SETTINGS = (
    b'[authority]\nname = "Borough"\nmarking = "OFFICIAL"\n[extracts.asb]\nfiles = ["asb-*.csv"]\nencoding = "utf-8"\n'
    b'[extracts.asb.columns]\nsurname = "Last name"\n[extracts.asb.values.kind]\n"Noise" = "contract"\n',
    b'[criteria]\nlocal = ["child_in_need"]\n[linkage]\nreview_most = 50\n[schedule]\ncron = "0 6 2 * *"\n'
    b'[inbox]\npath = "{month}"\nrequired = ["attendance"]\n[review]\nsampled = 3\n[areas]\n',
    b'[cluster]\nscheduler = "tls://10.0.0.5:8786"\nca = "a"\ncert = "b"\nkey = "c"\n'
    b'[notify]\nsmtp = "x"\nsender = "a@b"\nto = ["c@d"]\n',
)
JUDGED = (
    b"left_id,right_id,judgement,decided_by,decided_on,reason,left_hash,right_hash\n"
    b"a:1:2,b:1:3,match,R. Reader,2013-09-01,,,\na:1:4,b:1:5,no match,R. Reader,01/09/2013,,aa,bb\na:1:6,b:1:7,,,,,,\n",
    b"review_id,judgement,decided_by,kind\nR1,same_household,R,household\nR2,match,R,pair\n",
)
CELLS = (
    b",",
    b"\n",
    b'"',
    b"date_of_birth",
    b"surname",
    b"2013-09-01",
    b"01/02/2003",
    b"Y",
    b"match",
    b"F0000001",
    b"'; DROP",
)
TOML = (
    b"=",
    b"[",
    b"]",
    b'"',
    b"[[extracts.asb.join]]\n",
    b"true",
    b"1979-05-27",
    b"-1",
    b"1e400",
    b"inf",
    b"{",
    b"}",
    b"\n",
    b"from_name = 'a_{term}'\n",
    b"files = ['[*']\n",
    b"files = ['../x']\n",
    b"dates.event_date = '%Q'\n",
)
JSON = (b"{", b"}", b'"before"', b"null", b"\n", b"[]", b"1", b'"', b",", b"\\ud800", b"NaN", b"1" * 5000)
TARGETS = (
    Target("extracts", extracts(), CELLS, try_extract, 1, guided=False),
    Target("headers", tuple(data[1:] for data in extracts()), CELLS, try_headers, 10),
    Target("proposals", tuple(data[1:] for data in extracts()), CELLS, try_proposal, 0.1, guided=False),
    Target("uploads", (upload_parts()[TEXTS],), (*XML, b"match", b"R1", b"Answer"), try_upload, 2, guided=False),
    Target("settings", SETTINGS, TOML, try_settings, 6),
    Target("judgements", JUDGED, CELLS, try_judgements, 3, guided=False),
    Target("decisions", (chain(),), JSON, chained(parse_decisions), 12),
    Target("claims register", (chain(),), JSON, chained(parse_register), 12),
)
