"""``manifest.json``: what a release is, from which data, by which code, with which content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.soundness import MANIFEST, require_sound

FILE_NAME = MANIFEST


@dataclass(frozen=True)
class PublishedTable:
    """One published table; ``parquet`` is the path of its twin below the release directory."""

    rows: int
    content_hash: str
    parquet: str


@dataclass(frozen=True)
class Manifest:
    """Provenance and content of one release.

    ``data_date`` is the newest export date with an accepted dossier file, None on an empty lake.
    ``as_of`` is the day that the figures show, ``built_at`` the local time of publication. ``rules`` maps
    each rule catalogue to the SHA-256 of its text. ``weekly`` names the ISO week if this is a Monday's
    release. ``tables`` is keyed by ``schema.table``.
    """

    release_id: str
    data_date: date | None
    as_of: date
    built_at: datetime
    git_commit: str
    contract_version: str
    rules: dict[str, str]
    weekly: str | None
    duckdb_version: str
    sha256: str
    size_bytes: int
    row_counts: dict[str, int]
    tables: dict[str, PublishedTable]

    @property
    def content_hashes(self) -> dict[str, str]:
        """Content hash per ``schema.table``, to compare two releases."""
        return {name: table.content_hash for name, table in self.tables.items()}


_SCHEMA = TypeAdapter(Manifest)


def weekly_marker(day: date) -> str | None:
    """The ISO week that ``day`` opens, as ``2025-W48``, or None unless it is a Monday."""
    year, week, weekday = day.isocalendar()
    return f"{year}-W{week:02d}" if weekday == 1 else None


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Write ``manifest`` into ``directory``."""
    (directory / FILE_NAME).write_bytes(_SCHEMA.dump_json(manifest, indent=2) + b"\n")


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of the release in ``directory``.

    Raises:
        UnavailableError: it is missing or damaged.
    """
    try:
        return _SCHEMA.validate_json((directory / FILE_NAME).read_bytes())
    except (OSError, ValidationError) as error:
        raise UnavailableError(
            f"Không đọc được thông tin của bản công bố {directory.name}. "
            "Hãy chạy `motcua run` để công bố lại."
        ) from error


def current_manifest(home: Home) -> Manifest | None:
    """The manifest of the release that readers see, or None before the first one.

    Raises:
        UnavailableError: the current release is damaged.
    """
    require_sound(home)
    return read_manifest(home.current.resolve()) if home.current_file.exists() else None
