"""Lists inside objects: in whatever case, shape and money, they say what the flat columns would."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract
from orchestration.landing.judging.casts import cast
from orchestration.landing.readers.nested import UNREADABLE, fold_lists
from orchestration.sql_text import quote

CONTRACT = load_contract()
KIND = CONTRACT.kinds["hoso"]
NAMES = KIND.nested
FEE = KIND.by_name["TongLePhi"]
DOSSIER: dict[str, Any] = {
    "TaiLieuNop": [{"DuocSoHoa": "1", "DuocTaiSuDung": "1"}, {"DuocSoHoa": "0", "IsDeleted": "1"}],
    "DanhSachLePhi": [{"Gia": "8000"}],
    "DanhSachHoSoBoSung": [{"NgayBoSung": "2025-10-07T09:00:00", "NgayHenTraTruoc": "0001-01-01T00:00:00"}],
    "DanhSachGiayToKetQua": [{"GiayToId": "7"}],
}


def folded(item: dict[str, Any]) -> dict[str, str | None]:
    assert NAMES is not None
    return {name: cells[0] for name, cells in fold_lists([item], NAMES, CONTRACT).items()}


def rekeyed(value: Any, spell: Any) -> Any:
    if isinstance(value, dict):
        return {spell(key): rekeyed(inner, spell) for key, inner in value.items()}
    return [rekeyed(inner, spell) for inner in value] if isinstance(value, list) else value


SPELLINGS = (
    str,
    str.lower,
    str.upper,
    lambda key: key[:1].lower() + key[1:],
    lambda key: key.replace("S", "_s"),
)


@pytest.mark.parametrize("spell", SPELLINGS)
def test_keys_may_have_any_case_at_any_depth(spell: Any) -> None:
    assert folded(rekeyed(DOSSIER, spell)) == folded(DOSSIER)


@pytest.mark.parametrize(
    "shape",
    [
        lambda items: json.dumps(items),
        lambda items: [json.dumps(item) for item in items],
        lambda items: {"item": items},
        lambda items: items[0] if len(items) == 1 else items,
        lambda items: json.dumps({"items": items}),
        lambda items: [*items, None],
    ],
)
def test_a_list_may_be_a_text_one_object_or_named_within(shape: Any) -> None:
    assert folded({name: shape(items) for name, items in DOSSIER.items()}) == folded(DOSSIER)


@pytest.mark.parametrize("value", ["không rõ", "[1", 7, [3], ["x"]])
def test_a_list_that_cannot_be_read_is_told(value: object) -> None:
    assert folded({"DanhSachLePhi": value})["TongLePhi"] == UNREADABLE


def landed(text: str | None) -> int | None:
    """What judging makes of the cell."""
    with duckdb.connect() as database:
        select = cast(quote(text or ""), FEE, CONTRACT, frozenset())
        return database.execute(f"SELECT {select}").fetchall()[0][0]


WRITINGS = (
    str,
    int,
    float,
    lambda amount: f"{amount}.0000",
    lambda amount: f"{amount:,}".replace(",", "."),
    lambda amount: f"{amount:,}",
    lambda amount: f"{amount:,} đ".replace(",", "."),
    lambda amount: f"{amount:,} VNĐ".replace(",", " "),
    lambda amount: f"{amount:,},00".replace(",", ".", amount and f"{amount:,}".count(",")),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9_999_999), st.sampled_from(WRITINGS)), min_size=1, max_size=4))
def test_sums_of_fees_lose_nothing(prices: list[tuple[int, Any]]) -> None:
    items = [{"Gia": write(amount)} for amount, write in prices]
    total = folded({"DanhSachLePhi": items})["TongLePhi"]
    assert landed(total) == sum(amount for amount, _ in prices)


def test_parts_of_a_dong_are_added_exactly() -> None:
    assert folded({"DanhSachLePhi": [{"Gia": 0.1}, {"Gia": 0.2}, {"Gia": "0,7"}]})["TongLePhi"] == "1"
    assert Decimal(str(folded({"DanhSachLePhi": [{"Gia": 1e6}, {"Gia": 0.5}]})["TongLePhi"])) == Decimal(
        "1000000.5"
    )


@pytest.mark.parametrize("bad", ["tám nghìn", "-5", {"x": 1}, "1.50.000"])
def test_a_bad_fee_does_not_zero_the_others_unseen(bad: object) -> None:
    assert landed(folded({"DanhSachLePhi": [{"Gia": "8000"}, {"Gia": bad}]})["TongLePhi"]) is None
