"""The column dictionary against the models: every published column is described, once."""

from __future__ import annotations

from typing import Any

from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import ModelNode

from orchestration.warehouse.column_dictionary import (
    NOTHING,
    column_dictionary,
    column_meaning,
    own_meaning,
)


def described_columns(manifest: Manifest) -> list[tuple[str, dict[str, Any]]]:
    """Every column that a model's YAML lists, with the model's name and schema in front."""
    return [
        (f"{node.schema}.{node.name}", column.to_dict())
        for node in manifest.nodes.values()
        if isinstance(node, ModelNode)
        for column in node.columns.values()
    ]


def test_every_published_column_has_its_meaning_in_both_languages(manifest: Manifest) -> None:
    lacking = [
        f"{model}.{column['name']}"
        for model, column in described_columns(manifest)
        if not model.startswith("staging.")
        and not (column_meaning(column).english and column_meaning(column).vietnamese)
    ]
    assert lacking == []


def test_no_entry_of_the_dictionary_is_left_over(manifest: Manifest) -> None:
    used = {column["name"] for _, column in described_columns(manifest)}
    assert set(column_dictionary()) - used == set()


def test_a_model_repeats_nothing_that_the_dictionary_says(manifest: Manifest) -> None:
    repeated = [
        f"{model}.{column['name']}"
        for model, column in described_columns(manifest)
        if own_meaning(column) not in (NOTHING,)
        and own_meaning(column) == column_dictionary().get(column["name"])
    ]
    assert repeated == []
