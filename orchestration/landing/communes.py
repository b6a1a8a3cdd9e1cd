"""Which communes a province has, from the catalogue that dbt seeds. Codes are text and keep their zeros."""

from __future__ import annotations

import csv
from functools import lru_cache

from orchestration.settings import SEEDS

COMMUNE_SEED = SEEDS / "commune.csv"


@lru_cache(maxsize=8)
def communes_of(province: str) -> frozenset[str]:
    """Codes of every commune of ``province`` (2 digits), whatever their validity: late exports come too."""
    with COMMUNE_SEED.open(encoding="utf-8", newline="") as source:
        return frozenset(
            row["commune_code"] for row in csv.DictReader(source) if row["province_code"] == province
        )
