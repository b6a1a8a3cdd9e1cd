"""Tiny lakes, written straight as Parquet, for tests that start behind the landing step.

A lake holds what landing would have left: data, ledger and quarantine files and the zero-row anchors.
What the landing step itself does is tested under ``tests/landing``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

SMALL_PROVINCE = "12"
"""Lai Châu, the province of the fewest communes: what costs by commune and day costs a quarter there."""
SMALL_COUNT = 38
"""Its communes."""

TEXT, WHOLE, LONG, TRUTH = pa.string(), pa.int32(), pa.int64(), pa.bool_()
DAY, MOMENT = pa.date32(), pa.timestamp("us")
ON_TIME = time(17, 30)
"""When files of these lakes arrive unless a test says otherwise: before the cut-off."""

META = {
    "export_date": DAY,
    "delivery_id": TEXT,
    "landing_seq": LONG,
    "line": WHOLE,
    "emptied": TEXT,
    "swapped_dates": TEXT,
}
COLUMNS: dict[str, dict[str, pa.DataType]] = {
    "hoso": {
        "dossier_code": TEXT,
        "procedure_code": TEXT,
        "procedure_name": TEXT,
        "field_code": TEXT,
        "field_name": TEXT,
        "commune_code": TEXT,
        "service_site": TEXT,
        "resolving_unit": TEXT,
        "resolving_unit_type": TEXT,
        "channel_code": WHOLE,
        "online_level": TEXT,
        "submitted_at": MOMENT,
        "received_at": MOMENT,
        "due_at": MOMENT,
        "previous_due_at": MOMENT,
        "finished_at": MOMENT,
        "returned_at": MOMENT,
        "refused_at": MOMENT,
        "status_code": WHOLE,
        "supplement_asked_at": MOMENT,
        "supplement_received_at": MOMENT,
        "times_supplemented": WHOLE,
        "fee_amount": LONG,
        "online_payment_code": WHOLE,
        "component_count": WHOLE,
        "digitised_component_count": WHOLE,
        "has_digitised_component": TRUTH,
        "has_reused_component": TRUTH,
        "has_e_result": TRUTH,
        "vneid_verified": TRUTH,
        "outside_territory": TRUTH,
        "apology_sent": TRUTH,
        "source_system": TEXT,
        "updated_at": MOMENT,
        **META,
    },
    "tientrinh": {
        "dossier_code": TEXT,
        "step_number": WHOLE,
        "stage": TEXT,
        "department": TEXT,
        "unit_type": TEXT,
        "staff_code": TEXT,
        "started_at": MOMENT,
        "due_at": MOMENT,
        "ended_at": MOMENT,
        "status_code": TEXT,
        "commune_code": TEXT,
        **META,
    },
    "phananh": {
        "petition_code": TEXT,
        "petition_kind": TEXT,
        "dossier_code": TEXT,
        "commune_code": TEXT,
        "received_at": MOMENT,
        "due_at": MOMENT,
        "handled_at": MOMENT,
        "classification": TEXT,
        "satisfaction": WHOLE,
        "intake_channel": TEXT,
        **META,
    },
    "tieuchi": {
        "report_month": TEXT,
        "commune_code": TEXT,
        "criterion_code": TEXT,
        "result": TEXT,
        **META,
    },
    "ledger": {
        "delivery_id": TEXT,
        "landing_id": TEXT,
        "landing_seq": LONG,
        "kind": TEXT,
        "export_date": DAY,
        "unit_code": TEXT,
        "commune_code": TEXT,
        "file_name": TEXT,
        "sha256": TEXT,
        "size_bytes": LONG,
        "mtime_ns": LONG,
        "arrived_at": MOMENT,
        "landed_at": MOMENT,
        "status": TEXT,
        "rows_read": WHOLE,
        "rows_accepted": WHOLE,
        "rows_rejected": WHOLE,
        "rule": TEXT,
        "reason": TEXT,
        "unknown_columns": TEXT,
        "lines_left_out": WHOLE,
        "left_out": TEXT,
        "contract_version": TEXT,
        "source_format": TEXT,
    },
    "quarantine": {
        "delivery_id": TEXT,
        "landing_seq": LONG,
        "kind": TEXT,
        "export_date": DAY,
        "commune_code": TEXT,
        "file_name": TEXT,
        "line": WHOLE,
        "column_name": TEXT,
        "rule": TEXT,
        "reason": TEXT,
        "value_masked": TEXT,
    },
    "set_aside": {
        "mark": LONG,
        "delivery_id": TEXT,
        "is_aside": TRUTH,
        "rule": TEXT,
        "check_name": TEXT,
        "reason": TEXT,
        "rules_version": TEXT,
        "marked_at": MOMENT,
    },
}

Row = Mapping[str, Any]


def dossier(code: str, received: datetime | None, **values: Any) -> dict[str, Any]:
    """A dossier of the commonest kind, online and in process; ``values`` override lake columns."""
    return {
        "dossier_code": code,
        "procedure_code": "2.000815",
        "channel_code": 2,
        "status_code": 4,
        "submitted_at": received,
        "received_at": received,
        "updated_at": received,
        "source_system": "tinh",
        **values,
    }


@dataclass
class Lake:
    """A lake under ``home``; each delivery is a landing pass of its own, in the order of the calls."""

    home: Path
    province: str = "38"
    landings: int = 0

    def __post_init__(self) -> None:
        for kind in COLUMNS:
            self._write(kind, [], self.root / "_schema" / f"{kind}.parquet")
        (self.home / "warehouse").mkdir(parents=True, exist_ok=True)

    @property
    def root(self) -> Path:
        """Where the Parquet lies."""
        return self.home / "lake"

    def deliver(
        self,
        export_date: date,
        commune_code: str | None,
        records: Iterable[Row] = (),
        *,
        status: str = "accepted",
        unit_code: str | None = None,
        file_name: str | None = None,
        rejected: Iterable[Row] = (),
        rows_read: int | None = None,
        faulty: Mapping[str | None, int] = MappingProxyType({}),
        kind: str | None = "hoso",
        reason: str | None = None,
        unknown_columns: str | None = None,
        arrived_at: datetime | None = None,
        landed_at: datetime | None = None,
    ) -> str:
        """Land one file, `hoso` unless said; returns its delivery id. Rows may name a ``commune_code``.

        ``rejected`` are quarantine rows; ``rows_read`` is only needed where it is not their sum with
        the records. ``faulty`` counts the rows of communes all of whose rows were
        rejected; those of None name no commune.
        """
        self.landings += 1
        unit = unit_code or commune_code or self.province
        name = file_name or f"{kind}_{unit}_{export_date:%Y%m%d}.csv"
        landing_id = f"{self.landings:08d}-{export_date:%Y%m%d}T173000"
        delivery_id = f"{landing_id}-{name}"
        arrived = arrived_at or datetime.combine(export_date, ON_TIME)
        stamp = {"export_date": export_date, "delivery_id": delivery_id, "landing_seq": self.landings}
        of_file = {"commune_code": commune_code, "kind": kind, "file_name": name, **stamp}
        rows: list[dict[str, Any]] = [
            {"commune_code": commune_code, **row, **stamp, "line": line}
            for line, row in enumerate(records, start=2)
        ]
        bad = [{**of_file, **row} for row in rejected]
        named: set[str | None] = {row["commune_code"] for row in rows} or {commune_code}
        communes = sorted(named, key=str)
        ledger: list[dict[str, Any]] = []
        for commune in communes:
            accepted = sum(row["commune_code"] == commune for row in rows) if status != "rejected" else 0
            read = rows_read or len(bad) + accepted
            ledger.append(
                {
                    **of_file,
                    "landing_id": landing_id,
                    "unit_code": unit,
                    "commune_code": commune,
                    "sha256": f"{self.landings:064x}",
                    "arrived_at": arrived,
                    "landed_at": landed_at or arrived + timedelta(minutes=30),
                    "status": status,
                    "rows_read": read,
                    "rows_accepted": accepted,
                    "rows_rejected": read - accepted,
                    "reason": reason,
                    "unknown_columns": unknown_columns,
                }
            )
        for of_commune, amount in faulty.items():
            counts = {"rows_read": amount, "rows_accepted": 0, "rows_rejected": amount}
            ledger.append({**ledger[0], "commune_code": of_commune, "status": "rejected", **counts})
        if kind and rows and status != "rejected":
            self._write(kind, rows, self.root / f"{kind}/export_date={export_date}/{landing_id}.parquet")
        if bad:
            self._write("quarantine", bad, self.root / f"quarantine/{landing_id}.parquet")
        self._write("ledger", ledger, self.root / f"ledger/{landing_id}.parquet")
        return delivery_id

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a query on the built warehouse."""
        with duckdb.connect(str(self.home / "warehouse" / "warehouse.duckdb"), read_only=True) as connection:
            return connection.execute(sql).fetchall()

    @staticmethod
    def _write(kind: str, rows: list[dict[str, Any]], path: Path) -> None:
        columns = COLUMNS[kind]
        unknown = {name for row in rows for name in row} - set(columns)
        if unknown:
            raise ValueError(f"not columns of {kind}: {sorted(unknown)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        schema = pa.schema(list(columns.items()))
        filled = [{name: row.get(name) for name in columns} for row in rows]
        pq.write_table(pa.Table.from_pylist(filled, schema=schema), path)
