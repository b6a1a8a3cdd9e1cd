"""The seed of map cells, from the seats in the seed of communes.

Each commune of a province gets a square of its own in a grid, together as near as can be to where the seats
lie: towns, whose seats lie close, stay readable. Communes without coordinates get none.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

from orchestration.generate.catalogues import seed_text
from orchestration.settings import SEEDS

# Squares in the grid for each commune: the more, the truer the outline and the smaller the squares.
SPARE = 1.9

Costs = npt.NDArray[np.float64]
Seat = tuple[str, float, float]


def cell_rows(province: str | None = None) -> list[tuple[str, str, str]]:
    """Commune, column from the west and row from the north, of one province or of all."""
    seats: defaultdict[str, list[Seat]] = defaultdict(list)
    with (SEEDS / "commune.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["latitude"] and not row["valid_to"] and province in (None, row["province_code"]):
                seats[row["province_code"]].append(
                    (row["commune_code"], float(row["latitude"]), float(row["longitude"]))
                )
    return [cell for code in sorted(seats) for cell in _province(seats[code])]


def _province(seats: Sequence[Seat]) -> list[tuple[str, str, str]]:
    codes = [code for code, _, _ in seats]
    north = np.array([latitude for _, latitude, _ in seats])
    # A degree of longitude is shorter than one of latitude.
    east = np.array([longitude for _, _, longitude in seats]) * math.cos(math.radians(float(north.mean())))
    x, y = east - east.min(), north.max() - north
    width, height = max(float(x.max()), 1e-6), max(float(y.max()), 1e-6)
    side = math.sqrt(width * height / (len(seats) * SPARE))
    columns, rows = (max(1, math.ceil(extent / side)) for extent in (width, height))
    while columns * rows < len(seats):
        columns, rows = columns + 1, rows + 1
    across, down = np.meshgrid(np.arange(columns), np.arange(rows))
    cell_x, cell_y = (across.ravel() + 0.5) * width / columns, (down.ravel() + 0.5) * height / rows
    costs = (x[:, None] - cell_x[None, :]) ** 2 + (y[:, None] - cell_y[None, :]) ** 2
    chosen = assignment(costs)
    return [
        (code, str(cell % columns), str(cell // columns)) for code, cell in zip(codes, chosen, strict=True)
    ]


def assignment(costs: Costs) -> list[int]:
    """For each row the column that makes the sum of ``costs`` least, no column twice.

    ``costs`` has at least as many columns as rows.
    """
    _, chosen = linear_sum_assignment(costs)
    return [int(column) for column in chosen]


def cells() -> str:
    """The text of ``commune_cell.csv``."""
    return seed_text(("commune_code", "cell_column", "cell_row"), cell_rows())
