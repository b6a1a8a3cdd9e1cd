"""A column, or an alias, lands by an edit in ``exports.yml`` alone; three lines more bring it to a mart."""

from __future__ import annotations

import shutil
from collections.abc import Generator
from datetime import datetime, time
from pathlib import Path

import duckdb
import pytest
import yaml

from orchestration.contract import load_contract, model
from orchestration.generate.committed import COMMITTED
from orchestration.generate.field_guide import guide
from orchestration.generate.lake_sources import lake_sources
from orchestration.landing import ensure_anchors
from orchestration.settings import Settings
from orchestration.warehouse.column_dictionary import Meaning, column_meaning
from tests.landing.conftest import DAY, UNIT, Desk
from tests.landing.tables import HEADS, csv_bytes, dossier_row, json_bytes, records, xlsx_bytes
from tests.support.dbt import PROJECT, build, parse
from tests.support.lake import Lake

# The lines that the head of the contract asks for: which file, below which of its lines, and what.
EDITS = (
    ("int_dossier.sql", "        version.fee_amount,\n", "        version.printed_pages,\n"),
    ("marts/fct_dossier.sql", "    dossier.fee_amount,\n", "    dossier.printed_pages,\n"),
    (
        "marts/fct_dossier.yml",
        "      - {name: fee_amount, data_type: bigint}\n",
        "      - {name: printed_pages, data_type: integer}\n",
    ),
)
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


@pytest.mark.usefixtures("edited")
def test_three_lines_more_bring_it_to_a_mart(desk: Desk, tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    for path, text in COMMITTED.items():
        if path.is_relative_to(PROJECT / "models"):
            (project / path.relative_to(PROJECT)).write_text(text(), encoding="utf-8")
    head = (PROJECT.parent / "orchestration" / "contract" / "exports.yml").read_text(encoding="utf-8")
    for name, above, line in EDITS:
        assert f"dbt_project/models/dossier/{name} " in head.partition("\nversion:")[0]
        file = project / "models" / "dossier" / name
        before = file.read_text(encoding="utf-8")
        assert before.count(above) == 1
        file.write_text(before.replace(above, above + line), encoding="utf-8")

    lake = Lake(desk.settings.paths.root)
    ensure_anchors(desk.settings.paths)
    heads, row = with_pages("12", "Số tờ")
    desk.drop(csv_bytes([row], heads))
    assert desk.land_one().rows_accepted == 1
    outcome = build(
        parse(tmp_path, project),
        lake,
        datetime.combine(DAY, time(18)),
        "fct_dossier",
        checked=False,
        project=project,
    )
    assert outcome.failures == {}
    with duckdb.connect(str(desk.settings.paths.warehouse_file), read_only=True) as database:
        assert database.execute("select printed_pages from marts.fct_dossier").fetchall() == [(12,)]
    assert column_meaning({"name": "printed_pages"}) == Meaning("Pages printed.", "Số trang in")
