"""Squares on the map: each commune one of its own, near its seat; the committed seed is what is written."""

from __future__ import annotations

import csv
from itertools import permutations

import numpy as np
import pytest

from orchestration.generate.commune_cells import assignment, cell_rows
from orchestration.settings import SEEDS


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (3, 3), (4, 6)])
def test_the_assignment_is_the_best_of_all(rows: int, columns: int) -> None:
    costs = np.random.default_rng(7).random((rows, columns))
    chosen = assignment(costs)
    best = min(sum(costs[range(rows), picked]) for picked in permutations(range(columns), rows))
    assert len(set(chosen)) == rows
    assert sum(costs[range(rows), chosen]) == pytest.approx(best)


@pytest.mark.parametrize("province", ["38", "25"])
def test_no_two_communes_share_a_square(province: str) -> None:
    cells = cell_rows(province)
    assert len({(column, row) for _, column, row in cells}) == len(cells)


def test_east_lies_right_and_north_up() -> None:
    cells = {code: (int(column), int(row)) for code, column, row in cell_rows("38")}
    with (SEEDS / "commune.csv").open(encoding="utf-8", newline="") as file:
        seats = {row["commune_code"]: row for row in csv.DictReader(file) if row["commune_code"] in cells}
    codes = sorted(cells)
    east = np.corrcoef(
        [float(seats[code]["longitude"]) for code in codes], [cells[code][0] for code in codes]
    )
    north = np.corrcoef(
        [float(seats[code]["latitude"]) for code in codes], [cells[code][1] for code in codes]
    )
    assert east[0, 1] > 0.95
    assert north[0, 1] < -0.95
