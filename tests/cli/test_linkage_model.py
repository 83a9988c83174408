"""`datawash linkage model`: a run's model as a file; a wash whose settings name it, its replay, and what is refused."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.prepare import Request, prepare
from pipeline.record.run import Run
from tests.builders import AS_OF
from tests.cli.conftest import Command, Washed


@pytest.fixture
def with_model(washed: Washed, look: Command, tmp_path: Path) -> Path:
    """The four families again, with settings that name the model of their wash."""
    folder = tmp_path / "again"
    shutil.copytree(washed.extracts, folder)
    saved = look("linkage", "model", "latest", "--out", tmp_path / "march.json", "--outputs", washed.outputs)
    assert saved.code == 0, saved.err
    assert washed.run.name in saved.out
    (folder / "wash.toml").write_text('[linkage]\nmodel = "../march.json"\n', encoding="utf-8")
    return folder


def test_a_wash_with_a_saved_model_is_another_wash_and_replays(
    washed: Washed, look: Command, with_model: Path, tmp_path: Path
) -> None:
    order = (
        "wash",
        with_model,
        "--as-of",
        AS_OF,
        "--outputs",
        washed.outputs,
        "--plain",
        "--previous",
        "none",
        "--json",
    )
    ran = look(*order)
    assert ran.code == 0, ran.err
    run = Path(ran.facts["path"])
    manifest, first = (json.loads((place / "manifest.json").read_text()) for place in (run, washed.run))
    assert manifest["run_id"] != first["run_id"]
    assert manifest["model"]["m"] == first["model"]["m"]
    assert "training_pairs_names" not in next(s for s in manifest["stages"] if s["name"] == "link")["counts"]
    assert (washed.outputs / "archive" / manifest["model_file"]["sha256"]).is_file()
    assert "march.json (sha256" in look("show", run.name, "--outputs", washed.outputs).out
    (tmp_path / "march.json").unlink()
    assert look("verify", run.name, "--outputs", washed.outputs).code == 0
    replayed = look("replay", run.name, "--outputs", washed.outputs, "--plain")
    assert replayed.code == 0, replayed.err
    assert look(*order).code == 3


def test_another_content_of_the_model_is_another_wash(washed: Washed, with_model: Path, tmp_path: Path) -> None:
    request = Request(with_model, date.fromisoformat(AS_OF), washed.outputs, previous="none")
    before = prepare(request)
    model = json.loads((tmp_path / "march.json").read_text())
    model["names_together"] *= 2
    (tmp_path / "march.json").write_text(json.dumps(model))
    after = prepare(request)
    assert isinstance(before, Run)
    assert isinstance(after, Run)
    assert after.run_id != before.run_id


def test_a_model_that_does_not_fit_is_refused_with_file_and_key(
    look: Command, with_model: Path, tmp_path: Path
) -> None:
    model = json.loads((tmp_path / "march.json").read_text())
    model["u"]["address"].pop("near")
    (tmp_path / "march.json").write_text(json.dumps(model))
    for command in (("wash", with_model, "--as-of", AS_OF, "--plain"), ("check", with_model)):
        ran = look(*command)
        assert ran.code == 3
        assert "wash.toml: linkage.model: march.json: u: not the levels of address" in ran.err
    (tmp_path / "march.json").unlink()
    ran = look("check", with_model)
    assert ran.code == 3
    assert "wash.toml: linkage.model: There is no model file march.json" in ran.err
