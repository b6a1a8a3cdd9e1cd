"""The field guide follows the contract, and what it shows as an example lands."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import load_contract
from orchestration.generate.field_guide import guide
from orchestration.settings import Settings
from tests.landing.conftest import UNIT, Desk
from tests.landing.tables import HEADS, csv_bytes, dossier_row

CONTRACT = load_contract()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(Settings(home=tmp_path / "home", inbox=tmp_path / "inbox"))


def test_every_column_head_rule_and_flag_is_in_it() -> None:
    page = guide(CONTRACT)
    for kind in CONTRACT.kinds.values():
        for column in kind.landing:
            assert re.search(
                rf"^\| `{column.name}`\*? \| {re.escape(', '.join(column.heads[1:]))} \|", page, re.M
            )
        assert all(f"`{column.name}` ({column.label})" in page for column in kind.columns if column.personal)
    for rules in (CONTRACT.row_rules, CONTRACT.file_rules, CONTRACT.row_flags):
        assert all(f"| {rule.title} |" in page and rule.remedy in page for rule in rules.values())
    assert all(entry.question in page for entry in CONTRACT.guide.faq)
    assert "{" not in page.replace('{"data": [...]}', "")


@pytest.mark.parametrize("example", CONTRACT.dates.examples)
def test_every_date_that_it_shows_lands(desk: Desk, example: str) -> None:
    desk.drop(csv_bytes([dossier_row(1, NgayTiepNhan=example)]))
    assert desk.land_one().rows_accepted == 1


def test_the_codes_that_it_shows_land(desk: Desk) -> None:
    codes = CONTRACT.codes
    row = dossier_row(1, MaHoSo=codes["dossier"].example, MaTTHC=codes["procedure"].example)
    desk.drop(csv_bytes([[*row, codes["commune"].example]], [*HEADS, "MaDonViTiepNhan"]), unit=UNIT)
    assert desk.land_one().rows_accepted == 1
    # Patterns are written for the engine that judges, not for Python's.
    staff = [codes["staff"].example, codes["staff"].pattern]
    assert duckdb.execute("select regexp_full_match(?, ?)", staff).fetchone() == (True,)
