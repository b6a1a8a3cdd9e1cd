"""What columns mean, by name: ``dbt_project/columns.csv``, the one home of their descriptions.

A model's YAML describes a column itself only where the name means something else there; a column of dossiers
that keeps its name from the export needs no line, the contract describes it. Reading and looking
up; nothing that writes descriptions anywhere.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.contract import load_contract
from orchestration.warehouse.project import DBT_PROJECT

COLUMN_DICTIONARY = DBT_PROJECT / "columns.csv"


@dataclass(frozen=True)
class Meaning:
    """What a table or column holds, in English for the docs and in Vietnamese for readers."""

    english: str
    vietnamese: str


NOTHING = Meaning("", "")


@cache
def column_dictionary(path: Path = COLUMN_DICTIONARY) -> dict[str, Meaning]:
    """Meanings by column name.

    Raises:
        ValueError: a name stands twice, or lacks one of its two texts.
    """
    found: dict[str, Meaning] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            meaning = Meaning(row["description_en"], row["description_vi"])
            if row["name"] in found or not (meaning.english and meaning.vietnamese):
                raise ValueError(f"{path.name}: {row['name']} is described twice or not at all")
            found[row["name"]] = meaning
    return found


def own_meaning(item: dict[str, Any]) -> Meaning:
    """What dbt's manifest itself says of a model or column."""
    vietnamese = item.get("config", {}).get("meta", {}).get("description_vi", "")
    return Meaning(str(item.get("description", "")).strip(), str(vietnamese))


def column_meaning(column: dict[str, Any]) -> Meaning:
    """What a column of a model in dbt's manifest means: by its model, the dictionary, the contract."""
    own = own_meaning(column)
    if own != NOTHING:
        return own
    return column_dictionary().get(column["name"]) or _exported().get(column["name"], NOTHING)


def _exported() -> dict[str, Meaning]:
    """What the contract says of the columns of dossiers, by their names in the lake."""
    kind = load_contract().kinds["hoso"]
    return {str(column.lake): Meaning(f"{column.gloss}.", column.label) for column in kind.landing}
