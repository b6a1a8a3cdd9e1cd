"""Who sent what: nobody silent is overlooked, and a failure is booked where it belongs."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from dbt.contracts.graph.manifest import Manifest

from tests.support.dbt import build
from tests.support.lake import Lake, dossier

A, B, C, TWO_SYSTEMS = "14797", "16378", "15763", "14818"
THU, FRI, SAT, MON = date(2025, 9, 25), date(2025, 9, 26), date(2025, 9, 27), date(2025, 9, 29)
RECEIVED = datetime(2025, 9, 25, 8)
COMMUNES = 166


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """Seen on Monday morning, before the cut-off: Monday's exports are not owed yet."""
    home: Path = tmp_path_factory.mktemp("deliveries")
    lake = Lake(home)
    bad = {
        "line": 3,
        "column_name": "NgayTiepNhan",
        "rule": "date",
        "reason": "sai ngày",
        "value_masked": "31/02",
    }
    lake.deliver(THU, A, [dossier("a1", RECEIVED)])
    lake.deliver(
        THU, B, [dossier("b1", RECEIVED)], status="accepted_with_rejects", rejected=[bad], reason="1 dòng"
    )
    lake.deliver(THU, C, [dossier("c1", RECEIVED)], arrived_at=datetime(2025, 9, 25, 18, 30))
    # One file for the whole province on Friday, with rows of two communes; a second such file is broken.
    lake.deliver(
        FRI,
        None,
        [dossier("a2", RECEIVED, commune_code=A), dossier("b2", RECEIVED, commune_code=B)],
        unit_code="38",
    )
    lake.deliver(
        FRI,
        None,
        unit_code="38",
        file_name="hoso_38_20250926_b.xlsx",
        status="rejected",
        reason="tệp có mật khẩu",
    )
    # A commune of another province, a file on a day off, and one that is early for Monday.
    lake.deliver(FRI, None, unit_code="00004", status="rejected", rows_read=7, reason="ngoài tỉnh")
    lake.deliver(SAT, A, [dossier("a3", RECEIVED)])
    lake.deliver(MON, A, [dossier("a4", RECEIVED)], landed_at=datetime(2025, 9, 29, 8), arrived_at=RECEIVED)
    deliver_two_systems(lake)
    asked = ("delivery", "rejected_row", "flagged_row", "source_reconciliation", "province_indicator")
    assert build(manifest, lake, datetime(2025, 9, 29, 9), *asked).failures == {}
    return lake


def deliver_two_systems(lake: Lake) -> None:
    """A file per system on Thursday; on Friday the ministries send what the province sent the day before."""
    over_time = dossier("H56.110-250925-0003", RECEIVED)
    lake.deliver(
        THU,
        TWO_SYSTEMS,
        [
            dossier("H56.110-250925-0001", RECEIVED, source_system=None),
            dossier("H56.110-250925-0002", RECEIVED),
            over_time,
        ],
        file_name="hoso_14818_20250925_tinh.csv",
    )
    lake.deliver(
        THU,
        TWO_SYSTEMS,
        [
            dossier("H56.110-250925-0002", RECEIVED, source_system="bo", status_code=9, finished_at=RECEIVED),
            dossier("H56.110-250925-1500001", RECEIVED, source_system=None),
            dossier("H56.110-250925-0004", RECEIVED, source_system="bo"),
            dossier("2025/77", RECEIVED, source_system=None),
        ],
        file_name="hoso_14818_20250925_bo.xlsx",
    )
    lake.deliver(FRI, TWO_SYSTEMS, [{**over_time, "source_system": "bo"}])


def delivery(lake: Lake, commune: str, day: date, columns: str = "status") -> list[tuple[Any, ...]]:
    return lake.query(
        f"select {columns} from marts.delivery where commune_code = '{commune}' and export_date = '{day}'"
    )


def test_every_commune_has_a_row_for_every_day_that_is_due(lake: Lake) -> None:
    assert lake.query(
        "select export_date, count(*) from marts.delivery where is_expected group by all order by all"
    ) == [(THU, COMMUNES), (FRI, COMMUNES)]


def test_silence_is_missing(lake: Lake) -> None:
    assert delivery(lake, "14758", THU) == [("missing",)]


@pytest.mark.parametrize(
    ("commune", "status", "on_time"),
    [(A, "accepted", True), (B, "accepted_with_rejects", True), (C, "late", False)],
)
def test_status_of_what_came(lake: Lake, commune: str, status: str, on_time: bool) -> None:
    assert delivery(lake, commune, THU, "status, is_on_time") == [(status, on_time)]


