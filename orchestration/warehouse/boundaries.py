"""The communes' boundaries, if the province supplies them: a GeoJSON file made into what a page can draw.

The file is the province's own (``MOTCUA_BOUNDARIES``); without one the map shows squares. Coordinates are
degrees; they are brought into the box of 1000 x 1000 that the map's picture has, north up.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import duckdb

from orchestration.errors import SettingsError
from orchestration.settings import PREFIX

BOX = 1000.0
# Where a file may keep the code of the commune.
CODE_PROPERTIES = ("commune_code", "ma_xa", "maxa")

Point = tuple[float, float]
Ring = list[Point]


@dataclass(frozen=True)
class Boundary:
    """One commune: the path of its outline and the place of its symbol, in the box."""

    commune_code: str
    path: str
    x: float
    y: float


def load_boundaries(file: Path) -> tuple[Boundary, ...]:
    """Read, check and project the file.

    Raises:
        SettingsError: it cannot be read, is no GeoJSON of areas in degrees, or names no communes.
    """
    try:
        content: Any = json.loads(file.read_text(encoding="utf-8"))
        areas = dict(_areas(content))
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise SettingsError(
            f"{PREFIX}BOUNDARIES: không đọc được ranh giới trong {file} ({type(error).__name__}: {error}). "
            "Cần GeoJSON gồm Polygon hoặc MultiPolygon theo kinh độ, vĩ độ, có mã xã 5 chữ số ở "
            f"{' hoặc '.join(CODE_PROPERTIES)}."
        ) from error
    if not areas:
        raise SettingsError(f"{PREFIX}BOUNDARIES: {file} không có ranh giới xã, phường nào.")
    points = [point for rings in areas.values() for ring in rings for point in ring]
    west, south = min(x for x, _ in points), min(y for _, y in points)
    north = max(y for _, y in points)
    # A degree of longitude is shorter than one of latitude.
    squeeze = math.cos(math.radians((north + south) / 2))
    extent = max((max(x for x, _ in points) - west) * squeeze, north - south) or 1.0

    def project(ring: Ring) -> Ring:
        return [((x - west) * squeeze / extent * BOX, (north - y) / extent * BOX) for x, y in ring]

    return tuple(_boundary(code, [project(ring) for ring in rings]) for code, rings in sorted(areas.items()))


def write_boundaries(boundaries: Iterable[Boundary], file: Path) -> None:
    """Keep them as Parquet, for dbt to read."""
    rows = [(area.commune_code, area.path, area.x, area.y) for area in boundaries]
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "create table area (commune_code varchar, path varchar, label_x double, label_y double)"
        )
        connection.executemany("insert into area values (?, ?, ?, ?)", rows)
        connection.table("area").write_parquet(str(file))


def _areas(content: Any) -> Iterator[tuple[str, list[Ring]]]:
    for feature in content["features"]:
        properties = {str(name).lower(): value for name, value in feature["properties"].items()}
        codes = [str(properties[name]).zfill(5) for name in CODE_PROPERTIES if name in properties]
        kind, shapes = feature["geometry"]["type"], feature["geometry"]["coordinates"]
        polygons = [shapes] if kind == "Polygon" else shapes
        if kind not in ("Polygon", "MultiPolygon"):
            raise ValueError(kind)
        rings = [[_degrees(point) for point in ring] for polygon in polygons for ring in polygon]
        yield codes[0], rings


def _degrees(point: Any) -> Point:
    longitude, latitude = (float(value) for value in cast(list[Any], point)[:2])
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError(f"{longitude}, {latitude}")
    return longitude, latitude


def _boundary(code: str, rings: list[Ring]) -> Boundary:
    """The outline without points that a screen cannot tell apart; the symbol stands amid the longest ring."""
    drawn = "".join(_path(ring) for ring in rings)
    longest = max(rings, key=len)
    x = sum(point[0] for point in longest) / len(longest)
    y = sum(point[1] for point in longest) / len(longest)
    return Boundary(code, drawn, round(x, 1), round(y, 1))


def _path(ring: Ring) -> str:
    kept: Ring = []
    for x, y in ring:
        if not kept or math.dist(kept[-1], (x, y)) >= 1:
            kept.append((round(x, 1), round(y, 1)))
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"
