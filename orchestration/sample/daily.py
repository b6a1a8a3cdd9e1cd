"""Daily CSV files of the kinds other than ``hoso``: rows as columns of text, cut by export day."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.sample.columns import Cell
from orchestration.sample.formats import Format
from orchestration.sample.heads import contract_columns, head_line
from orchestration.sample.lines import csv_lines
from orchestration.sample.province import Ints
from orchestration.sample.states import Exports
from orchestration.sample.text import Text
from orchestration.sample.worktime import DAY, to_date
from orchestration.sample.writers import Tally, encoded, write


@dataclass(frozen=True)
class Sender:
    """Who sends a kind of file: ``name`` holds ``{day}``, ``exports`` tells when."""

    kind: str
    name: str
    form: Format
    exports: Exports
    out: Path


def write_daily(sender: Sender, columns: dict[str, Text], export: Ints, tally: Tally) -> None:
    """Write each day's rows; days without any have no file. ``export`` is each row's place, ascending."""
    fields = contract_columns(sender.kind, frozenset(columns))
    cells = {name: Cell(text, moves=True) for name, text in columns.items()}
    lines = csv_lines(cells, [column.name for column in fields], sender.form.delimiter, export)
    starts = np.searchsorted(export, np.arange(len(sender.exports.days)))
    for place, content in enumerate(lines.pieces(starts.tolist())):
        if content:
            day = to_date(int(sender.exports.days[place]) * DAY)
            path = sender.out / day.isoformat() / sender.name.format(day=f"{day:%Y%m%d}")
            whole = encoded(head_line(fields, sender.form) + content, sender.form)
            write(path, whole, int(sender.exports.at[place]), tally)
