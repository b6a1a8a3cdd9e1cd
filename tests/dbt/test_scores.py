"""The 766 score of the province whose figures were read on the portal: Gia Lai on 10 October 2026.

The points are asked for where readers ask: in a release, inside its sandbox.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dbt.contracts.graph.manifest import Manifest

from orchestration.home import Home
from orchestration.release.copying import attach, copy_macros, copy_tables
from orchestration.release.reader import connect_file
from tests.support.dbt import build
from tests.support.lake import Lake, dossier

NOW = datetime(2026, 10, 10, 18)
FIRST = datetime(2026, 3, 2, 8)
VAN_CANH, DAK_SONG, IA_DOM, TWIN, IDLE, SILENT = "21994", "23842", "23872", "21609", "21616", "21607"
PROFILE = "766-2026"


def finished(commune: str, count: int, late: int, **shares: int) -> Iterator[dict[str, Any]]:
    """``count`` finished dossiers, ``late`` of them late; of ``shares`` columns so many are true."""
    due = FIRST + timedelta(days=2)
    for number in range(count):
        ended = due + timedelta(hours=1 if number < late else -1)
        flags = {column: number < amount for column, amount in shares.items()}
        yield dossier(
            f"{commune}-{number}", FIRST, due_at=due, finished_at=ended, status_code=9, fee_amount=0, **flags
        )


def complaint(commune: str, number: int, **values: Any) -> dict[str, Any]:
    """What a citizen said about dossier ``number`` of ``commune``."""
    return {
        "petition_code": f"{commune}-p{number}",
        "dossier_code": f"{commune}-{number}",
        "received_at": FIRST + timedelta(days=1),
        **values,
    }


@pytest.fixture(scope="module")
def gia_lai(
    manifest: Manifest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A release, opened as readers do. Vân Canh and Đăk Song have the counts that the portal showed."""
    lake = Lake(tmp_path_factory.mktemp("scores"), "52")
    day = NOW.date()
    lake.deliver(
        day,
        VAN_CANH,
        finished(VAN_CANH, 2618, 77, has_e_result=2497, has_digitised_component=1520, vneid_verified=1105),
    )
    lake.deliver(
        day, VAN_CANH, [complaint(VAN_CANH, 2600, petition_kind="danh_gia", satisfaction=1)], kind="phananh"
    )
    lake.deliver(day, DAK_SONG, finished(DAK_SONG, 294, 7))
    petition = {"petition_kind": "kien_nghi", "due_at": FIRST + timedelta(days=3), "satisfaction": 2}
    lake.deliver(day, DAK_SONG, [complaint(DAK_SONG, 1, **petition)], kind="phananh")
    for commune in (IA_DOM, TWIN):
        lake.deliver(day, commune, finished(commune, 10, 1))
    lake.deliver(day, IDLE)
    assert build(manifest, lake, NOW, "commune_score", "score_control", "score_points").failures == {}
    release = lake.home / "warehouse.duckdb"
    with duckdb.connect() as publishing:
        attach(publishing, release, lake.home / "warehouse" / "warehouse.duckdb")
        copy_tables(publishing)
        copy_macros(publishing)
    with connect_file(Home(lake.home), release) as connection:
        yield connection


def vectors() -> dict[str, list[dict[str, str]]]:
    """What the portal showed: the rows of each case."""
    with Path(__file__).with_name("score766_vectors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return {case: list(of_case) for case, of_case in groupby(rows, key=lambda row: row["case"])}


def points(release: duckdb.DuckDBPyConnection, *arguments: Any) -> float | None:
    """What the published macro gives."""
    ((given,),) = release.execute("select marts.score_points($1, $2, $3, $4)", arguments).fetchall()
    return given


def scores(release: duckdb.DuckDBPyConnection, columns: str, period: str = "year") -> dict[str, Any]:
    """A row of ``commune_score`` per commune, for the period that holds October 2026."""
    rows = release.execute(
        f"select commune_code, {columns} from marts.commune_score where period_type = $1 and is_latest",
        [period],
    ).fetchall()
    return {code: values for code, *values in rows}


@pytest.mark.parametrize("rows", vectors().values(), ids=lambda rows: f"{rows[0]['case']}: {rows[0]['unit']}")
def test_points_that_the_portal_showed(
    gia_lai: duckdb.DuckDBPyConnection, rows: list[dict[str, str]]
) -> None:
    given = [
        points(gia_lai, PROFILE, row["indicator_code"], int(row["numerator"]), int(row["denominator"]))
        for row in rows
    ]
    assert round(sum(each or 0.0 for each in given), 2) == float(rows[0]["expected"])


@pytest.mark.parametrize(
    ("indicator", "of_zero"),
    [
        *((code, 0.0) for code in ("2.1", "3.1", "3.2", "3.3", "3.5", "3.5b", "3.6", "5.4")),
        *((code, 6.0) for code in ("5.2", "5.3")),
        *((code, None) for code in ("1.1", "1.4", "4.1", "4.2", "e-copy", "4.3", "4.4", "4.5a", "4.5b")),
    ],
)
def test_nothing_to_measure(
    gia_lai: duckdb.DuckDBPyConnection, indicator: str, of_zero: float | None
) -> None:
    """By the rule of the indicator; where no rule is known, no points are."""
    assert points(gia_lai, PROFILE, indicator, 0, 0) == of_zero
    assert points(gia_lai, PROFILE, indicator, None, 0) == of_zero


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((PROFILE, "3.3", 50, 100), 6.0),
        ((PROFILE, "3.3", 25, 100), 3.0),
        ((PROFILE, "4.3", 80, 100), 2.0),
        ((PROFILE, "5.4", 45, 100), 3.0),
        ((PROFILE, "5.4", 90, 100), 6.0),
        ((PROFILE, "4.2", 80, 100), 3.2),
        ((PROFILE, "2.1", 12, 10), 20.0),
        ((PROFILE, "2.1", -1, 10), 0.0),
        ((PROFILE, "2.1", "1", "4"), 5.0),
        ((PROFILE, "2.1", 1, -10), None),
        ((PROFILE, "5.2", 1, -10), None),
        ((PROFILE, "2.1", None, 10), None),
        ((PROFILE, "5.2", 10, None), None),
        ((PROFILE, "2.1", float("nan"), 10), None),
        ((PROFILE, "2.1", 10, float("nan")), None),
        ((PROFILE, "2.1", 10, float("inf")), None),
        ((PROFILE, "2.2", 1, 1), None),
        ((PROFILE, "5.1", 1, 1), None),
        ((PROFILE, "CKMB", 1, 1), None),
        (("766-2019", "2.1", 1, 1), None),
        ((None, None, 1, 1), None),
    ],
)
def test_edges(
    gia_lai: duckdb.DuckDBPyConnection, arguments: tuple[Any, ...], expected: float | None
) -> None:
    """Thresholds, caps, and counts that cannot be: unknown and impossible have no points, which is not 0."""
    given = points(gia_lai, *arguments)
    assert given == (pytest.approx(expected) if expected is not None else None)


