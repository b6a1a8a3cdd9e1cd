"""Which communes a province has, from the catalogue that dbt seeds. Codes are text and keep their zeros."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from orchestration.settings import SEEDS

COMMUNE_SEED = SEEDS / "commune.csv"


@lru_cache(maxsize=8)
def commune_names(province: str) -> Mapping[str, str]:
    """Name by code of every commune of ``province`` (2 digits).

    Whatever its validity: late exports come too.
    """
    with COMMUNE_SEED.open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)  # not by names: the nation's three thousand would take ten times as long
        code, name, of_province = map(next(rows).index, ("commune_code", "commune_name", "province_code"))
        return {row[code]: row[name] for row in rows if row[of_province] == province}


@lru_cache(maxsize=8)
def communes_of(province: str) -> frozenset[str]:
    """The codes of ``commune_names``."""
    return frozenset(commune_names(province))


@lru_cache(maxsize=8)
def province_name(province: str) -> str:
    """What the province is called; its code, if the catalogue has none of it."""
    with COMMUNE_SEED.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(source)
        return next((row["province_name"] for row in rows if row["province_code"] == province), province)
