"""What an earlier version left is opened, shown, verified, gone on from, served and replayed by this one."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from starlette.testclient import TestClient

from cli import commands
from cli.guard import guarded
from pipeline.claims.register import check_register, read_register, standing_claims
from pipeline.decisions.opinions import read_opinions
from pipeline.decisions.store import check_decisions, read_decisions
from pipeline.record.audit_log import check_audit_log, read_events
from pipeline.record.code_version import code_version
from pipeline.record.manifest import Manifest, read_manifest
from pipeline.record.run import pointer_to
from pipeline.record.verify import verify_run
from pipeline.releases import read_releases
from pipeline.replay import list_compared, wash_again, why_differs
from schemas.errors import IntegrityError
from tests.upgrade.kept import FIRST, SECOND, kept_outputs
from tests.web.places import address, pages_to_see
from tests.web.signing import signed_in, somebody
from web.app import make_app, make_site
from web.door.entrance import open_entrance
from web.door.passwords import is_right
from web.door.roles import Role
from web.door.store import Store
from web.settings import PagesSettings


LINK = "{token}"
PASSWORD = "harbour lights and gulls"
DIGESTS = {
    FIRST: "faab7c4982384da8ef19f9fd3a5448947ac8aff631b30af1ba802514679474a0",
    SECOND: "541e8d3f24d82dd605601d78efab095e8de66604e315153f447bd72331a45262",
}
"""The digests of the manifests, as the earlier version gave them."""


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the earlier version left; only its audit log is written to."""
    return kept_outputs(tmp_path_factory.mktemp("kept"))


@pytest.fixture
def say(outputs: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """What a command says of it, as JSON, having ended well."""

    def run(*arguments: str) -> dict[str, Any]:
        given = [*arguments, "--outputs", str(outputs), "--json"]
        capsys.readouterr()
        code = guarded(lambda: commands.datawash.main(given, prog_name="datawash", standalone_mode=False) or 0)
        said = capsys.readouterr()
        assert code == 0, said.err
        return json.loads(said.out)

    return run


@pytest.mark.parametrize("run", [FIRST, SECOND])
def test_a_run_is_sound_and_has_the_digest_it_had(outputs: Path, run: str) -> None:
    found = verify_run(outputs / run)
    assert found.files > 90
    assert found.notes == ()
    assert pointer_to(outputs / run).sha256 == DIGESTS[run]
    assert read_manifest(outputs / run).code_version != code_version()


def test_a_run_that_was_changed_since_is_still_found_out(tmp_path: Path) -> None:
    outputs = kept_outputs(tmp_path)
    (outputs / SECOND / "master_list.csv").write_text("", encoding="utf-8")
    with pytest.raises(IntegrityError, match=r"changed: master_list\.csv"):
        verify_run(outputs / SECOND)


def test_decisions_claims_releases_and_the_audit_log_go_on(outputs: Path) -> None:
    assert check_decisions(outputs) == 1
    (opinion,) = read_opinions(read_decisions(outputs)).values()
    assert opinion.answer == "match"
    assert check_register(outputs) == 8
    (claim,) = standing_claims(read_register(outputs))
    assert (claim["family_ref"], claim["amount"]) == ("C1", 700)
    assert len(read_releases(outputs)) == 1
    assert check_audit_log(outputs) >= 16
    events = {event["event"] for event in read_events(outputs)}
    assert {"wash_published", "register_written", "packed", "profile_released", "replayed"} <= events


def test_accounts_sign_in_as_before(outputs: Path) -> None:
    with Store(outputs).read() as db:
        rows = {row["name"]: row for row in db.execute("SELECT * FROM account")}
    assert is_right(PASSWORD, rows["aud.auditor"]["password"])
    assert rows["gone.leaver"]["locked"] == 1
    assert json.loads(rows["cora.coordinator"]["areas"]) == ["SP4"]


def test_the_command_line_shows_it(say: Callable[..., dict[str, Any]]) -> None:
    assert [run["run"] for run in say("runs")["runs"]] == [FIRST, SECOND]
    assert say("show", "latest")["decisions"]["name"] == "decisions.jsonl"
    assert say("explain", SECOND, "F0000004")
    assert say("claims", "register")["claims"] == 1
    assert say("audit", "--event", "packed")["events"]
    assert len(say("accounts", "list")["accounts"]) == 3


def test_the_pages_show_it(outputs: Path) -> None:
    """Every page that is looked at, by somebody who may see them all; but that of a link, of which there is none."""
    site = make_site(outputs, PagesSettings(), open_entrance(outputs, PagesSettings()))
    everybody = signed_in(make_app(site), site, somebody(*Role, name="everybody"))
    found = {page.path: _code(everybody, address(page, outputs)) for page in pages_to_see() if LINK not in page.path}
    assert {path: code for path, code in found.items() if code not in (200, 303)} == {}
    assert len(found) > 20


def _code(client: TestClient, path: str) -> int:
    return client.get(path).status_code


def test_it_is_washed_again_on_its_previous_run_and_what_differs_is_named(outputs: Path, tmp_path: Path) -> None:
    before = read_manifest(outputs / SECOND)
    again = wash_again(outputs / SECOND, tmp_path / "again")
    place = tmp_path / "again" / "outputs"
    (run,) = place.glob("2014-*")
    for name, columns in {
        "members": ["household_id", "person_id", "role"],
        "master_list": ["rank", "family_id", "household_id", "rule"],
        "claims": ["family_ref", "status", "amount"],
        "identities": ["identity", "person_id"],
    }.items():
        pd.testing.assert_frame_equal(_table(run, name)[columns], _table(outputs / SECOND, name)[columns], obj=name)
    assert again.previous == before.previous
    assert (again.decisions, again.claims_register) == (before.decisions, before.claims_register)
    _each_difference_is_named(before, again)


def _each_difference_is_named(one: Manifest, two: Manifest) -> None:
    compared = list_compared(one, two)
    assert len(compared) > 60
    gone = [line.name for line in compared if line.rows_now is None and not line.is_file]
    assert gone == [], "a table that the earlier version wrote is written no more"
    assert f"code {one.code_version}" in why_differs(one, two)


def _table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_parquet(run / "tables" / f"{name}.parquet")
