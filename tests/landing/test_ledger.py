"""Corrections, repeats, parts, province-wide files: what stands in the ledger, pass after pass."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import duckdb
import pytest

from orchestration.clock import Moment, local_from_timestamp
from orchestration.contract import Contract, load_contract
from orchestration.errors import UnavailableError
from orchestration.landing import ensure_anchors, land_day, pending, pending_days, stray_files
from orchestration.landing import land as land_module
from orchestration.settings import Settings
from tests.landing.conftest import DAY, UNIT, UNITS, Desk
from tests.landing.tables import (
    HEADS,
    NAME,
    csv_bytes,
    dossier_row,
    json_bytes,
    records,
    sound_rows,
    xlsx_bytes,
    zip_bytes,
)

ROWS = sound_rows()


def test_the_same_content_again_is_a_no_op_even_if_touched(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS))
    assert desk.land().landing_id == "00000001-20251006T180000"
    assert pending_days(desk.settings, desk.moment) == []
    assert desk.land().landing_id is None
    os.utime(path, ns=(1, 1))
    assert pending_days(desk.settings, desk.moment) == []
    assert desk.land().landing_id is None
    assert len(desk.ledger()) == 1


def test_the_same_name_with_other_content_is_a_further_delivery(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    desk.drop(csv_bytes(ROWS[:2]))
    assert pending_days(desk.settings, desk.moment) == [DAY]
    assert desk.land_one().rows_accepted == 2
    first, second = desk.ledger()
    assert (first["landing_seq"], second["landing_seq"]) == (1, 2)
    assert first["file_name"] == second["file_name"]
    assert first["delivery_id"] < second["delivery_id"]
    assert len(desk.rows()) == 5


def test_a_rejected_correction_stands_on_record_and_the_good_file_again_lands(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    desk.drop(b"")
    assert desk.land_one().rule == "empty"
    desk.drop(csv_bytes(ROWS))
    assert desk.land_one().status == "accepted"
    assert [row["status"] for row in desk.ledger()] == ["accepted", "rejected", "accepted"]


def test_what_was_rejected_is_tried_again_under_another_contract(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.drop(b"", unit=UNITS[1])
    desk.drop(csv_bytes(ROWS))
    desk.land()
    assert desk.land().landing_id is None
    newer = load_contract().model_copy(update={"version": "next"})

    def later() -> Contract:
        return newer

    monkeypatch.setattr(land_module, "load_contract", later)
    assert desk.land_one().unit_code == UNITS[1]
    assert desk.land().landing_id is None


def test_parts_of_a_day_both_land_in_the_order_of_their_arrival(desk: Desk) -> None:
    early = desk.drop_as(csv_bytes(ROWS[1:]), f"hoso_{UNIT}_{DAY:%Y%m%d}_2.csv")
    late = desk.drop_as(json_bytes(records(ROWS)), f"hoso_{UNIT}_{DAY:%Y%m%d}.json")
    minute_before = late.stat().st_mtime - 60
    os.utime(early, (minute_before, minute_before))
    desk.land()
    assert [row["file_name"] for row in desk.ledger()] == [
        f"hoso_{UNIT}_{DAY:%Y%m%d}_2.csv",
        f"hoso_{UNIT}_{DAY:%Y%m%d}.json",
    ]
    assert len(desk.rows()) == 5


def test_a_province_file_is_accounted_for_by_commune(desk: Desk) -> None:
    heads = [*HEADS, "MaDonViTiepNhan"]
    rows = [
        [*dossier_row(1), UNITS[0]],
        [*dossier_row(2), UNITS[0]],
        [*dossier_row(3, NgayTiepNhan="x"), UNITS[0]],
        [*dossier_row(4), UNITS[1]],
        [*dossier_row(5), UNITS[1]],
        [*dossier_row(6, NgayTiepNhan="x"), UNITS[2]],
        [*dossier_row(7), "00004"],
        [*dossier_row(8), ""],
    ]
    desk.drop(csv_bytes(rows, heads), unit="38")
    assert desk.land_one().rows_rejected == 4
    communes = {row["commune_code"]: row for row in desk.ledger()}
    told = {code: (row["status"], row["rows_read"], row["rows_rejected"]) for code, row in communes.items()}
    assert told == {
        UNITS[0]: ("accepted_with_rejects", 3, 1),
        UNITS[1]: ("accepted", 2, 0),
        UNITS[2]: ("rejected", 1, 1),
        None: ("rejected", 2, 2),
    }
    assert communes[UNITS[1]]["reason"] is None
    assert sorted(row["commune_code"] for row in desk.rows()) == [UNITS[0]] * 2 + [UNITS[1]] * 2
    assert {row["rule"] for row in desk.quarantine()} == {"bad_date", "foreign_unit", "unit_unknown"}


def test_the_column_wins_over_the_unit_of_the_file(desk: Desk) -> None:
    rows = [[*dossier_row(1), ""], [*dossier_row(2), UNITS[1]]]
    desk.drop(csv_bytes(rows, [*HEADS, "Mã xã"]))
    desk.land()
    assert sorted(row["commune_code"] for row in desk.rows()) == [UNIT, UNITS[1]]
    (row,) = desk.ledger()
    assert (row["commune_code"], row["rows_read"]) == (UNIT, 2)


def test_members_of_a_province_archive_say_whose_they_are(desk: Desk) -> None:
    members = {
        f"hoso_{UNITS[0]}_{DAY:%Y%m%d}.csv": csv_bytes(ROWS),
        f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.xlsx": xlsx_bytes([HEADS, *ROWS[:1]]),
    }
    desk.drop(zip_bytes(members), "zip", unit="38")
    assert desk.land_one().rows_accepted == 4
    assert {row["commune_code"]: row["rows_read"] for row in desk.ledger()} == {UNITS[0]: 3, UNITS[1]: 1}


def test_the_ledger_tells_where_a_delivery_came_from(desk: Desk) -> None:
    path = desk.drop_as(csv_bytes(ROWS), f"to1/hoso_{UNIT}_{DAY:%Y%m%d}.csv")
    arrived = datetime(2025, 10, 6, 17, 30)
    seconds = path.stat().st_mtime + (arrived - local_from_timestamp(path.stat().st_mtime)).total_seconds()
    os.utime(path, (int(seconds), int(seconds)))
    desk.land()
    (row,) = desk.ledger()
    assert row["file_name"] == f"to1/hoso_{UNIT}_{DAY:%Y%m%d}.csv"
    assert (row["kind"], row["unit_code"], row["commune_code"]) == ("hoso", UNIT, UNIT)
    assert (row["export_date"], row["arrived_at"], row["landed_at"]) == (DAY, arrived, desk.moment.now)
    assert (row["size_bytes"], row["mtime_ns"]) == (path.stat().st_size, path.stat().st_mtime_ns)
    assert (row["source_format"], row["contract_version"]) == ("csv", load_contract().version)
    assert len(row["sha256"]) == 64


def test_what_arrives_after_the_moment_of_a_replay_has_arrived_at_it(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    assert desk.ledger()[0]["arrived_at"] == desk.moment.now


def test_days_to_come_are_not_pending(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    eve = replace(desk.moment, now=desk.moment.now - timedelta(days=1))
    assert pending_days(desk.settings, eve) == []
    (desk.settings.inbox_path / "2025-13-01").mkdir()
    (desk.settings.inbox_path / "khac").mkdir()
    assert pending_days(desk.settings, desk.moment) == [DAY]


def test_files_outside_day_folders_are_strays_and_never_land(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    inbox = desk.settings.inbox_path
    strays = [inbox / "khac" / "to1" / "a.csv", inbox / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv"]
    for path in [*strays, inbox / "b.csv.tmp"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(csv_bytes(ROWS))
    assert sorted(stray_files(inbox)) == sorted(strays)
    assert len(desk.land().deliveries) == 1


def test_without_an_inbox_a_sentence_says_so(desk: Desk) -> None:
    settings = Settings(home=desk.settings.home, inbox=desk.settings.inbox_path / "missing")
    with pytest.raises(UnavailableError, match="Không mở được hộp thư đến"):
        pending_days(settings, desk.moment)
    with pytest.raises(UnavailableError, match="Không mở được hộp thư đến"):
        land_day(settings, DAY, desk.moment)


def test_an_empty_lake_has_a_schema(desk: Desk) -> None:
    ensure_anchors(desk.settings.paths)
    names = {path.stem for path in (desk.lake / "_schema").glob("*.parquet")}
    assert names == {"hoso", "tientrinh", "phananh", "tieuchi", "ledger", "quarantine", "set_aside"}
    desk.drop(csv_bytes(ROWS))
    desk.land()
    (row,) = desk.select("_schema/hoso.parquet") or [dict.fromkeys(desk.rows()[0])]
    assert list(row) == list(desk.rows()[0])


def test_a_schema_is_written_again_only_where_it_is_missing_or_old(desk: Desk) -> None:
    home = desk.settings.paths
    ensure_anchors(home)
    anchors = sorted((desk.lake / "_schema").glob("*.parquet"))
    first = [path.stat().st_ino for path in anchors]
    ensure_anchors(home)
    assert [path.stat().st_ino for path in anchors] == first
    anchors[0].unlink()
    ensure_anchors(home)
    assert anchors[0].exists()
    (desk.lake / "_schema" / ".tables.json").write_text("{}")
    anchors[0].write_bytes(b"of an older contract")
    ensure_anchors(home)
    assert anchors[0].read_bytes().startswith(b"PAR1")


def test_other_days_are_counted_apart(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    other = date(2025, 10, 3)
    folder = desk.settings.inbox_path / other.isoformat()
    folder.mkdir()
    (folder / f"hoso_{UNIT}_{other:%Y%m%d}.csv").write_bytes(csv_bytes(ROWS))
    assert pending_days(desk.settings, desk.moment) == [other]
    landing = land_day(desk.settings, other, Moment(datetime(2025, 10, 7, 9), time(18)))
    assert landing.landing_id == "00000002-20251007T090000"


def test_an_error_nobody_foresaw_costs_one_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk.drop(json_bytes(records(ROWS)), "json")
    desk.drop(csv_bytes(ROWS), unit=UNITS[1])

    def fail(*_: object) -> None:
        raise ValueError(NAME)

    monkeypatch.setattr("orchestration.landing.reading.read_json", fail)
    statuses = {delivery.unit_code: delivery.rule for delivery in desk.land().deliveries}
    assert statuses == {UNIT: "unreadable", UNITS[1]: None}
    assert "ValueError" in caplog.text
    assert NAME not in caplog.text


def test_a_file_that_vanishes_is_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    path = desk.drop(csv_bytes(ROWS))

    def vanish(*_: object) -> str:
        path.unlink(missing_ok=True)
        raise FileNotFoundError

    monkeypatch.setattr(pending, "sha256_of", vanish)
    assert desk.land().landing_id is None


def test_parts_of_a_day_count_by_their_times_not_by_their_names(desk: Desk) -> None:
    """The id of a delivery is the last word on which of two that came together is the later one."""
    hours = {"_lan10": 16, "_lan2": 9, "": 12}
    for suffix, hour in hours.items():
        path = desk.drop_as(csv_bytes(ROWS), f"hoso_{UNIT}_{DAY:%Y%m%d}{suffix}.csv")
        seconds = datetime.combine(DAY, time(hour)).timestamp()
        os.utime(path, (seconds, seconds))
    desk.land()
    by_id = sorted(desk.ledger(), key=lambda row: row["delivery_id"])
    assert [row["file_name"].partition(f"{DAY:%Y%m%d}")[2] for row in by_id] == [
        "_lan2.csv",
        ".csv",
        "_lan10.csv",
    ]


@pytest.mark.parametrize("extension", ["xlsx", "zip"])
def test_copies_of_a_sheet_lie_in_the_lake_in_their_order(desk: Desk, extension: str) -> None:
    """The place of a row in the lake's file tells two rows of one line apart, the later copy last."""
    copies = [[dossier_row(copy * 100 + row) for row in range(40)] for copy in range(3)]
    if extension == "zip":
        content = zip_bytes({f"phan-{number}.csv": csv_bytes(rows) for number, rows in enumerate(copies)})
    else:
        content = xlsx_bytes(*([HEADS, *rows] for rows in copies))
    desk.drop(content, extension)
    assert desk.land_one().rows_accepted == 120
    (file,) = desk.lake.glob("hoso/*/*.parquet")
    with duckdb.connect() as database:
        codes = database.execute(
            "SELECT dossier_code FROM read_parquet(?, file_row_number = true) ORDER BY file_row_number",
            [str(file)],
        ).fetchall()
    assert [code for (code,) in codes] == [row[0] for rows in copies for row in rows]
