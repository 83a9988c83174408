"""Files made to do harm are refused by the real process, in seconds, within its memory, and with no value shown."""

import resource
import time
import traceback
from pathlib import Path

import pytest

from pipeline.intake.reading import read_rows
from pipeline.intake.unreadable import Limits
from schemas.errors import ExtractRefusedError
from tests.fuzz.files import PACKED, WHOLE, cells, read, wrapped
from tests.fuzz.hostile import FILES, PLANTED


SECONDS = 20
LIMITS = Limits(size=100_000_000, memory=4 * 1024**3, seconds=SECONDS)
STEP = 5
"""One byte in so many is changed; `make fuzz` changes them by chance, and more of them."""


@pytest.mark.parametrize("name", FILES)
def test_a_file_made_to_do_harm_is_refused(tmp_path: Path, name: str) -> None:
    called, made = FILES[name]
    path = tmp_path / "3f5a"
    path.write_bytes(made())
    since, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ExtractRefusedError) as refused:
        read_rows(path, called, limits=LIMITS)
    assert time.monotonic() - since < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000
    assert str(refused.value).startswith(f"{called}: ")
    assert PLANTED.casefold() not in "".join(traceback.format_exception(refused.value)).casefold()


@pytest.mark.parametrize("name", PACKED)
@pytest.mark.parametrize("change", ["flipped", "cut"])
def test_a_file_that_holds_checksums_is_refused_or_the_same_whichever_byte_is_changed(name: str, change: str) -> None:
    whole = wrapped(name)
    for place in range(0, len(whole), STEP):
        changed = (
            whole[:place] if change == "cut" else whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :]
        )
        found = read(changed, name)
        if found is not None:
            assert sorted(map(sorted, cells(found))) == sorted(map(sorted, WHOLE))
