"""The canary over files from outside: however a file is damaged, neither its refusal nor a count says what it held.

DATAWASH_FUZZ=all (`make test-privacy`) tries every extract in every form many times; else a part of it.
"""

import gzip
import io
import os
import random
import traceback
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from schemas.errors import ExtractRefusedError
from tests.fuzz.tables import reading_here
from tests.fuzz.trying import changed
from tests.pipeline.intake.folders import ingest, minimal
from tests.privacy.planted import PLAIN, canaries, planted_row


ALL = os.environ.get("DATAWASH_FUZZ") == "all"
TRIES = 50 if ALL else 3
MARK = b"zq"
"""How every planted text begins: a piece of one is as much as the whole."""


def _rows(extract: str) -> tuple[list[str], list[list[str]]]:
    row = planted_row(extract)
    return list(row), [list(row.values())] * 4


def _csv(extract: str, chance: random.Random) -> bytes:
    """Headings as they should be, and rows below them that are damaged."""
    headings, rows = _rows(extract)
    body = "\n".join(",".join(row) for row in rows).encode()
    return ",".join(headings).encode() + b"\n" + changed(body, (body,), (b",", b"\n", b'"'), chance)


def _xlsx(extract: str, chance: random.Random) -> bytes:
    headings, rows = _rows(extract)
    file = io.BytesIO()
    pd.DataFrame(rows, columns=headings).to_excel(file, index=False, engine="xlsxwriter")
    return changed(file.getvalue(), (file.getvalue(),), (b"PK", b"</c>", b"\0"), chance)


def _parquet(extract: str, chance: random.Random) -> bytes:
    headings, rows = _rows(extract)
    data = pd.DataFrame(rows, columns=headings).to_parquet(index=False)
    return changed(data, (data,), (b"PAR1", b"\0"), chance)


def _zip(extract: str, chance: random.Random) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(f"{extract}.csv", _csv(extract, chance))
    return file.getvalue()


FORMS: dict[str, Callable[[str, random.Random], bytes]] = {
    ".csv": _csv,
    ".xlsx": _xlsx,
    ".parquet": _parquet,
    ".csv.gz": lambda extract, chance: gzip.compress(_csv(extract, chance)),
    ".zip": _zip,
}
CASES = sorted({*((extract, ".csv") for extract in PLAIN), *(("asb", form) for form in FORMS)})


@pytest.mark.parametrize(("extract", "form"), CASES if not ALL else [(one, form) for one in PLAIN for form in FORMS])
def test_what_a_damaged_file_held_is_said_by_nobody(
    extract: str, form: str, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("damaged files tried", TRIES)
    for number in range(TRIES):
        folder = minimal(tmp_path / str(number))
        (folder / f"{extract}.csv").unlink(missing_ok=True)
        (folder / f"{extract}{form}").write_bytes(FORMS[form](extract, random.Random(f"{extract} {form} {number}")))
        said = _said(extract, folder)
        assert MARK not in said, (number, said)
        assert [one for one in canaries() if one in said] == [], (number, said)


def _said(extract: str, folder: Path) -> bytes:
    """Everything but the values of accepted rows and the restricted table: in small letters, its own places apart."""
    try:
        with reading_here():
            done = ingest(extract, folder, {"max_quarantined_share": 1.0})
    except ExtractRefusedError as error:
        assert error.__suppress_context__ or error.__context__ is None
        said = "".join(traceback.format_exception_only(error))
    else:
        said = done.quarantine.to_csv() + repr(done.notes) + repr([file.model_dump() for file in done.files])
    return said.replace(str(folder), "").lower().encode()
