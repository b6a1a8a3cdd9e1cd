"""Which procedures there are, from the catalogue that dbt seeds. Codes are text and keep their zeros."""

from __future__ import annotations

import csv
from functools import lru_cache

from orchestration.settings import SEEDS

PROCEDURE_SEED = SEEDS / "procedure.csv"


@lru_cache(maxsize=1)
def procedure_codes() -> tuple[str, ...]:
    """Every code of the catalogue, whatever its validity: late exports come too."""
    with PROCEDURE_SEED.open(encoding="utf-8", newline="") as source:
        return tuple(sorted({row["procedure_code"] for row in csv.DictReader(source)}))
