"""A province's own boundaries become paths in the map's box, or are refused with what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from orchestration.errors import SettingsError
from orchestration.warehouse.boundaries import BOX, load_boundaries, write_boundaries

SQUARE = [[[105.0, 20.0], [106.0, 20.0], [106.0, 21.0], [105.0, 21.0], [105.0, 20.0]]]
ISLAND = [[[106.5, 19.5], [106.6, 19.5], [106.6, 19.6], [106.5, 19.5]]]


def feature(code: Any, kind: str, coordinates: Any, name: str = "commune_code") -> dict[str, Any]:
    return {"properties": {name: code}, "geometry": {"type": kind, "coordinates": coordinates}}


def write(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def test_outlines_fill_the_box_with_north_up(tmp_path: Path) -> None:
    file = write(
        tmp_path / "a.geojson",
        feature("14758", "Polygon", SQUARE),
        feature(123, "MultiPolygon", [ISLAND, SQUARE], "MA_XA"),
    )
    small, square = sorted(load_boundaries(file), key=lambda area: area.commune_code)
    assert (small.commune_code, square.commune_code) == ("00123", "14758")
    assert small.path.count("M") == 2
    assert square.path.startswith("M0 ")
    assert square.path.endswith("Z")
    numbers = [float(number) for number in square.path.strip("MZ").replace("L", " ").split()]
    assert min(numbers) == 0
    assert max(numbers) <= BOX
    # The square's northern edge is the top; a degree of longitude is shorter than one of latitude.
    assert 0 < square.x < square.y < BOX


def test_points_that_a_screen_cannot_tell_apart_are_dropped(tmp_path: Path) -> None:
    dense = [[[105 + step / 10_000, 20.0] for step in range(10_001)] + [[106.0, 21.0], [105.0, 20.0]]]
    (area,) = load_boundaries(write(tmp_path / "a.geojson", feature("14758", "Polygon", dense)))
    assert area.path.count("L") == 2


def test_the_symbol_stands_in_the_commune_even_where_it_bends_round_another(tmp_path: Path) -> None:
    bend = [[0, 0], [3, 0], [3, 3], [2, 3], [2, 1], [1, 1], [1, 3], [0, 3], [0, 0]]
    file = write(tmp_path / "a.geojson", feature("14758", "Polygon", [bend]))
    (area,) = load_boundaries(file)
    third = BOX / 3
    assert area.y > 2 * third or not third < area.x < 2 * third


def test_an_outline_that_crosses_itself_is_drawn_as_the_areas_that_it_holds(tmp_path: Path) -> None:
    bow = [[105.0, 20.0], [106.0, 21.0], [106.0, 20.0], [105.0, 21.0], [105.0, 20.0]]
    (area,) = load_boundaries(write(tmp_path / "a.geojson", feature("14758", "Polygon", [bow])))
    assert area.path.count("M") == 2


@pytest.mark.parametrize(
    "features",
    [
        [],
        [feature("14758", "Point", [105.0, 20.0])],
        [feature("14758", "Polygon", [[[572_000.0, 2_200_000.0]]])],
        [feature("14758", "Polygon", SQUARE, "name")],
        [feature("14758", "Polygon", "here")],
    ],
)
def test_what_is_no_boundary_is_refused_with_a_sentence(
    tmp_path: Path, features: list[dict[str, Any]]
) -> None:
    file = write(tmp_path / "a.geojson", *features)
    with pytest.raises(SettingsError, match="MOTCUA_BOUNDARIES"):
        load_boundaries(file)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.geojson"):
        load_boundaries(tmp_path / "none.geojson")


def test_dbt_reads_what_was_written(tmp_path: Path) -> None:
    boundaries = load_boundaries(write(tmp_path / "a.geojson", feature("14758", "Polygon", SQUARE)))
    write_boundaries(boundaries, tmp_path / "b.parquet")
    read = duckdb.sql(
        f"select commune_code, path, label_x, label_y from '{tmp_path / 'b.parquet'}'"
    ).fetchall()
    assert read == [(area.commune_code, area.path, area.x, area.y) for area in boundaries]
