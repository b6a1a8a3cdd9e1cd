"""Which communes a province has, from the catalogue that dbt seeds. Codes are text and keep their zeros."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from orchestration.contract import strip_marks
from orchestration.settings import SEEDS

COMMUNE_SEED = SEEDS / "commune.csv"


@lru_cache(maxsize=8)
def commune_names(province: str) -> Mapping[str, str]:
    """Name by code of every commune of ``province`` (2 digits).

    Whatever its validity: late exports come too.
    """
    return _by_code(province, "commune_name")


@lru_cache(maxsize=8)
def communes_of(province: str) -> frozenset[str]:
    """The codes of ``commune_names``."""
    return frozenset(commune_names(province))


@lru_cache(maxsize=8)
def province_name(province: str) -> str:
    """What the province is called; its code, if the catalogue has none of it."""
    return next(iter(_by_code(province, "province_name").values()), province)


def is_place(name: str) -> bool:
    """Whether a commune of the nation is called ``name``: in small letters, without diacritics and type."""
    return name in _places()


@lru_cache(maxsize=1)
def _places() -> frozenset[str]:
    with COMMUNE_SEED.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        place = next(rows).index("commune_name")
        names = [strip_marks(row[place]).lower() for row in rows]
    return frozenset(name.removeprefix("dac ").partition(" ")[2] for name in names)


def _by_code(province: str, column: str) -> dict[str, str]:
    """What stands in ``column`` by code, for every commune of ``province``."""
    with COMMUNE_SEED.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)  # not by names: the nation's three thousand would take ten times as long
        code, told, of_province = map(next(rows).index, ("commune_code", column, "province_code"))
        return {row[code]: row[told] for row in rows if row[of_province] == province}
