"""Lists inside exchange objects, folded into the flat columns that they speak of. Pure.

Names of the lists come from the contract; the names inside them are the exchange's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from orchestration.contract.model import Nested

Json = dict[str, Any]


def fold_lists(objects: list[Json], names: Nested) -> dict[str, list[str | None]]:
    """Flat columns derived from the lists of ``objects``; None where an object has no such list."""
    columns: dict[str, list[str | None]] = {}
    for name, derive in _derivations(names).items():
        list_name, fold = derive
        if any(list_name in item for item in objects):
            columns[name] = [
                fold(items) if (items := _list(item, list_name)) is not None else None for item in objects
            ]
    return columns


def _derivations(names: Nested) -> dict[str, tuple[str, Callable[[list[Json]], str | None]]]:
    return {
        "SoThanhPhan": (names.documents, lambda items: str(len(_kept(items)))),
        "SoThanhPhanSoHoa": (names.documents, lambda items: str(_count(items, "DuocSoHoa"))),
        "HoSoCoThanhPhanSoHoa": (names.documents, lambda items: _flag(_count(items, "DuocSoHoa") > 0)),
        "DuocTaiSuDung": (names.documents, lambda items: _flag(_count(items, "DuocTaiSuDung") > 0)),
        "TongLePhi": (names.fees, _total_fee),
        "SoLanBoSung": (names.supplements, lambda items: str(len(items))),
        "NgayYeuCauBoSung": (
            names.supplements,
            lambda items: _latest(items, "NgayBoSung", "NgayYeuCauBoSung"),
        ),
        "NgayTiepNhanBoSung": (names.supplements, lambda items: _latest(items, "NgayTiepNhanBoSung")),
        "NgayHenTraTruoc": (names.supplements, lambda items: _latest(items, "NgayHenTraTruoc")),
        "CoKetQuaDienTu": (names.results, lambda items: _flag(any(map(_is_electronic, items)))),
    }


def _list(item: Json, name: str) -> list[Json] | None:
    value = item.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else None


def _flag(value: bool) -> str:
    return "1" if value else "0"


def _true(value: object) -> bool:
    return value is True or value == 1 or str(value).strip().lower() in ("1", "true")


def _kept(items: list[Json]) -> list[Json]:
    return [item for item in items if not _true(item.get("IsDeleted"))]


def _count(items: list[Json], name: str) -> int:
    return sum(_true(item.get(name)) for item in _kept(items))


def _total_fee(items: list[Json]) -> str | None:
    """Sum of the fees; as delivered if one is no number, so that judging says so."""
    total = 0.0
    for item in items:
        price = item.get("Gia")
        if price is None or price == "":
            continue
        try:
            total += float(price)
        except (TypeError, ValueError):
            return str(price)
    return str(int(total)) if total.is_integer() else str(total)


def _latest(items: list[Json], *names: str) -> str | None:
    """A date of the last supplement; the exchange lists them in the order in which they were asked."""
    if not items:
        return None
    values = (items[-1].get(name) for name in names)
    return next((str(value) for value in values if value not in (None, "")), None)


def _is_electronic(item: Json) -> bool:
    return any(item.get(name) for name in ("DuongDanTepTinKetQua", "GiayToId", "MaGiayToKetQua"))
