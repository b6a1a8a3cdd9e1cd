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
import numpy as np
import numpy.typing as npt
import shapely
from shapely import LinearRing, MultiPolygon, Polygon

from orchestration.errors import SettingsError
from orchestration.settings import PREFIX

BOX = 1000.0
# Where a file may keep the code of the commune.
CODE_PROPERTIES = ("commune_code", "ma_xa", "maxa")
# What lies nearer to an outline than this, in the box, a screen cannot tell from it.
_TOLERANCE = 0.5

Area = Polygon | MultiPolygon


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
    except (OSError, ValueError, KeyError, TypeError, IndexError, shapely.GEOSException) as error:
        raise SettingsError(
            f"{PREFIX}BOUNDARIES: không đọc được ranh giới trong {file} ({type(error).__name__}: {error}). "
            "Cần GeoJSON gồm Polygon hoặc MultiPolygon theo kinh độ, vĩ độ, có mã xã 5 chữ số ở "
            f"{' hoặc '.join(CODE_PROPERTIES)}."
        ) from error
    if not areas:
        raise SettingsError(f"{PREFIX}BOUNDARIES: {file} không có ranh giới xã, phường nào.")
    west, south, east, north = (float(side) for side in shapely.total_bounds(list(areas.values())))
    # A degree of longitude is shorter than one of latitude.
    squeeze = math.cos(math.radians((north + south) / 2))
    scale = BOX / (max((east - west) * squeeze, north - south) or 1.0)

    def project(degrees: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return (degrees - (west, north)) * (squeeze * scale, -scale)

    return tuple(_boundary(code, shapely.transform(area, project)) for code, area in sorted(areas.items()))


def write_boundaries(boundaries: Iterable[Boundary], file: Path) -> None:
    """Keep them as Parquet, for dbt to read."""
    rows = [(area.commune_code, area.path, area.x, area.y) for area in boundaries]
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "create table area (commune_code varchar, path varchar, label_x double, label_y double)"
        )
        connection.executemany("insert into area values (?, ?, ?, ?)", rows)
        connection.table("area").write_parquet(str(file))


def _areas(content: Any) -> Iterator[tuple[str, Area]]:
    for feature in content["features"]:
        properties = {str(name).lower(): value for name, value in feature["properties"].items()}
        codes = [str(properties[name]).zfill(5) for name in CODE_PROPERTIES if name in properties]
        yield codes[0], _area(feature["geometry"])


def _area(geometry: Any) -> Area:
    """One geometry of GeoJSON; an outline that crosses itself, as drawn ones may, is mended."""
    area = shapely.force_2d(shapely.geometry.shape(geometry))
    west, south, east, north = area.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError(f"{west}, {south}, {east}, {north}")
    if not area.is_valid:
        area = shapely.make_valid(area, method="structure", keep_collapsed=False)
    if not isinstance(area, Area) or area.is_empty:
        raise ValueError(area.geom_type)
    return area


def _boundary(code: str, area: Area) -> Boundary:
    """The outline without points that a screen cannot tell apart; the symbol stands in the largest part."""
    parts = _parts(area)
    drawn = "".join(_path(ring) for part in parts for ring in _rings(part))
    place = max(parts, key=lambda part: part.area).representative_point()
    return Boundary(code, drawn, round(place.x, 1), round(place.y, 1))


def _parts(area: Area) -> list[Polygon]:
    return [area] if isinstance(area, Polygon) else list(area.geoms)


def _rings(part: Polygon) -> Iterator[LinearRing]:
    simple = cast(Polygon, part.simplify(_TOLERANCE))
    yield simple.exterior
    yield from simple.interiors


def _path(ring: LinearRing) -> str:
    """``Z`` goes back to the first point, with which a ring ends."""
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in ring.coords[:-1]) + "Z"


def _short(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"  # + 0.0: no "-0"
