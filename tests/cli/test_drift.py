"""A drift of linkage's model is a warning of the run: said by the wash and by `show`, in the manifest, in a table."""

import json
import shutil
from pathlib import Path

import pandas as pd

from tests.builders import AS_OF
from tests.cli.conftest import Command, Washed


def test_the_first_of_its_line_is_compared_with_none(washed: Washed, look: Command) -> None:
    assert "compared with none: this run follows no other" in look("show", "latest", "--outputs", washed.outputs).out
    assert len(washed.table("model_drift")) == 0


def test_a_drift_is_a_warning_and_no_failure(washed: Washed, look: Command, tmp_path: Path) -> None:
    folder = tmp_path / "next"
    shutil.copytree(washed.extracts, folder)
    head, *rows = (folder / "attendance.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "attendance.csv").write_text("".join([head, *rows[:6]]), encoding="utf-8")
    (folder / "wash.toml").write_text("[linkage.drift]\nstability = 1e-9\nweight_bits = 1e-6\n", encoding="utf-8")
    ran = look("wash", folder, "--as-of", AS_OF, "--outputs", washed.outputs, "--plain")
    assert ran.code == 0, ran.err
    assert "Warning: Linkage drifts: " in ran.out
    assert "more warnings in manifest.json and tables/model_drift.parquet" in ran.out
    (run,) = set(washed.outputs.glob(f"{AS_OF}-*")) - {washed.run}
    manifest = json.loads((run / "manifest.json").read_text())
    (link,) = [stage for stage in manifest["stages"] if stage["name"] == "link"]
    assert manifest["model"]["compared"] == washed.run.name
    table = pd.read_parquet(run / "tables" / "model_drift.parquet")
    assert table["warned"].sum() == len(link["warnings"]) > 5
    shown = look("show", run.name, "--outputs", washed.outputs).out
    assert f"compared with {washed.run.name}: {len(link['warnings'])} warnings" in shown
    assert f"warning: {link['warnings'][-1]}" in shown
    assert look("replay", run.name, "--outputs", washed.outputs, "--plain").code == 0
