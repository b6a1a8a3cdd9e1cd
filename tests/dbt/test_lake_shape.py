"""The tiny lakes of these tests have the shape that landing gives the real one."""

from __future__ import annotations

from orchestration.contract import load_contract
from orchestration.landing.lake import QUARANTINE_COLUMNS, SET_ASIDE_COLUMNS, data_columns
from orchestration.landing.ledger import LEDGER_COLUMNS
from tests.support.lake import COLUMNS, DAY, LONG, MOMENT, TEXT, TRUTH, WHOLE

ARROW = {
    "VARCHAR": TEXT,
    "INTEGER": WHOLE,
    "BIGINT": LONG,
    "BOOLEAN": TRUTH,
    "DATE": DAY,
    "TIMESTAMP": MOMENT,
}


def test_columns_and_types_are_those_of_landing() -> None:
    contract = load_contract()
    real = {
        **{kind: data_columns(contract, kind) for kind in contract.kinds},
        "ledger": LEDGER_COLUMNS,
        "quarantine": QUARANTINE_COLUMNS,
        "set_aside": SET_ASIDE_COLUMNS,
    }
    assert {
        table: {name: ARROW[kind] for name, kind in columns} for table, columns in real.items()
    } == COLUMNS
