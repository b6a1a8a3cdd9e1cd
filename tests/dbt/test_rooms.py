"""The rooms of the warehouse: what reads what, and in which direction; what dbt's own groups do not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import PROJECT

# Rooms in which nothing is computed: what the lake holds, and who may see which commune.
ENDS = ("staging", "access")


def rooms() -> list[str]:
    """The rooms in their order, as dbt_project.yml says it."""
    project: dict[str, Any] = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return [name for name in project["models"]["motcua"] if not name.startswith("+")]


def room_of(path: str) -> str:
    """The room of a model or a check, off its folder below ``models`` or ``tests``."""
    return Path(path).parts[1]


def reads(node: Any) -> Sequence[str]:
    """Unique ids of what a node reads; dbt's types of nodes disagree on it."""
    return node.depends_on.nodes


def backward_reads(manifest: Manifest) -> list[str]:
    """Every model or check that reads a model of a later room than its own."""
    order = {room: place for place, room in enumerate(rooms())}
    found: list[str] = []
    for node in manifest.nodes.values():
        place = order.get(room_of(node.original_file_path))
        if place is None or node.resource_type not in ("model", "test"):
            continue
        for name in reads(node):
            read = manifest.nodes.get(name)
            if read is not None and read.resource_type == "model":
                room = room_of(read.original_file_path)
                if order[room] > place:
                    found.append(f"{node.name} reads {read.name} of the later room {room}")
    return sorted(found)


def test_no_room_reads_a_later_one(manifest: Manifest) -> None:
    assert backward_reads(manifest) == []


def test_a_room_that_reads_a_later_one_is_found(manifest: Manifest) -> None:
    calendar, facts = (manifest.nodes[f"model.motcua.{name}"] for name in ("int_calendar", "fct_dossier"))
    reading = replace(calendar, depends_on=replace(calendar.depends_on, nodes=[facts.unique_id]))
    turned = Manifest(nodes={reading.unique_id: reading, facts.unique_id: facts})
    assert backward_reads(turned) == ["int_calendar reads fct_dossier of the later room dossier"]


def test_every_model_lies_in_a_room_and_is_of_its_group(manifest: Manifest) -> None:
    astray = {
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and not (room_of(node.original_file_path) == node.config.group and node.config.group in rooms())
    }
    assert astray == set()


def test_what_a_room_offers_is_read_by_another(manifest: Manifest) -> None:
    """An inner model that no later room reads is the room's own."""
    offered = {
        name: node.config.group
        for name, node in manifest.nodes.items()
        if node.resource_type == "model" and node.access == "protected" and node.config.group not in ENDS
    }
    read = {
        name
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        for name in reads(node)
        if offered.get(name, node.config.group) != node.config.group
    }
    assert set(offered) - read == set()


def test_what_is_published_lies_in_a_folder_of_its_schema(manifest: Manifest) -> None:
    wrong = {
        node.name
        for node in manifest.nodes.values()
        if node.resource_type == "model"
        and node.config.group not in ENDS
        and (node.access == "public") != (Path(node.original_file_path).parts[2] == node.schema)
    }
    assert wrong == set()
