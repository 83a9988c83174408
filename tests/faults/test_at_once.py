"""Two who press at once: two washes, a wash and a download, a double click; one of them has it done, none does harm."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from starlette.testclient import TestClient

from pipeline.claims.register import read_register
from pipeline.decisions.store import DECIDED, read_decisions
from pipeline.record.audit_log import read_events
from pipeline.record.run import published_runs
from schemas.errors import LockedError, UsageError
from tests.builders import AS_OF, write_four_families
from tests.faults.acts import AT_ONCE, LINES
from tests.faults.conftest import ALL, Held, Tally
from tests.faults.trials import washed
from tests.flows.commands import datawash, environment


ROUNDS = 12 if ALL else 1


def _codes(told: list[str]) -> list[int]:
    (line,) = told
    return [int(code) for code in line.removeprefix("ended ").split(",")]


def test_of_several_washes_at_once_one_washes_and_the_others_are_told_so(held: Held, tally: Tally) -> None:
    for _ in range(ROUNDS):
        place, ended = held.disturbed("wash at once")
        codes = _codes(ended.told)
        assert set(codes) <= {0, LockedError.exit_code}
        assert 0 in codes
        assert len(washed(place)) == 1
        assert len(list(read_events(place.outputs, "wash_published"))) == 1
    tally("done at once", ROUNDS * AT_ONCE)
    assert held.amiss == []


def test_a_double_click_decides_once(held: Held, tally: Tally) -> None:
    for _ in range(ROUNDS):
        place, ended = held.disturbed("decide at once")
        assert _codes(ended.told) == [0] * AT_ONCE
        decided = [entry["review_id"] for entry in read_decisions(place.outputs) if entry["event"] == DECIDED]
        assert sorted(decided) == [f"R{number}" for number in range(LINES)]
    tally("done at once", ROUNDS * AT_ONCE)
    assert held.amiss == []


def test_a_double_click_signs_once_and_claims_once(held: Held, tally: Tally) -> None:
    for _ in range(ROUNDS):
        place, ended = held.disturbed("sign at once")
        assert _codes(ended.told) == [0, *[UsageError.exit_code] * (AT_ONCE - 1)]
        assert [entry["role"] for entry in read_register(place.outputs) if entry["event"] == "signed"] == ["preparer"]
        place, ended = held.disturbed("submit at once")
        assert _codes(ended.told) == [0] * AT_ONCE
        told = [entry["event"] for entry in read_register(place.outputs)]
        assert (told.count("claimed"), told.count("submitted")) == (2, 1)
    tally("done at once", 2 * ROUNDS * AT_ONCE)
    assert held.amiss == []


def test_lines_written_at_once_all_stand_and_a_file_is_always_a_whole_one(held: Held, tally: Tally) -> None:
    for _ in range(ROUNDS):
        place, ended = held.disturbed("log at once")
        assert _codes(ended.told) == [0] * AT_ONCE
        assert len(list(read_events(place.outputs, "explained"))) == AT_ONCE * LINES
        _, ended = held.disturbed("write same at once")
        assert _codes(ended.told) == [0] * AT_ONCE
    tally("done at once", 2 * ROUNDS * AT_ONCE)
    assert held.amiss == []


@pytest.mark.skipif(not ALL, reason="real washes beside the pages: make test-faults")
def test_a_download_while_a_wash_is_published_gives_one_list_or_the_other_whole(tmp_path: Path, tally: Tally) -> None:
    from tests.web.signing import signed_in, somebody
    from web.app import make_app, make_site
    from web.door.entrance import open_entrance
    from web.door.roles import Role
    from web.settings import PagesSettings

    extracts, outputs = write_four_families(tmp_path / "extracts"), tmp_path / "outputs"
    assert datawash("wash", extracts, "--as-of", AS_OF, "--outputs", outputs).code == 0
    site = make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))
    client = signed_in(make_app(site), site, somebody(Role.COORDINATOR))
    command = [sys.executable, "-m", "cli.main", "wash", str(extracts), "--as-of", "2013-10-01", "--outputs"]
    given: list[str] = []
    with subprocess.Popen([*command, str(outputs)], env=environment(), stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            given.append(_run_of_download(client))
    given.append(_run_of_download(client))
    tally("done at once", len(given))
    assert process.returncode == 0
    assert list(dict.fromkeys(given)) == [run.name.rsplit("-", 1)[1] for run in published_runs(outputs)]
    assert given == sorted(given, key=given.index)


def _run_of_download(client: TestClient) -> str:
    """The run that a downloaded list names, once every part of the workbook was found whole."""
    answer = client.get("/families/download/xlsx")
    assert answer.status_code == 200
    with ZipFile(BytesIO(answer.content)) as book:
        assert book.testzip() is None
        told = re.search(rb'name="wash_run".*?<vt:lpwstr>(\w+)<', book.read("docProps/custom.xml"))
    assert told
    return told[1].decode()
