"""Which engine takes the steps: the one asked for, else Prefect where a server is set; and what is said if it fails."""

import pytest

from cli.engine import Engine, engine_for
from tests.builders import AS_OF, write_four_families


NOBODY = "http://127.0.0.1:9/api"


def test_a_configured_server_is_used_and_its_silence_told(datawash, environment, tmp_path) -> None:
    extracts = write_four_families(tmp_path / "extracts")
    ran = datawash("wash", extracts, "--as-of", AS_OF, env=environment(PREFECT_API_URL=NOBODY))
    assert ran.code == 6
    assert ran.err.startswith("Washing extracts as a Prefect flow.\n")
    assert "does not answer" in ran.err
    assert "--plain" in ran.err


def test_plain_needs_no_server_whatever_is_configured(look, first_wash, monkeypatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", NOBODY)
    again = look("wash", first_wash.extracts, "--as-of", AS_OF, "--plain", "--outputs", first_wash.outputs, "--json")
    assert (again.code, again.facts["engine"], again.facts["already"]) == (0, "plain", True)


@pytest.mark.parametrize("content", ["[schedule]\ncrom = '0 6 2 * *'\n", "[schedule]\ncron = 'monthly'\n"])
def test_a_schedule_that_makes_no_sense_is_not_served(datawash, tmp_path, content: str) -> None:
    (tmp_path / "wash.toml").write_text(content, encoding="utf-8")
    ran = datawash("schedule", "--settings", "wash.toml")
    assert ran.code == 3
    assert "cron" in ran.err
    assert "Traceback" not in ran.err


def test_settings_that_name_a_cluster_want_prefect_and_plain_does_without(tmp_path, monkeypatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    settings = tmp_path / "wash.toml"
    settings.write_text('[cluster]\nscheduler = "tcp://127.0.0.1:8786"\n', encoding="utf-8")
    assert engine_for(None, settings) is Engine.PREFECT
    assert engine_for(False, settings) is Engine.PLAIN
    assert engine_for(None) is Engine.PLAIN
