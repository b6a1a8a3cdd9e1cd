"""The form in which each commune exports, drawn once and kept: kind of file, encoding, heads, times.

Which heads stand for which column comes from the export contract; the bytes are made by ``writers.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from orchestration.sample.parameters import Parameters
from orchestration.sample.streams import stream
from orchestration.sample.text import TimeForm


class Heads(Enum):
    """Which names the columns carry."""

    EXCHANGE = "exchange"
    LOWER = "lower"
    VIETNAMESE = "vietnamese"
    UNMARKED = "unmarked"


@dataclass(frozen=True)
class Format:
    """How a commune's files look. ``kind`` is csv, xlsx or json; ``encoding`` is Python's name.

    ``suffixed`` procedure codes carry the province's suffix; ``province_file`` communes share one file of
    the provincial system; ``wrapped`` JSON is ``{"data": [...]}``; ``real_dates`` and ``titled`` are about
    spreadsheets.
    """

    kind: str
    encoding: str = "utf-8"
    delimiter: str = ","
    heads: Heads = Heads.EXCHANGE
    time: TimeForm = TimeForm.DASHED
    gzip: bool = False
    province_file: bool = False
    suffixed: bool = False
    decomposed: bool = False
    wrapped: bool = False
    real_dates: bool = False
    titled: bool = False


_CSV: tuple[tuple[float, Format], ...] = (
    (34, Format("csv")),
    (16, Format("csv", "utf-8-sig", ";", Heads.VIETNAMESE, TimeForm.SLASHED)),
    (14, Format("csv", "utf-8-sig", ",", Heads.EXCHANGE, TimeForm.COMPACT, suffixed=True)),
    (8, Format("csv", "utf-8", ",", Heads.UNMARKED, TimeForm.SLASHED_MINUTES)),
    (8, Format("csv", "utf-16", "\t", Heads.VIETNAMESE, TimeForm.SLASHED)),
    (6, Format("csv", "utf-8", "|", Heads.LOWER, TimeForm.OFFSET)),
    (5, Format("csv", "utf-8", ",", Heads.VIETNAMESE, TimeForm.SLASHED, decomposed=True)),
    (5, Format("csv", "utf-8", ",", Heads.EXCHANGE, TimeForm.UTC)),
    (4, Format("csv", "cp1258", ";", Heads.VIETNAMESE, TimeForm.SLASHED)),
)
_SHEETS = (
    Format("xlsx", heads=Heads.VIETNAMESE, time=TimeForm.SLASHED, titled=True),
    Format("xlsx", heads=Heads.VIETNAMESE, time=TimeForm.SLASHED, titled=True, real_dates=True),
    Format("xlsx", heads=Heads.EXCHANGE, time=TimeForm.DASHED),
)
_JSON = (
    Format("json", time=TimeForm.COMPACT, suffixed=True, wrapped=True),
    Format("json", time=TimeForm.COMPACT, gzip=True),
    Format("json", time=TimeForm.OFFSET),
)
PROVINCE_FILE = Format("csv", "utf-8", ",", Heads.EXCHANGE, TimeForm.DASHED, province_file=True)


def assign(communes: int, parameters: Parameters, seed: int) -> list[Format]:
    """Every commune's format. From five communes on there is at least one spreadsheet and one JSON."""
    rng, shares = stream(seed, "formats"), parameters.formats
    least = 1 if communes >= 5 else 0
    sheets = max(least, round(shares.xlsx * communes))
    objects = max(least, round(shares.json * communes))
    shared = round(shares.province_file * communes)
    chosen: list[Format] = [_SHEETS[place % len(_SHEETS)] for place in range(sheets)]
    chosen += [_JSON[place % len(_JSON)] for place in range(objects)]
    chosen += [PROVINCE_FILE] * shared
    # Plain formats in fixed proportion rather than drawn, so that few communes still show many of them.
    variants = [variant for _, variant in _CSV]
    weights = [weight for weight, _ in _CSV]
    given = [0.0] * len(variants)
    for place in range(communes - len(chosen)):
        behind = [given[number] / weights[number] for number in range(len(variants))]
        number = behind.index(min(behind))
        given[number] += 1
        variant = variants[number]
        chosen.append(replace(variant, gzip=True) if place % round(1 / shares.gzip) == 3 else variant)
    return [chosen[place] for place in rng.permutation(communes)]
