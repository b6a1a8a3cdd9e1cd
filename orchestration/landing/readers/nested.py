"""Lists inside exchange objects, folded into the flat columns that they speak of. Pure.

Names of the lists come from the contract; the names inside them are the exchange's own. Programs write both
in any case, a list of one as the one thing itself, and a list as JSON in a text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from orchestration.contract import Contract, fold
from orchestration.contract.model import Nested

Json = dict[str, Any]
# A cell that no type takes: what the list says cannot be read, so that judging says so.
UNREADABLE = "?"
_CURRENCY = re.compile(r"(?i)\s*(đồng|đ|d|vnđ|vnd|₫)\.?$")
_GROUPED = re.compile(r"[1-9]\d{0,2}((\.\d{3})+(,0{1,2})?|(,\d{3})+(\.0{1,2})?|([ \xa0]\d{3})+([.,]0{1,2})?)")
_NO_CENTS = re.compile(r"[.,]0{1,2}$")
_SEPARATORS = dict.fromkeys(map(ord, "., \xa0"))
_Fold = Callable[[list[Json], Contract], str | None]


def fold_lists(objects: Sequence[Json], names: Nested, contract: Contract) -> dict[str, list[str | None]]:
    """Flat columns derived from the lists of ``objects``; None where an object has no such list."""
    found = {name: _lists(objects, name) for name in names.model_dump().values()}
    columns: dict[str, list[str | None]] = {}
    for name, (list_name, derive) in _derivations(names).items():
        lists = found[list_name]
        if lists is not None:
            columns[name] = [
                items if items is None or isinstance(items, str) else derive(items, contract)
                for items in lists
            ]
    return columns


def _derivations(names: Nested) -> dict[str, tuple[str, _Fold]]:
    return {
        "SoThanhPhan": (names.documents, lambda items, known: str(len(_kept(items, known)))),
        "SoThanhPhanSoHoa": (names.documents, lambda items, known: str(_count(items, "DuocSoHoa", known))),
        "HoSoCoThanhPhanSoHoa": (
            names.documents,
            lambda items, known: _flag(_count(items, "DuocSoHoa", known) > 0),
        ),
        "DuocTaiSuDung": (
            names.documents,
            lambda items, known: _flag(_count(items, "DuocTaiSuDung", known) > 0),
        ),
        "TongLePhi": (names.fees, _total_fee),
        "SoLanBoSung": (names.supplements, lambda items, _: str(len(items))),
        "NgayYeuCauBoSung": (
            names.supplements,
            lambda items, _: _latest(items, "NgayBoSung", "NgayYeuCauBoSung"),
        ),
        "NgayTiepNhanBoSung": (names.supplements, lambda items, _: _latest(items, "NgayTiepNhanBoSung")),
        "NgayHenTraTruoc": (names.supplements, lambda items, _: _latest(items, "NgayHenTraTruoc")),
        "CoKetQuaDienTu": (names.results, lambda items, _: _flag(any(map(_is_electronic, items)))),
    }


def _lists(objects: Sequence[Json], name: str) -> list[list[Json] | str | None] | None:
    """The list ``name`` of each object; None for the objects without, and instead if none has one."""
    wanted = fold(name)
    keys = {key for item in objects for key in item if fold(key) == wanted}
    if not keys:
        return None
    return [next((_items(item[key]) for key in keys if key in item), None) for item in objects]


def _items(value: object) -> list[Json] | str | None:
    """What a list holds, its keys folded; ``UNREADABLE`` if that is not told."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        try:
            return _items(orjson.loads(value))
        except orjson.JSONDecodeError:
            return UNREADABLE
    if isinstance(value, dict):
        return _items_of_one(value)
    if not isinstance(value, list):
        return UNREADABLE
    items: list[Json] = []
    for entry in value:
        if entry is None:
            continue
        one = [_folded(entry)] if isinstance(entry, dict) else _items(entry)
        if isinstance(one, str):
            return UNREADABLE
        items += one or []
    return items


def _items_of_one(value: Mapping[str, Any]) -> list[Json] | str | None:
    """The one item that stands for a list, or the items of a list that has a name of its own in there."""
    inner = list(value.values())
    if len(inner) == 1 and isinstance(inner[0], list | dict):
        return _items(inner[0])
    return [_folded(value)] if value else []


def _folded(item: Mapping[str, Any]) -> Json:
    return {fold(key): entry for key, entry in item.items()}


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _true(value: object, contract: Contract) -> bool:
    return value is True or value == 1 or str(value).strip().lower() in contract.flags["true"]


def _kept(items: list[Json], contract: Contract) -> list[Json]:
    return [item for item in items if not _true(item.get(fold("IsDeleted")), contract)]


def _count(items: list[Json], name: str, contract: Contract) -> int:
    return sum(_true(item.get(fold(name)), contract) for item in _kept(items, contract))


def _total_fee(items: list[Json], contract: Contract) -> str | None:
    """Sum of the fees, exact; as delivered if there is one, or one is no number, so that judging reads it."""
    prices = [price for item in items for price in [item.get(fold("Gia"))] if price not in (None, "")]
    if len(prices) == 1:
        return _written(prices[0])
    total = Decimal(0)
    for price in prices:
        amount = _amount(_written(price), contract)
        if amount is None:
            return _written(price) if isinstance(price, str | int | float) else UNREADABLE
        total += amount
    return f"{total.normalize():f}"


def _written(price: object) -> str:
    """A number with its digits, no exponent; a whole one without decimals, which would read as thousands."""
    if isinstance(price, float):
        return f"{Decimal(repr(price)).normalize():f}"
    return str(price).strip()


def _amount(text: str, contract: Contract) -> Decimal | None:
    """What ``judging.casts`` reads of a sum of money, decimals kept, since others may make them whole."""
    bare = _CURRENCY.sub("", text)
    if text.lower() in contract.no_fee:
        return Decimal(0)
    if _GROUPED.fullmatch(bare):
        bare = _NO_CENTS.sub("", bare).translate(_SEPARATORS)
    try:
        amount = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None


def _latest(items: list[Json], *names: str) -> str | None:
    """A date of the last supplement; the exchange lists them in the order in which they were asked."""
    if not items:
        return None
    values = (items[-1].get(fold(name)) for name in names)
    return next((str(value) for value in values if value not in (None, "")), None)


def _is_electronic(item: Json) -> bool:
    return any(item.get(fold(name)) for name in ("DuongDanTepTinKetQua", "GiayToId", "MaGiayToKetQua"))
