"""The outlines of areas: from degrees or metres, either way round, and refused with what is wrong with the file."""

import json
from pathlib import Path

import pytest

from pipeline.boundaries import LARGEST, archived_boundaries, boundaries_file, read_boundaries
from pipeline.record.manifest import Pointer
from schemas.errors import SettingsError


def feature(name: object, ring: list[list[float]], **geometry: object) -> dict:
    return {"type": "Feature", "properties": {"name": name},
            "geometry": {"type": "Polygon", "coordinates": [ring]} | geometry}


def written(path: Path, *features: dict) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


SQUARE = [[0.0, 0.0], [1000.0, 0.0], [1000.0, 1000.0], [0.0, 1000.0], [0.0, 0.0]]


def test_metres_become_a_plane_of_one_with_north_up(tmp_path: Path) -> None:
    (found,) = read_boundaries(written(tmp_path / "areas.geojson", feature(" Harbour  Ward ", SQUARE)), "areas.geojson")
    assert found.name == "Harbour Ward"
    assert found.rings == (((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),)


def test_degrees_are_narrowed_to_what_they_are_so_far_north(tmp_path: Path) -> None:
    tall = [[-2.0, 59.5], [-1.0, 59.5], [-1.0, 60.5], [-2.0, 60.5], [-2.0, 59.5]]
    (square,) = read_boundaries(written(tmp_path / "a", feature("Harbour", tall)), "a")
    assert max(x for x, _ in square.rings[0]) == pytest.approx(0.5, abs=0.01)


def test_parts_and_holes_are_rings_and_points_that_nobody_sees_apart_are_one(tmp_path: Path) -> None:
    fine = [[x / 10, 0.0] for x in range(10_000)] + [[1000.0, 1000.0], [0.0, 0.0]]
    many = {"type": "MultiPolygon", "coordinates": [[SQUARE, SQUARE], [fine]]}
    (found,) = read_boundaries(written(tmp_path / "a", feature("Harbour", [], **many)), "a")
    assert len(found.rings) == 3
    assert len(found.rings[2]) < 700


@pytest.mark.parametrize(("content", "said"), [
    ("no json", "is not a GeoJSON collection"),
    ("{}", "is not a GeoJSON collection"),
    (json.dumps({"features": [{"geometry": {"type": "Point", "coordinates": [1, 2]}, "properties": {"name": "A"}}]}),
     "is not a GeoJSON collection"),
    (json.dumps({"features": [feature("A", [[0, 0], [float("nan"), 1], [1, 1], [0, 0]])]}), "is not a GeoJSON"),
    (json.dumps({"features": []}), "holds no area"),
    (json.dumps({"features": [feature(None, SQUARE)]}), "has no property 'name'"),
])
def test_a_file_that_cannot_be_used_is_refused_by_name(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "areas.geojson").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError, match=said):
        read_boundaries(tmp_path / "areas.geojson", "areas.geojson")


def test_a_file_that_is_too_large_is_refused_with_what_to_take_instead(tmp_path: Path) -> None:
    path = written(tmp_path / "areas.geojson", feature("Harbour", SQUARE))
    with path.open("ab") as file:
        file.write(b" " * (LARGEST - path.stat().st_size))
    assert read_boundaries(path, "areas.geojson")
    with path.open("ab") as file:
        file.write(b" ")
    with pytest.raises(SettingsError, match="areas.geojson is larger than 20 MB. Take a generalised version"):
        read_boundaries(path, "areas.geojson")


def test_settings_name_the_file_beside_them_and_it_must_be_there(tmp_path: Path) -> None:
    settings = tmp_path / "wash.toml"
    settings.write_text('[areas]\nboundaries = "map/areas.geojson"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="areas.boundaries: There is no file areas.geojson"):
        boundaries_file(settings)
    (tmp_path / "map").mkdir()
    written(tmp_path / "map/areas.geojson", feature("Harbour", SQUARE))
    assert boundaries_file(settings) == tmp_path / "map/areas.geojson"
    assert boundaries_file(None) is None


def test_a_run_whose_archive_has_lost_the_outlines_is_drawn_without(tmp_path: Path) -> None:
    assert archived_boundaries(tmp_path, None) == ()
    assert archived_boundaries(tmp_path, Pointer(name="areas.geojson", sha256="0" * 64)) == ()
