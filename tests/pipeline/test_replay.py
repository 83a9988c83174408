"""What a replay compares, and how each difference is told; nothing of a manifest leads out of its folder."""

from pathlib import Path

import pytest

from pipeline.record.manifest import Manifest, read_manifest
from pipeline.replay import compare_runs, lay_out, list_compared
from schemas.errors import IntegrityError, ReplayDiffersError
from tests.upgrade.kept import FIRST, kept_outputs


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    return read_manifest(kept_outputs(tmp_path_factory.mktemp("kept")) / FIRST)


def without_people(manifest: Manifest) -> Manifest:
    """The manifest of a wash that wrote no table of people."""
    stages = [stage.model_copy(update={"tables": tuple(table for table in stage.tables if table.name != "people")})
              for stage in manifest.stages]
    return manifest.model_copy(update={"stages": tuple(stages)})


def with_other_list(manifest: Manifest) -> Manifest:
    """The manifest of a wash whose master list has other bytes."""
    files = [file.model_copy(update={"sha256": "0" * 64}) if file.file == "master_list.csv" else file
             for file in manifest.outputs]
    return manifest.model_copy(update={"outputs": tuple(files)})


def test_a_run_is_equal_to_itself(manifest: Manifest) -> None:
    found = compare_runs(manifest, manifest)
    assert found.tables + found.files == len(list_compared(manifest, manifest))
    assert found.files > 10


def test_a_table_that_was_not_written_again_is_a_difference(manifest: Manifest) -> None:
    (line,) = [line for line in list_compared(manifest, without_people(manifest)) if not line.same]
    assert (line.stage, line.name, line.is_file, line.rows_now) == ("link", "people", False, None)
    assert line.rows_then
    with pytest.raises(ReplayDiffersError, match=r"differs: stage 'link' wrote no table people\.$"):
        compare_runs(manifest, without_people(manifest))


def test_a_list_with_other_bytes_is_a_difference_and_the_rest_are_counted(manifest: Manifest) -> None:
    with pytest.raises(ReplayDiffersError, match=r"differs: file master_list\.csv has other bytes\.$"):
        compare_runs(manifest, with_other_list(manifest))
    with pytest.raises(ReplayDiffersError, match=r"no table people\. \(1 more differ\.\)"):
        compare_runs(manifest, with_other_list(without_people(manifest)))


@pytest.mark.parametrize("path", ["../out.csv", "/out.csv", "below/../../out.csv"])
def test_a_manifest_that_names_a_file_elsewhere_lays_out_nothing(manifest: Manifest, path: str, tmp_path: Path) -> None:
    crafted = manifest.model_copy(update={"inputs": (manifest.inputs[0].model_copy(update={"path": path}),)})
    with pytest.raises(IntegrityError, match="names a file outside the folder of extracts"):
        lay_out(crafted, tmp_path / "archive", tmp_path / "extracts")
    assert [one.name for one in tmp_path.rglob("*")] == ["extracts"]
