"""The outlines of the council's areas, from the GeoJSON file that its settings name; decides no area of a family.

Coordinates may be degrees or metres of a national grid: they are drawn flat, so the way round a ring does not matter.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.record.manifest import Pointer
from pipeline.strict_toml import read_toml
from reports.quality.counted import Outline, Point
from schemas.errors import SettingsError


LARGEST = 20 << 20
FINEST = 600
"""Points nearer to each other than this part of the whole are one point: nobody sees the difference."""


def boundaries_file(path: Path | None) -> Path | None:
    """The file that the settings at `path` name as `areas.boundaries`. SettingsError where it cannot be used."""
    part = read_toml(path).get("areas") if path else None
    name = part.get("boundaries") if isinstance(part, dict) else None
    if path is None or not isinstance(name, str):
        return None
    named = path.parent / name
    if not named.is_file():
        raise SettingsError(f"{path.name}: areas.boundaries: There is no file {named.name} in {named.parent}.")
    read_boundaries(named, named.name)
    return named


def archived_boundaries(outputs: Path, pointer: Pointer | None) -> tuple[Outline, ...]:
    """The outlines that a run was washed with; none where it had none, or the archive has them no more."""
    if pointer is None or not (outputs / "archive" / pointer.sha256).is_file():
        return ()
    return read_boundaries(outputs / "archive" / pointer.sha256, pointer.name)


def read_boundaries(path: Path, name: str) -> tuple[Outline, ...]:
    """The outlines in a GeoJSON file, by the `name` among the properties of each feature.

    SettingsError, naming the file as `name`, where it is not GeoJSON, a feature has no name, or it holds no area.
    """
    if path.stat().st_size > LARGEST:
        raise SettingsError(f"{name} is larger than {LARGEST >> 20} MB. Take a generalised version of the boundaries.")
    try:
        features = json.loads(path.read_text(encoding="utf-8-sig"))["features"]
        found = [(_name(feature, name), list(_rings(feature["geometry"]))) for feature in features]
    except (ValueError, KeyError, TypeError, IndexError):
        raise SettingsError(f"{name} is not a GeoJSON collection of features that are polygons.") from None
    if not any(rings for _, rings in found):
        raise SettingsError(f"{name} holds no area.")
    return _flat(found)


def _name(feature: dict[str, Any], file: str) -> str:
    called = (feature.get("properties") or {}).get("name")
    if not isinstance(called, str) or not called.strip():
        raise SettingsError(f"{file}: a feature has no property 'name': it is what the area is called in the settings.")
    return " ".join(called.split())


def _rings(geometry: dict[str, Any]) -> Iterator[list[Point]]:
    kinds = {"Polygon": [geometry["coordinates"]], "MultiPolygon": geometry["coordinates"]}
    for polygon in kinds[geometry["type"]]:
        for ring in polygon:
            points = [(float(point[0]), float(point[1])) for point in ring]
            if not all(math.isfinite(part) for point in points for part in point):
                raise ValueError
            yield points


def _flat(found: list[tuple[str, list[list[Point]]]]) -> tuple[Outline, ...]:
    """The outlines on a plane, north up, with fewer points; degrees are narrowed to what they are at that latitude."""
    points = [point for _, rings in found for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    in_degrees = max(map(abs, (west, east))) <= 180 and max(map(abs, (south, north))) <= 90
    narrow = math.cos(math.radians((south + north) / 2)) if in_degrees else 1.0
    size = max((east - west) * narrow, north - south) or 1.0
    thinned = [(name, [_thinned(ring, (west, south), (narrow / size, 1 / size)) for ring in rings])
               for name, rings in found]
    return tuple(Outline(name, tuple(ring for ring in rings if len(ring) > 3)) for name, rings in thinned)


def _thinned(points: list[Point], corner: Point, scale: Point) -> tuple[Point, ...]:
    """A ring between 0 and 1, without points that lie on those before them; the first is the last again."""
    kept: list[Point] = []
    for x, y in points:
        at = (round((x - corner[0]) * scale[0], 4), round((y - corner[1]) * scale[1], 4))
        if not kept or math.dist(kept[-1], at) >= 1 / FINEST:
            kept.append(at)
    return (*kept, kept[0]) if kept and kept[-1] != kept[0] else tuple(kept)
