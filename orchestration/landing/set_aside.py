"""Deliveries set aside: sound by the contract, and yet a check of the warehouse fails while they count.

Marks lie in small files under ``<home>/lake/set_aside``, appended after the landing that they speak of; the
newest mark of a delivery holds. Set aside, it reads as rejected, with its cause, wherever the ledger is read.
A mark also says by which rules (``rules_version``) the check failed: under other rules the delivery gets
another chance. Which deliveries are to blame is told elsewhere (``orchestration.warehouse.releasable``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path

import duckdb
import orjson

from orchestration.durable import sync
from orchestration.home import Home
from orchestration.landing.lake import LEDGER, SET_ASIDE, SET_ASIDE_COLUMNS, locked, table_of, writing
from orchestration.sql_text import quote

RULE = "set_aside"


@dataclass(frozen=True)
class Mark:
    """That a delivery is set aside or, with ``is_aside`` false, counts again. ``mark`` only grows.

    ``check_name`` is the dbt node that failed; ``reason`` the sentence for the sender.
    """

    mark: int
    delivery_id: str
    is_aside: bool
    rule: str | None
    check_name: str | None
    reason: str | None
    rules_version: str
    marked_at: datetime


@dataclass(frozen=True)
class Aside:
    """A delivery that is set aside now, as people know it."""

    delivery_id: str
    export_date: date
    kind: str
    unit_code: str | None
    file_name: str
    reason: str
    rules_version: str

    @property
    def sentence(self) -> str:
        """Which file, of which day, and why."""
        return f"{self.file_name} ({self.export_date:%d/%m/%Y}): {self.reason}"


def set_aside_now(home: Home) -> list[Aside]:
    """The deliveries that are set aside, in the order in which they landed."""
    if not (home.lake / SET_ASIDE).is_dir():
        return []  # as nearly always: no look at the ledger
    with duckdb.connect() as database:
        rows = database.execute(
            f"WITH aside AS ({aside_sql(home)}) "
            "SELECT DISTINCT "
            "delivery_id, export_date, kind, unit_code, file_name, aside.reason, rules_version "
            f"FROM {table_of(home, LEDGER)} JOIN aside USING (delivery_id) ORDER BY delivery_id"
        ).fetchall()
    return [Aside(*row) for row in rows]


def aside_sql(home: Home) -> str:
    """SQL for the newest mark of each delivery that is set aside."""
    if not (home.lake / SET_ASIDE).is_dir():
        cells = ", ".join(f"CAST(NULL AS {type_}) AS {name}" for name, type_ in SET_ASIDE_COLUMNS)
        return f"SELECT {cells} LIMIT 0"
    return (
        f"SELECT * FROM {table_of(home, SET_ASIDE)} "
        "QUALIFY mark = max(mark) OVER (PARTITION BY delivery_id) AND is_aside"
    )


def set_aside(home: Home, causes: Mapping[str, tuple[str, str]], rules_version: str, now: datetime) -> None:
    """Set deliveries aside; ``causes`` gives the failed check and the sentence for the sender by delivery.

    Raises:
        UnavailableError: a landing does not end, or the lake cannot be written.
    """
    _append(
        home,
        [(delivery, True, RULE, check, reason) for delivery, (check, reason) in sorted(causes.items())],
        rules_version,
        now,
    )


def bring_back(home: Home, deliveries: Sequence[str], rules_version: str, now: datetime) -> None:
    """Let deliveries count again.

    Raises:
        UnavailableError: a landing does not end, or the lake cannot be written.
    """
    _append(home, [(each, False, None, None, None) for each in sorted(deliveries)], rules_version, now)


def _append(
    home: Home,
    said: Sequence[tuple[str, bool, str | None, str | None, str | None]],
    rules_version: str,
    now: datetime,
) -> None:
    """One file for all of ``said``, whole or not at all."""
    if not said:
        return
    with locked(home), writing(home), duckdb.connect() as database:
        directory = home.lake / SET_ASIDE
        directory.mkdir(exist_ok=True)
        mark = max((int(path.stem) for path in directory.glob("*.parquet")), default=0) + 1
        rows = [Mark(mark, *each, rules_version, now) for each in said]
        names = [field.name for field in fields(Mark)]
        content = orjson.dumps([{name: getattr(row, name) for name in names} for row in rows]).decode()
        shape = orjson.dumps([dict(SET_ASIDE_COLUMNS)]).decode()
        final = directory / f"{mark:08d}.parquet"
        aside = Path(f"{final}.part")
        database.execute(
            f"COPY (SELECT unnest(from_json_strict({quote(content)}, {quote(shape)}), recursive := true)) "
            f"TO {quote(str(aside))} (FORMAT parquet)"
        )
        sync(aside)
        aside.replace(final)
        sync(directory)
