"""Which words of Superset's own English a reader still sees."""

from __future__ import annotations

from functools import cache

from babel.messages.pofile import read_po

from orchestration.superset_app.front_end import assets_directory
from orchestration.superset_app.translations import messages


@cache
def _english() -> frozenset[str]:
    """Every message of Superset that we do not keep as it is."""
    with (assets_directory().parents[1] / "translations" / "messages.pot").open("rb") as file:
        known = {message.id for message in read_po(file) if isinstance(message.id, str) and message.id}
    return frozenset(
        known - {vietnamese for source, vietnamese in messages().items() if source == vietnamese}
    )


def untranslated(text: str) -> list[str]:
    """The lines of a page that are messages in English, sorted."""
    return sorted({line.strip() for line in text.splitlines()} & _english())
