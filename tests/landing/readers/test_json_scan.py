"""JSON read in bulk: only where it gives what the careful reader gives, to the row, the line and the word."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.landing import reading
from orchestration.landing.readers import json_scan
from orchestration.settings import Settings
from tests.landing.conftest import DAY, UNIT, Desk
from tests.landing.fuzzing.strategies import ANY_CELL
from tests.landing.tables import HEADS, dossier_row, json_bytes, json_lines

Json = dict[str, Any]


def record(number: int, **changes: Any) -> Json:
    return {**dict(zip(HEADS, dossier_row(number), strict=True)), "CoSoTiepNhan": "Bộ phận 1", **changes}


ALIKE = [record(number) for number in range(1, 4)]
REGULAR = {
    "array": json_bytes(ALIKE),
    "array under data": json_bytes({"data": ALIKE, "total": 3}),
    "numbers": json_bytes([record(1, TrangThaiHoSo=4, NgayTiepNhan=20251006)]),
    "nothing": json_bytes([record(1), record(2, TenTTHC=None)]),
    "unknown key": json_bytes([{**item, "MàuSắc": "đỏ"} for item in ALIKE]),
    "quotes and slashes": json_bytes([record(1, TenTTHC='Cấp "bản sao"\\')]),
}
IRREGULAR = {
    "other keys": json_bytes([*ALIKE, {**record(4), "MàuSắc": "đỏ"}]),
    "a key less": json_bytes([*ALIKE, dict(list(record(4).items())[:-1])]),
    "a key twice": json_bytes(ALIKE).replace(b'"CoSoTiepNhan"', b'"TenTTHC"'),
    "two heads of a column": json_bytes([{**item, "mahoso": "H56"} for item in ALIKE]),
    "a row at fault": json_bytes([*ALIKE, record(4, NgayTiepNhan="x")]),
    "a list in a cell": json_bytes([record(1, CoSoTiepNhan=["a"])]),
    "a boolean in words": json_bytes([record(1, CoSoTiepNhan=True)]),
    "a fraction in words": json_bytes([record(1, CoSoTiepNhan=12.0)]),
    "a word for nothing": json_bytes([record(1, CoSoTiepNhan="-")]),
    "blanks before colons": json_bytes(ALIKE).replace(b'":', b'" :'),
    "nested lists": json_bytes([{**item, "TaiLieuNop": []} for item in ALIKE]),
    "escapes": json.dumps(ALIKE).encode(),
    "line breaks": json_bytes([record(1, TenTTHC="hai\ndòng")]),
    "marks apart": json_bytes([record(1, TenTTHC="Ti\u0301nh")]),
    "no-break blanks": json_bytes([record(1, TenTTHC="hai\u00a0chữ")]),
    "wide blanks": json_bytes([record(1, TenTTHC="hai\u3000chữ")]),
    "byte order mark": b"\xef\xbb\xbf" + json_bytes(ALIKE),
    "two arrays": json_bytes(ALIKE) + b"\n" + json_bytes(ALIKE),
    "broken off": json_bytes(ALIKE)[:-1],
    "no text": json_bytes(ALIKE).replace("Bộ".encode(), b"B\xff"),
    "an element that is no object": json_bytes([*ALIKE, 4]),
    "nothing among objects": json_bytes([*ALIKE, None]),
    "an object without cells": json_bytes([ALIKE[0], dict.fromkeys(ALIKE[0]), ALIKE[1]]),
    "one object": json_bytes(ALIKE[0]),
    "lines": json_lines(ALIKE),
    "no objects": b"[]",
}


def landed(root: Path, files: list[bytes]) -> tuple[Any, ...]:
    """All that landing ``files`` leaves."""
    inbox = root / "inbox"
    inbox.mkdir(parents=True)
    desk = Desk(Settings(home=root / "home", inbox=inbox))
    for number, content in enumerate(files):
        desk.drop_as(content, f"hoso_{UNIT}_{DAY:%Y%m%d}_{number:02}.json")
    results = desk.land().deliveries
    ledger = [{**row, "mtime_ns": None, "arrived_at": None} for row in desk.ledger()]
    rows = [sorted(rows, key=str) for rows in (desk.rows(), desk.quarantine(), ledger)]
    return results, *rows


def landed_with_care(root: Path, files: list[bytes]) -> tuple[Any, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "json_layout_of", lambda *_: None)
        return landed(root, files)


def test_only_irregular_files_are_read_with_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names, files = [*REGULAR, *IRREGULAR], [*REGULAR.values(), *IRREGULAR.values()]
    expected = landed_with_care(tmp_path / "care", files)
    careful: list[int] = []
    original = reading.read_json

    def read(opener: Any, part: int, *rest: Any) -> Any:
        careful.append(part)
        return original(opener, part, *rest)

    monkeypatch.setattr(reading, "read_json", read)
    for found, known in zip(landed(tmp_path / "bulk", files), expected, strict=True):
        assert found == known
    assert {names[part] for part in careful} == set(IRREGULAR)


def test_a_large_file_is_read_with_care(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_scan, "MOST_BYTES", len(REGULAR["array"]) - 1)
    monkeypatch.setattr(reading.Reading, "_judge_files", None)
    assert landed(tmp_path, [REGULAR["array"]])[0][0].rows_accepted == 3


ANY_VALUE = st.one_of(
    ANY_CELL,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.integers(), max_size=2),
    st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=2),
)
FILES = st.lists(
    st.lists(
        st.builds(
            lambda number, key, value: record(number, **{key: value}),
            st.integers(0, 99),
            st.sampled_from((*HEADS, "CoSoTiepNhan")),
            ANY_VALUE,
        ),
        min_size=1,
        max_size=5,
    ),
    min_size=1,
    max_size=4,
)


@settings(deadline=None, max_examples=8)
@given(FILES)
@example([[record(1, CoSoTiepNhan="Infinity")]])
@example([[record(1, MaHoSo=12.0)]])
@example([[record(1, TenTTHC=" hai  chữ ")]])
def test_in_bulk_or_with_care_the_same_lands(files: list[list[Json]]) -> None:
    contents = [json_bytes(items).decode("utf-8", "ignore").encode() for items in files]
    with tempfile.TemporaryDirectory() as root:
        expected = landed_with_care(Path(root) / "care", contents)
        assert landed(Path(root) / "bulk", contents) == expected
