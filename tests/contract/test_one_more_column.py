"""Adding a column, or an alias, is an edit in ``exports.yml`` and nowhere else."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.contract import load_contract, model
from orchestration.generate.field_guide import guide
from orchestration.generate.lake_sources import lake_sources
from orchestration.landing import ensure_anchors
from orchestration.settings import Settings
from tests.landing.conftest import UNIT, Desk
from tests.landing.tables import HEADS, csv_bytes, dossier_row, json_bytes, records, xlsx_bytes

ADDED = {
    "name": "SoTrangIn",
    "lake": "printed_pages",
    "type": "integer",
    "maximum": 90,
    "label": "Số trang in",
    "aliases": ["Số tờ"],
    "gloss": "Pages printed",
}


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    """The contract with one column more, and an alias more for an old one."""
    told = yaml.safe_load(model.CONTRACT_FILE.read_text(encoding="utf-8"))
    columns = told["kinds"]["hoso"]["columns"]
    columns.append(ADDED)
    columns[0]["aliases"].append("Mã biên nhận điện tử")
    path = tmp_path / "exports.yml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), encoding="utf-8")
    monkeypatch.setattr(model, "CONTRACT_FILE", path)
    load_contract.cache_clear()
    yield
    monkeypatch.undo()
    load_contract.cache_clear()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "inbox").mkdir()
    return Desk(Settings(home=tmp_path / "home", inbox=tmp_path / "inbox"))


def with_pages(pages: str, *heads: str) -> tuple[list[str], list[str]]:
    return ["Mã biên nhận điện tử", *HEADS[1:], *heads], [*dossier_row(1), pages]


@pytest.mark.usefixtures("edited")
def test_the_column_lands_from_every_format(desk: Desk) -> None:
    heads, row = with_pages("12", "Số tờ")
    desk.drop(csv_bytes([row], heads))
    assert desk.land_one().rows_accepted == 1
    desk.drop(xlsx_bytes([heads, row]), "xlsx", unit=UNIT)
    desk.drop(json_bytes([{**records([dossier_row(1)])[0], "SoTrangIn": 12}]), "json")
    assert [delivery.rows_accepted for delivery in desk.land().deliveries] == [1, 1]
    assert [(row["dossier_code"], row["printed_pages"]) for row in desk.rows()] == [
        (dossier_row(1)[0], 12)
    ] * 3


@pytest.mark.usefixtures("edited")
def test_it_is_judged_explained_guided_and_documented(desk: Desk) -> None:
    heads, row = with_pages("91", "SoTrangIn")
    desk.drop(csv_bytes([row, with_pages("1")[1], with_pages("2")[1]], heads))
    assert desk.land_one().rows_rejected == 1
    (bad,) = desk.quarantine()
    assert (bad["column_name"], bad["rule"]) == ("SoTrangIn", "bad_integer")
    assert "“Số trang in” (SoTrangIn) phải là số nguyên từ 0 đến 90" in bad["reason"]
    contract = load_contract()
    assert "| `SoTrangIn` | Số trang in, Số tờ | Số nguyên | từ 0 đến 90; ví dụ `3` |" in guide(contract)
    assert "Mã biên nhận điện tử" in guide(contract)
    (source,) = yaml.safe_load(lake_sources(contract))["sources"]
    described = {"name": "printed_pages", "data_type": "integer", "description": "Pages printed."}
    assert described in source["tables"][0]["columns"]


def test_files_from_before_the_column_still_read(desk: Desk, request: pytest.FixtureRequest) -> None:
    desk.drop(csv_bytes([dossier_row(1)]))
    desk.land()
    request.getfixturevalue("edited")
    ensure_anchors(desk.settings.paths)
    anchor = desk.lake / "_schema" / "hoso.parquet"
    files = [str(anchor), *map(str, desk.lake.glob("hoso/*/*.parquet"))]
    with duckdb.connect() as database:
        read = database.execute(
            "SELECT dossier_code, printed_pages FROM read_parquet(?, union_by_name = true)", [files]
        )
        assert read.fetchall() == [(dossier_row(1)[0], None)]
