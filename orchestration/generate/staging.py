"""The staging model of dossiers from the contract, so that dbt reads whatever of ``hoso`` lands.

Other kinds have staging models written by hand, because they leave columns out on purpose.
"""

from __future__ import annotations

from typing import Any

import yaml

from orchestration.contract import Contract
from orchestration.landing.lake import data_columns

KIND = "hoso"
_HEADING = "Generated from the contract by `make generate`; do not edit."
# What landing adds and models need; the place of a row is told by the reader of the lake.
_ADDED = {
    "export_date": "Day whose state the export shows.",
    "delivery_id": "Delivery: one landing of one file.",
    "line": "Line or row in the file.",
    "emptied": "Exchange names of the columns whose value was no value, and was left out.",
    "swapped_dates": "Exchange names of columns whose dates may have day and month swapped.",
}
_POSITION = {
    "name": "position",
    "data_type": "bigint",
    "description": "Place of the row in the lake's file of its delivery: unique in a delivery, in the order "
    "of its sheets, members and lines.",
}


def staging_sql(contract: Contract) -> str:
    """The text of ``stg_hoso_version.sql``."""
    names = [*_exported(contract), *_ADDED]
    columns = "".join(f"    {name},\n" for name in names)
    lake = f"{{{{ lake('{KIND}', '{KIND}/*/*.parquet') }}}}"
    return f"-- {_HEADING}\nselect\n{columns}    file_row_number as position\nfrom {lake}\n"


def staging_yml(contract: Contract) -> str:
    """The text of ``stg_hoso_version.yml``."""
    types = dict(data_columns(contract, KIND))
    glosses = {**_exported(contract), **_ADDED}
    columns: list[dict[str, Any]] = [
        {"name": name, "data_type": types[name].lower(), "description": gloss}
        for name, gloss in glosses.items()
    ]
    model = {
        "name": f"stg_{KIND}_version",
        "description": "Dossier rows as exported, every delivery, superseded ones included. One row per line "
        "of a file.",
        "columns": [*columns, _POSITION],
    }
    page = {"version": 2, "models": [model]}
    return f"# {_HEADING}\n" + yaml.safe_dump(page, sort_keys=False, allow_unicode=True, width=110)


def _exported(contract: Contract) -> dict[str, str]:
    """Gloss by name of the columns that land, in the order of the contract."""
    return {str(column.lake): f"{column.gloss}." for column in contract.kinds[KIND].landing}
