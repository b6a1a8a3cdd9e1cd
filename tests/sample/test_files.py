"""What the files hold: the contract's heads, all formats, the truth's counts, its faults where it says."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest

from orchestration.contract import load_contract
from tests.sample.reading import Row, Sample, UnreadableError, day_of, read, time_of


def recount(rows: list[Row], last_day: str) -> dict[str, int]:
    """Totals of dossiers in their last state, by the definitions of the truth file."""
    total: Counter[str] = Counter()
    for row in rows:
        status, received = row["TrangThaiHoSo"], row["NgayTiepNhan"]
        finished, due = day_of(row["NgayKetThucXuLy"]), day_of(row["NgayHenTra"])
        total["dossiers"] += 1
        total["refused"] += status == "3"
        if not received:
            continue
        total["received"] += 1
        total["received_online"] += row["KenhThucHien"] == "2"
        total["due_moved"] += bool(row["NgayHenTraTruoc"])
        total["withdrawn"] += status == "7"
        if status in ("9", "10"):
            assert finished is not None
            assert due is not None
            total["resolved"] += 1
            total["resolved_early"] += finished < due
            total["resolved_on_time"] += finished == due
            total["resolved_late"] += finished > due
        elif status != "7":
            total["open_at_end"] += 1
            paused = status in ("5", "6", "8")
            total["paused_at_end"] += paused
            total["overdue_at_end"] += not paused and due is not None and due.isoformat() < last_day
    return dict(total)


def test_truth_equals_an_independent_recount_of_the_files(sample: Sample) -> None:
    newest = sample.newest
    last_day = sample.truth["export_days"][-1]
    for commune in sample.truth["communes"]:
        counted = recount(list(newest[commune["commune_code"]].values()), last_day)
        expected = {name: number for name, number in commune["delivered"].items() if number}
        assert {name: number for name, number in counted.items() if number} == expected


def test_without_faults_what_is_delivered_is_what_happened(sample: Sample) -> None:
    spoiled = {
        fault["commune_code"]
        for fault in sample.truth["faults"]
        if "commune_code" in fault and fault["kind"] != "late_file"
    }
    sound = [each for each in sample.truth["communes"] if each["commune_code"] not in spoiled]
    assert sound
    for commune in sound:
        assert commune["truth"] == commune["delivered"]


def test_received_are_as_many_as_planned(sample: Sample) -> None:
    plan, days = sample.plan, len(sample.truth["export_days"])
    received = sum(commune["truth"]["received"] for commune in sample.truth["communes"])
    assert received == round((plan.dossiers_per_commune_day or 0) * (plan.communes or 0) * days)


def test_every_kind_of_file_occurs(sample: Sample) -> None:
    extensions = {"".join(path.suffixes) for path in sample.files}
    assert {".csv", ".csv.gz", ".json", ".xlsx"} <= extensions
    assert {path.name.split("_")[0] for path in sample.files} == {"hoso", "tientrinh", "phananh", "tieuchi"}


def test_columns_are_the_contracts(sample: Sample) -> None:
    known = {column.name for column in load_contract().kinds["hoso"].columns}
    shifted = {fault["file"] for fault in sample.faults("broken_shifted")}
    for path, rows in sample.hoso:
        if path.name in shifted or not rows:
            continue
        extra = {"TaiLieuNop", "DanhSachLePhi", "DanhSachHoSoBoSung", "DanhSachGiayToKetQua"}
        assert set(rows[0]) - extra <= known
        assert {"MaHoSo", "MaTTHC", "TrangThaiHoSo", "NgayHenTra", "ChuHoSo"} <= set(rows[0])


def test_states_are_possible(sample: Sample) -> None:
    """No row tells of the future, and times stand in their order."""
    spoiled = {fault["file"] for fault in sample.faults("broken_shifted", "bad_rows")}
    for path, rows in sample.hoso:
        if path.name in spoiled:
            continue
        end = datetime.fromisoformat(path.parent.name) + timedelta(hours=18)
        for row in rows:
            submitted, received = time_of(row["NgayNopHoSo"]), time_of(row["NgayTiepNhan"])
            finished, returned = time_of(row["NgayKetThucXuLy"]), time_of(row["NgayTra"])
            chain = [at for at in (submitted, received, finished, returned) if at]
            assert chain == sorted(chain)
            assert chain[-1] < end
            assert (received is None) == (row["TrangThaiHoSo"] in ("1", "3"))
            assert (finished is not None) == (row["TrangThaiHoSo"] in ("7", "9", "10"))
            assert (returned is not None) == (row["TrangThaiHoSo"] == "10")


def test_no_two_dossiers_share_a_number(sample: Sample) -> None:
    shifted = {fault["file"] for fault in sample.faults("broken_shifted")}
    owners: dict[str, set[str]] = {}
    for path, rows in sample.hoso:
        for row in rows if path.name not in shifted else []:
            owners.setdefault(row["MaHoSo"], set()).add(row["SoDinhDanh"])
    assert [number for number, persons in owners.items() if len(persons) > 1] == []


def test_silent_communes_are_silent_on_their_days_and_on_no_other(sample: Sample) -> None:
    silent = {
        (fault["commune_code"], day)
        for fault in sample.faults("silent_stretch", "silent_for_good")
        for day in fault["days"]
    }
    assert silent
    sent = {
        (path.name.split("_")[1], path.parent.name) for path in sample.files if path.name.startswith("hoso_")
    }
    shared = {code for code, _ in sent if len(code) == 2}
    expected = {
        (commune["commune_code"], day)
        for commune in sample.truth["communes"]
        for day in sample.truth["export_days"]
    }
    in_province_file = {
        code
        for code in {code for code, _ in expected}
        if shared and not any(unit == code for unit, _ in sent)
    }
    missing = {pair for pair in expected - sent if pair[0] not in in_province_file}
    assert missing == silent


@pytest.mark.parametrize("kind", ["broken_empty", "broken_truncated", "broken_error_page"])
def test_broken_files_cannot_be_read(sample: Sample, kind: str) -> None:
    faults = sample.faults(kind)
    assert faults
    for fault in faults:
        with pytest.raises(UnreadableError):
            read(sample.result.out / fault["days"][0] / fault["file"])


def test_a_shifted_file_has_no_row_that_could_land(sample: Sample) -> None:
    faults = sample.faults("broken_shifted")
    assert faults
    for fault in faults:
        rows = read(sample.result.out / fault["days"][0] / fault["file"])
        assert len(rows) == fault["rows_read"]
        assert not any(row["TrangThaiHoSo"].isdigit() for row in rows)


def test_a_resent_file_is_the_broken_one_made_whole(sample: Sample) -> None:
    broken = {fault["file"] for fault in sample.faults(*(f"broken_{kind}" for kind in KINDS))}
    for fault in sample.faults("resent_file"):
        assert fault["file"].replace("_lai", "") in broken
        assert len(read(sample.result.out / fault["days"][0] / fault["file"])) == fault["rows_read"]


KINDS = ("empty", "truncated", "error_page", "shifted")


def test_bad_rows_are_as_many_as_told(sample: Sample) -> None:
    faults = sample.faults("bad_rows")
    assert faults
    for fault in faults:
        rows = read(sample.result.out / fault["days"][0] / fault["file"])
        assert len(rows) == fault["rows_read"]
        bad = sum(row["NgayTiepNhan"].startswith("31/02") for row in rows)
        assert 0 < bad == fault["rows"] < len(rows) / 2


def test_duplicates_and_repeated_parts_repeat(sample: Sample) -> None:
    for fault in sample.faults("duplicate_rows"):
        rows = read(sample.result.out / fault["days"][0] / fault["file"])
        assert rows[: fault["rows"]] == rows[-fault["rows"] :]
    for fault in sample.faults("repeated_part"):
        folder = sample.result.out / fault["days"][0]
        part, whole = read(folder / fault["file"]), read(folder / fault["file"].replace("_bo", ""))
        assert part == whole[: fault["rows"]]
    assert sample.faults("duplicate_rows", "repeated_part")


def _behaving(sample: Sample, kind: str) -> tuple[list[Row], list[Row]]:
    """The last states of the commune that has the fault, and of all others."""
    (fault,) = sample.faults(kind)
    newest = sample.newest
    others = [row for code, rows in newest.items() if code != fault["commune_code"] for row in rows.values()]
    return list(newest[fault["commune_code"]].values()), others


def _share(rows: list[Row], column: str) -> float:
    return sum(bool(row[column]) for row in rows) / len(rows)


def test_the_moving_commune_moves_more_due_dates_than_others(sample: Sample) -> None:
    mine, others = _behaving(sample, "moves_due")
    assert _share(mine, "NgayHenTraTruoc") > 2 * _share(others, "NgayHenTraTruoc")


def test_the_channel_is_missing_only_where_planted(sample: Sample) -> None:
    mine, others = _behaving(sample, "empty_channel")
    assert 0.6 < _share(mine, "KenhThucHien") < 0.8
    assert _share(others, "KenhThucHien") == 1


def test_the_unknown_procedure_occurs_only_where_planted(sample: Sample) -> None:
    mine, others = _behaving(sample, "unknown_procedure")
    (fault,) = sample.faults("unknown_procedure")
    assert any(row["MaTTHC"].startswith(fault["procedure_code"]) for row in mine)
    assert not any(row["MaTTHC"].startswith(fault["procedure_code"]) for row in others)


def test_the_bulk_closer_finishes_in_the_last_half_hour_of_the_month(sample: Sample) -> None:
    mine, others = _behaving(sample, "closes_in_bulk")
    (fault,) = sample.faults("closes_in_bulk")
    assert fault["days"] == ["2025-07-31"]

    def share(rows: list[Row]) -> float:
        finished = [at for at in (time_of(row["NgayKetThucXuLy"]) for row in rows) if at]
        bulk = [
            at for at in finished if at.isoformat()[:10] in fault["days"] and (at.hour, at.minute) >= (16, 30)
        ]
        return len(bulk) / len(finished)

    assert share(mine) > 4 * share(others)
