"""Regenerates the seed of map cells: ``python -m orchestration.commune_cells``.

A maintainer's tool like ``orchestration.catalogues``, run after it. Each commune of a province gets a square
of its own in a grid, together as near as can be to where the seats lie: towns, whose seats lie close,
stay readable. Communes without coordinates get none.
"""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from orchestration.catalogues import write_seed
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
    """For each row the column that makes the sum of ``costs`` least, no column twice (Hungarian method).

    ``costs`` has at least as many columns as rows.
    """
    rows, columns = costs.shape
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    taken_by = np.zeros(columns + 1, dtype=int)  # row by column, from 1; column 0 holds the row to be placed
    for row in range(1, rows + 1):
        taken_by[0] = row
        column = 0
        slack = np.full(columns + 1, np.inf)
        came_from = np.zeros(columns + 1, dtype=int)
        done = np.zeros(columns + 1, dtype=bool)
        while taken_by[column]:
            done[column] = True
            at = taken_by[column]
            reduced = costs[at - 1] - row_price[at] - column_price[1:]
            better = ~done[1:] & (reduced < slack[1:])
            slack[1:][better] = reduced[better]
            came_from[1:][better] = column
            free = np.where(done, np.inf, slack)
            free[0] = np.inf
            nearest = int(free.argmin())
            step = free[nearest]
            row_price[taken_by[done]] += step
            column_price[done] -= step
            slack[~done] -= step
            column = nearest
        while column:
            taken_by[column] = taken_by[came_from[column]]
            column = int(came_from[column])
    chosen = [0] * rows
    for column in range(1, columns + 1):
        if taken_by[column]:
            chosen[int(taken_by[column]) - 1] = column - 1
    return chosen


if __name__ == "__main__":
    write_seed(SEEDS / "commune_cell.csv", ("commune_code", "cell_column", "cell_row"), cell_rows())