def test_one_file_for_many_communes_is_booked_under_each(lake: Lake) -> None:
    assert delivery(lake, A, FRI, "status, rows_accepted") == [("accepted", 1)]
    assert delivery(lake, B, FRI, "status, rows_accepted") == [("accepted", 1)]


def test_a_broken_file_for_all_is_the_failure_of_those_who_sent_nothing_else(lake: Lake) -> None:
    assert delivery(lake, C, FRI, "status, reason") == [("rejected", "tệp có mật khẩu")]


def test_a_foreign_unit_is_seen_but_owes_nothing(lake: Lake) -> None:
    assert delivery(lake, "00004", FRI, "status, is_expected, rows_read, rows_rejected, reason") == [
        ("rejected", False, 7, 7, "ngoài tỉnh")
    ]


@pytest.mark.parametrize("day", [SAT, MON])
def test_what_nobody_asked_for_counts_all_the_same(lake: Lake, day: date) -> None:
    assert delivery(lake, A, day, "status, is_expected") == [("accepted", False)]


def test_rejected_rows_come_with_what_is_wrong(lake: Lake) -> None:
    assert lake.query(
        "select commune_code, export_date, line, column_name, rule, reason, value_masked "
        "from marts.rejected_row"
    ) == [(B, THU, 3, "NgayTiepNhan", "date", "sai ngày", "31/02")]


def test_delivery_rate_counts_the_punctual_among_the_expected(lake: Lake) -> None:
    assert lake.query(
        "select numerator, denominator from marts.province_indicator "
        "where period_type = 'to_date' and indicator_code = 'delivery_rate'"
    ) == [(6, 2 * COMMUNES)]


def test_rejected_row_rate_counts_all_rows_read(lake: Lake) -> None:
    assert lake.query(
        "select numerator, denominator from marts.province_indicator "
        "where period_type = 'to_date' and indicator_code = 'rejected_row_rate'"
    ) == [(1, 16)]


def test_files_of_two_systems_on_one_day_both_count(lake: Lake) -> None:
    columns = "status, rows_accepted, corrections, rows_tinh, rows_bo, doubles"
    assert delivery(lake, TWO_SYSTEMS, THU, columns) == [("accepted", 7, 0, 3, 3, 1)]
    assert delivery(lake, TWO_SYSTEMS, FRI, columns) == [("accepted", 1, 0, 0, 1, 0)]
    assert delivery(lake, A, THU, columns) == [("accepted", 1, 0, 1, 0, 0)]


def test_a_dossier_of_two_systems_is_one_dossier(lake: Lake) -> None:
    """Its newest row tells; where no row names a system, the number does."""
    assert lake.query(
        "select dossier_code, source_system, state from marts.fct_dossier "
        f"where commune_code = '{TWO_SYSTEMS}' order by all"
    ) == [
        ("2025/77", None, "in_process"),
        ("H56.110-250925-0001", "tinh", "in_process"),
        ("H56.110-250925-0002", "bo", "finished"),
        ("H56.110-250925-0003", "bo", "in_process"),
        ("H56.110-250925-0004", "bo", "in_process"),
        ("H56.110-250925-1500001", "bo", "in_process"),
    ]


def test_the_two_systems_are_reconciled(lake: Lake) -> None:
    columns = (
        "dossiers, only_in_tinh, only_in_bo, in_both, of_unknown_system, status_differs, finish_differs, "
        "due_differs"
    )
    rows = lake.query(
        f"select {columns} from marts.source_reconciliation where commune_code = '{TWO_SYSTEMS}'"
    )
    assert rows == [(6, 1, 2, 2, 1, 1, 1, 0)]
    assert lake.query("select count(*) from marts.source_reconciliation") == [(COMMUNES,)]


def test_doubts_about_the_system_are_flagged(lake: Lake) -> None:
    assert lake.query(
        "select dossier_code, export_date, flag, file_name, line from marts.flagged_row "
        "where flag in ('in_both_systems', 'source_system_not_of_number') order by all"
    ) == [
        ("H56.110-250925-0002", THU, "in_both_systems", "hoso_14818_20250925_bo.xlsx", 2),
        ("H56.110-250925-0003", FRI, "in_both_systems", "hoso_14818_20250926.csv", 2),
        ("H56.110-250925-0004", THU, "source_system_not_of_number", "hoso_14818_20250925_bo.xlsx", 4),
    ]
