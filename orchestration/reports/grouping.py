"""Facts by the day, or by whatever else, that they belong to. Knows nothing of what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A fact about an export date."""

    @property
    def export_date(self) -> date:
        """The day whose state the export shows."""
        ...


_Fact = TypeVar("_Fact")
_DatedFact = TypeVar("_DatedFact", bound=Dated)
_Key = TypeVar("_Key")


def grouped(facts: Iterable[_Fact], key: Callable[[_Fact], _Key]) -> dict[_Key, list[_Fact]]:
    """``facts`` by what ``key`` says of them, in their order."""
    groups: dict[_Key, list[_Fact]] = {}
    for fact in facts:
        groups.setdefault(key(fact), []).append(fact)
    return groups


def by_day(facts: Iterable[_DatedFact]) -> dict[date, list[_DatedFact]]:
    """``facts`` by export date, in their order."""
    return grouped(facts, lambda fact: fact.export_date)
