"""Who owed an export and did not send it, or sent it late, as the current release tells it.

``marts.delivery`` is the only home of that; without a release it is not known. What is wrong inside the files
is ``fault_facts``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from orchestration.home import Home
from orchestration.reports.released import ask


@dataclass(frozen=True)
class DeliveryFact:
    """One row of ``marts.delivery``. ``doubles`` counts dossiers that both source systems sent."""

    export_date: date
    commune_code: str
    kind: str
    status: str
    is_expected: bool
    arrived_at: datetime | None
    reason: str | None
    doubles: int


@dataclass(frozen=True)
class DeliveryFacts:
    """Rows of some export dates, and the release that says so."""

    release_id: str
    as_of: date
    built_at: datetime
    rows: tuple[DeliveryFact, ...]


def read_deliveries(home: Home, days: Iterable[date]) -> DeliveryFacts | None:
    """What the current release knows of ``days``; None before the first one."""
    wanted = ", ".join(f"DATE '{day.isoformat()}'" for day in days) or "NULL"

    def question(release: duckdb.DuckDBPyConnection) -> DeliveryFacts:
        ((release_id, as_of, built_at),) = release.execute(
            "SELECT release_id, as_of, built_at FROM meta.release"
        ).fetchall()
        rows = release.execute(
            "SELECT export_date, commune_code, kind, status, is_expected, arrived_at, reason, doubles "
            f"FROM marts.delivery WHERE export_date IN ({wanted}) ORDER BY ALL"
        ).fetchall()
        return DeliveryFacts(release_id, as_of, built_at, tuple(DeliveryFact(*row) for row in rows))

    return ask(home, question)


def delivery_marks(home: Home) -> dict[date, str]:
    """A mark per export date of the current release, another one whenever its deliveries read otherwise."""
    marks = (
        "SELECT export_date, CAST(bit_xor(hash(commune_code, kind, status, is_expected, arrived_at, "
        "reason, doubles)) AS VARCHAR) FROM marts.delivery GROUP BY export_date"
    )
    return dict(ask(home, lambda release: release.execute(marks).fetchall()) or ())