def test_points_of_many_rows_at_once(gia_lai: duckdb.DuckDBPyConnection) -> None:
    """Columns of the caller may bear the names of the parameters; sums may stand for counts."""
    asked = (
        "(values ('766-2026', '2.1', 1, 4), ('766-2026', '5.4', 1, 2), (null, '2.1', 1, 1)) "
        "as t (profile_code, indicator_code, numerator, denominator)"
    )
    each = gia_lai.execute(
        "select marts.score_points(profile_code, indicator_code, numerator, denominator) "
        f"from {asked} order by all"
    ).fetchall()
    assert each == [(pytest.approx(10 / 3),), (5.0,), (None,)]
    together = gia_lai.execute(
        f"select marts.score_points('766-2026', '2.1', sum(numerator), sum(denominator)) from {asked}"
    ).fetchall()
    assert together == [(pytest.approx(20 * 3 / 7),)]


def test_a_commune_scores_what_the_portal_says(gia_lai: duckdb.DuckDBPyConnection) -> None:
    """Groups that need nothing from outside, and the one that is the province's."""
    shown = scores(gia_lai, "score_transparency, score_timeliness, score_satisfaction, score_digitisation")
    assert shown[VAN_CANH] == [
        11.79,
        19.41,
        18.0,
        round(6 * 2497 / 2618 + 4 * 1520 / 2618 + 2 * 1105 / 2618, 2),
    ]
    assert shown[DAK_SONG][:2] == [11.79, 19.52]


def test_a_petition_costs_points(gia_lai: duckdb.DuckDBPyConnection) -> None:
    """Handled late or not at all, and disliked: 12 points, and they are shown."""
    lost = scores(gia_lai, "points_lost_to_petitions, lost_satisfaction, explanation")
    assert lost[DAK_SONG][:2] == [12.0, 12.0]
    assert "Phản ánh, kiến nghị làm mất 12,00 điểm." in lost[DAK_SONG][2]
    assert lost[VAN_CANH][:2] == [0.0, 0.0]
    assert "Phản ánh" not in lost[VAN_CANH][2]


def test_equal_scores_share_a_rank(gia_lai: duckdb.DuckDBPyConnection) -> None:
    ranks = {code: rank for code, (rank,) in scores(gia_lai, "rank").items()}
    assert (ranks[VAN_CANH], ranks[IA_DOM], ranks[TWIN], ranks[DAK_SONG]) == (1, 2, 2, 4)


def test_no_commune_vanishes_and_silence_is_not_zero(gia_lai: duckdb.DuckDBPyConnection) -> None:
    """All 135 communes have a row; who sent nothing has no total, and an idle one has."""
    shown = scores(gia_lai, "score_total, band, rank, points_lost_most, score_timeliness, explanation")
    assert len(shown) == 135
    assert shown[SILENT][:5] == [None] * 5
    assert shown[SILENT][5] == "Chưa có số liệu của xã trong kỳ nên chưa chấm điểm."
    assert shown[IDLE][4] == 0.0
    assert shown[IDLE][0] == round(11.79 + 12, 2)


def test_what_nobody_tells_is_named_and_not_given_away(gia_lai: duckdb.DuckDBPyConnection) -> None:
    told = scores(gia_lai, "points_unknown, unknown_indicators, score_total, band, band_at_most")[VAN_CANH]
    assert told[:2] == [2.0 + 4 + 2 + 2 + 2 + 4 + 2, "3.1, 3.2, 3.5, 3.5b, e-copy, 4.4, 4.5a"]
    assert (told[3], told[4]) == ("average", "good")


@pytest.mark.parametrize("period", ["month", "report_month", "quarter", "year", "to_date"])
def test_every_kind_of_period_is_scored(gia_lai: duckdb.DuckDBPyConnection, period: str) -> None:
    assert len(scores(gia_lai, "rank", period)) == 135


def test_control_against_the_portal(gia_lai: duckdb.DuckDBPyConnection) -> None:
    """Ours beside what was read; the province itself has no counterpart."""
    rows = gia_lai.execute(
        "select commune_code, official_timeliness, our_timeliness, difference_timeliness, "
        "difference_satisfaction, difference_transparency, official_total "
        "from marts.score_control order by commune_code nulls last"
    ).fetchall()
    assert rows == [
        (VAN_CANH, 19.41, 19.41, 0.0, 0.0, 0.0, 75.34),
        (None, None, None, None, None, None, 66.23),
    ]
