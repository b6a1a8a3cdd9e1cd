"""One file for many communes, and files whose name says little: nobody is charged with another's fault."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build
from tests.support.lake import Lake, dossier

WED, THU, FRI, MON = date(2025, 9, 24), date(2025, 9, 25), date(2025, 9, 26), date(2025, 9, 29)
RECEIVED = datetime(2025, 9, 25, 8)
A, B, C = "14797", "15763", "16378"


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    home: Path = tmp_path_factory.mktemp("province-files")
    lake = Lake(home)
    # Wednesday: the province's file holds A, only faulty rows of B, and some that name nobody; its correction
    # cannot be opened.
    of_a = [dossier("a0", RECEIVED, commune_code=A)]
    lake.deliver(WED, None, of_a, unit_code="38", faulty={B: 3, None: 2}, reason="5 dòng lỗi")
    lake.deliver(WED, None, unit_code="38", status="rejected", reason="bản sửa hỏng")
    # Thursday: A sends its own file; the province's file holds B, and a row that names nobody.
    lake.deliver(THU, A, [dossier("a1", RECEIVED)], unknown_columns="Ghi chú thêm")
    of_b = [dossier("b1", RECEIVED, commune_code=B)]
    lake.deliver(THU, None, of_b, unit_code="38", faulty={None: 1}, reason="1 dòng không rõ xã")
    # Friday: A sends its own file, B's own file is rubbish, the province's file cannot be opened.
    lake.deliver(FRI, A, [dossier("a2", RECEIVED)])
    lake.deliver(FRI, B, status="rejected", rows_read=4, reason="thiếu tiêu đề")
    lake.deliver(FRI, None, unit_code="38", status="rejected", reason="tệp hỏng")
    # Monday: the province's file holds B and C, its correction only B.
    both = [dossier("b3", RECEIVED, commune_code=B), dossier("c3", RECEIVED, commune_code=C)]
    lake.deliver(MON, None, both, unit_code="38")
    lake.deliver(MON, None, both[:1], unit_code="38")
    # Names that say no kind, with and without a commune.
    lake.deliver(MON, A, kind="khac", file_name="khac.txt", status="rejected", reason="tên tệp lạ")
    lake.deliver(MON, None, kind=None, file_name="readme.txt", status="rejected", reason="tên tệp lạ")
    assert build(manifest, lake, datetime(2025, 9, 29, 18), "delivery").failures == {}
    return lake


def delivery(lake: Lake, commune: str, day: date, kind: str = "hoso") -> list[tuple[Any, ...]]:
    return lake.query(
        "select status, is_expected, rows_read, rows_rejected, reason from marts.delivery "
        f"where commune_code = '{commune}' and export_date = '{day}' and kind = '{kind}'"
    )


def test_a_row_that_names_nobody_is_nobodys_fault(lake: Lake) -> None:
    assert delivery(lake, A, THU) == [("accepted", True, 1, 0, None)]
    assert delivery(lake, C, THU) == [("missing", True, 0, 0, None)]
    assert delivery(lake, "38", THU) == [("rejected", False, 1, 1, "1 dòng không rõ xã")]


def test_a_broken_correction_leaves_what_counted_before(lake: Lake) -> None:
    assert delivery(lake, A, WED) == [("accepted", True, 1, 0, "5 dòng lỗi")]
    assert delivery(lake, B, WED) == [("rejected", True, 3, 3, "5 dòng lỗi")]
    assert delivery(lake, "38", WED) == [("rejected", False, 2, 2, "bản sửa hỏng")]
    assert delivery(lake, C, WED) == [("rejected", True, 0, 0, "bản sửa hỏng")]


def test_a_lost_province_file_concerns_only_those_not_heard_of(lake: Lake) -> None:
    assert delivery(lake, A, FRI) == [("accepted", True, 1, 0, None)]
    assert delivery(lake, B, FRI) == [("rejected", True, 4, 4, "thiếu tiêu đề")]
    assert delivery(lake, C, FRI) == [("rejected", True, 0, 0, "tệp hỏng")]


def test_who_is_left_out_by_a_correction_has_sent_nothing(lake: Lake) -> None:
    assert delivery(lake, B, MON) == [("accepted", True, 1, 0, None)]
    assert delivery(lake, C, MON) == [("missing", True, 0, 0, None)]


def test_a_file_of_no_known_kind_is_on_record(lake: Lake) -> None:
    assert delivery(lake, A, MON, "khac") == [("rejected", False, 0, 0, "tên tệp lạ")]
    assert delivery(lake, "38", MON, "khac") == [("rejected", False, 0, 0, "tên tệp lạ")]


def test_unknown_heads_are_noted(lake: Lake) -> None:
    assert lake.query(
        "select commune_code, unknown_columns from marts.delivery where unknown_columns <> ''"
    ) == [(A, "Ghi chú thêm")]
