"""dbt's sources are what the contract says that the lake holds."""

from __future__ import annotations

import yaml

from orchestration.contract import load_contract
from orchestration.generate.lake_sources import lake_sources
from orchestration.landing.lake import QUARANTINE_COLUMNS, SET_ASIDE_COLUMNS, data_columns
from orchestration.landing.ledger import LEDGER_COLUMNS


def test_every_column_of_the_lake_is_described() -> None:
    (lake,) = yaml.safe_load(lake_sources(load_contract()))["sources"]
    tables = {
        table["name"]: {column["name"]: column["data_type"] for column in table["columns"]}
        for table in lake["tables"]
    }
    real = {kind: data_columns(load_contract(), kind) for kind in load_contract().kinds}
    assert tables == {
        table: {name: type_.lower() for name, type_ in columns}
        for table, columns in {
            **real,
            "ledger": LEDGER_COLUMNS,
            "quarantine": QUARANTINE_COLUMNS,
            "set_aside": SET_ASIDE_COLUMNS,
        }.items()
    }
    assert all(column["description"].rstrip(".") for table in lake["tables"] for column in table["columns"])
