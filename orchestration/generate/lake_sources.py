"""dbt's sources from the contract: ``make generate``.

A test holds the committed file to what this writes, so that a column that the contract gains is documented in
dbt as well. What is done with a column, the staging models say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from orchestration.contract import Contract
from orchestration.landing.lake import (
    LEDGER,
    QUARANTINE,
    QUARANTINE_COLUMNS,
    SET_ASIDE,
    SET_ASIDE_COLUMNS,
    data_columns,
)
from orchestration.landing.ledger import LEDGER_COLUMNS

_HEADING = "# Generated from the contract by `make generate`; do not edit.\n"
_LOCATION = "read_parquet('{{ env_var('MOTCUA_HOME', 'data') }}/lake/_schema/{name}.parquet')"
_LAKE = (
    "Append-only Parquet written by the landing step, with a zero-row anchor per table. "
    "Read through the macro `lake`."
)
_KIND = "as exported, every delivery, without personal data."
_TABLES = {
    LEDGER: "One row per delivery and commune, with what became of it.",
    QUARANTINE: "One row per rejected row, masked, with the rule that it broke.",
    SET_ASIDE: "Marks on deliveries, the newest holds: set aside because a check failed, or back again.",
}
# What landing adds to the columns of the contract.
_ADDED = {
    "export_date": "Day whose state the export shows",
    "delivery_id": "Delivery: one landing of one file; sorts in the order in which deliveries count",
    "landing_id": "Landing pass",
    "landing_seq": "Running number of the landing pass",
    "emptied": "Exchange names of the columns whose value was no value, and was left out",
    "line": "Line or row in the file",
    "swapped_dates": "Exchange names of columns whose dates may have day and month swapped",
    "kind": "Kind of export",
    "unit_code": "Unit of the file name: commune or province",
    "commune_code": "Commune, 5 digits; empty where it cannot be known",
    "file_name": "File, below the day's folder",
    "sha256": "Content hash of the file",
    "size_bytes": "Size of the file as delivered, in bytes",
    "mtime_ns": "Modification time of the file, in nanoseconds since 1970",
    "arrived_at": "When the file came in",
    "landed_at": "When it was landed",
    "status": "accepted, accepted_with_rejects or rejected",
    "rows_read": "Rows read; always accepted plus rejected",
    "rows_accepted": "Rows accepted",
    "rows_rejected": "Rows rejected",
    "rule": "Rule that was broken, a key of the contract",
    "reason": "What is wrong, for the sender",
    "unknown_columns": "Heads of the file that the contract does not know",
    "lines_left_out": "Lines of the whole file that are no data: titles, totals, notes, signatures",
    "left_out": "What those lines are, for the sender",
    "contract_version": "Version of the contract by which it was judged",
    "source_format": "Format and wrapper, such as csv.gz",
    "column_name": "Exchange name of the column at fault",
    "value_masked": "The value at fault, masked",
    "mark": "Running number of the mark",
    "is_aside": "Whether the delivery is set aside; false where it counts again",
    "check_name": "Check or model of dbt that failed while the delivery counted",
    "rules_version": "Rules (contract, models, checks, seeds) under which it failed",
    "marked_at": "When it was marked",
}


def lake_sources(contract: Contract) -> str:
    """The text of ``_lake.yml``: a table per kind, the ledger and the quarantine, with every column.

    Raises:
        KeyError: landing writes a column that is described nowhere.
    """
    glosses = {
        kind.code: {str(column.lake): column.gloss for column in kind.landing}
        for kind in contract.kinds.values()
    }
    kinds = [
        _table(kind.code, f"{kind.gloss}; {_KIND}", data_columns(contract, kind.code), glosses[kind.code])
        for kind in contract.kinds.values()
    ]
    others = [
        _table(name, _TABLES[name], columns, {})
        for name, columns in (
            (LEDGER, LEDGER_COLUMNS),
            (QUARANTINE, QUARANTINE_COLUMNS),
            (SET_ASIDE, SET_ASIDE_COLUMNS),
        )
    ]
    source = {
        "name": "lake",
        "description": _LAKE,
        "meta": {"external_location": _LOCATION},
        "tables": [*kinds, *others],
    }
    page = {"version": 2, "sources": [source]}
    return _HEADING + yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=110)


def _table(
    name: str, description: str, columns: Iterable[tuple[str, str]], glosses: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "name": name,
        "description": description,
        "columns": [
            {
                "name": column,
                "data_type": type_.lower(),
                "description": f"{glosses.get(column) or _ADDED[column]}.",
            }
            for column, type_ in columns
        ],
    }
