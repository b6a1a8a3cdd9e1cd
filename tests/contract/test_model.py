"""The contract file is consistent, and says what exports.md promises."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from orchestration.contract import ColumnType, Contract, load_contract
from orchestration.contract.model import CONTRACT_FILE
from orchestration.settings import PROJECT_ROOT

CONTRACT = load_contract()
STARRED = {
    "hoso": ["MaHoSo", "MaTTHC", "TrangThaiHoSo"],
    "tientrinh": ["MaHoSo"],
    "phananh": ["MaPhanAnh", "Loai", "NgayTiepNhan"],
    "tieuchi": ["KyBaoCao", "MaTieuChi", "KetQua"],
}
NEVER_LAND = {
    "hoso": {"ChuHoSo", "SoDinhDanh", "SoDienThoai", "Email", "DiaChi", "TrichYeuHoSo", "GhiChu"},
    "tientrinh": {"NguoiXuLy", "NoiDungXuLy"},
    "phananh": set[str](),
    "tieuchi": {"MinhChung"},
}


def source() -> dict[str, Any]:
    return yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", STARRED)
def test_starred_and_personal_columns(kind: str) -> None:
    told = CONTRACT.kinds[kind]
    assert [column.name for column in told.required] == STARRED[kind]
    assert {column.name for column in told.columns if column.personal} >= NEVER_LAND[kind]
    assert not {column.name for column in told.landing} & NEVER_LAND[kind]


def test_the_lake_schema_of_dossiers() -> None:
    types = {column.name: column.type for column in CONTRACT.kinds["hoso"].lake_columns}
    assert len(types) == 34
    assert types["dossier_code"] == "VARCHAR"
    assert types["received_at"] == "TIMESTAMP"
    assert types["status_code"] == types["channel_code"] == "INTEGER"
    assert types["fee_amount"] == "BIGINT"
    assert types["has_e_result"] == "BOOLEAN"


def test_every_sentence_can_be_filled() -> None:
    row = {"column", "dates", "minimum", "maximum", "choices", "max_length", "columns"}
    file = {"example", "kinds", "formats", "province", "columns", "format", "rejected", "read", "most"}
    file |= {"check", "where", "answer"}
    families = ((CONTRACT.row_rules, row), (CONTRACT.file_rules, file), (CONTRACT.row_flags, set[str]()))
    for rules, known in families:
        for name, rule in rules.items():
            fields = {field for _, field, _, _ in string.Formatter().parse(rule.reason) if field}
            assert fields <= known, name
            assert rule.reason.endswith((".", "{most}")), name
            assert rule.remedy.endswith("."), name
            assert "{" not in rule.remedy + rule.title, name
            assert rule.title, name
            assert not rule.title.endswith("."), name


def test_every_type_is_used() -> None:
    used = {column.type for kind in CONTRACT.kinds.values() for column in kind.columns}
    assert used == set(ColumnType)


def test_the_example_follows_the_rule_for_names() -> None:
    name = CONTRACT.file_name
    assert re.fullmatch(name.pattern, name.example.rpartition(".")[0])


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda c: c["kinds"]["hoso"]["columns"][2]["aliases"].append("Mã hồ sơ"), "means two columns"),
        (lambda c: c["kinds"]["hoso"]["columns"][0].update(rule="nonsense"), "no code rule"),
        (lambda c: c["kinds"]["hoso"]["columns"][0].update(personal=True), "either lands or is personal"),
        (lambda c: c["kinds"]["hoso"]["columns"][2].update(type="choice"), "choices belong"),
        (lambda c: c["kinds"]["hoso"]["columns"][2].update(typ="text"), "Extra inputs"),
        (lambda c: c["personal_shapes"].update(email="("), "email"),
    ],
)
def test_a_contradiction_is_refused(change: Any, complaint: str) -> None:
    changed = source()
    change(changed)
    with pytest.raises(ValidationError, match=complaint):
        Contract.model_validate(changed)


def test_it_is_frozen() -> None:
    with pytest.raises(ValidationError):
        setattr(CONTRACT, "version", "x")  # noqa: B010 - pyright would stop the plain form


def test_every_flag_that_dbt_raises_has_its_words() -> None:
    models = PROJECT_ROOT / "dbt_project" / "models"
    sources = ("dossier/marts/flagged_row.sql", "step/marts/flagged_step.sql", "dossier/int_source_doubt.sql")
    raised: set[str] = set()
    for source in sources:
        sql = (models / source).read_text(encoding="utf-8")
        listed = re.findall(r"^ {4}(?:\(\s*)?'(\w+)'[,:]", sql, re.MULTILINE)
        spelled = re.findall(r"'(\w+)' as flag\b", sql)
        assert listed or spelled, source
        raised |= {*listed, *spelled}
    assert raised == set(CONTRACT.row_flags)
