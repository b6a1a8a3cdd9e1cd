"""A dossier as last known: corrections, parts, re-appointments, moves, late entries."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.support.lake import Lake, dossier

HERE, THERE = "03388", "03390"
MON, TUE, WED, THU, FRI = (date(2025, 9, day) for day in range(22, 27))
RECEIVED = datetime(2025, 9, 22, 8)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


def finished(code: str, when: datetime, **values: Any) -> dict[str, Any]:
    return dossier(code, RECEIVED, status_code=9, finished_at=when, due_at=at(FRI), **values)


@pytest.fixture
def lake(odd_week: Lake) -> Lake:
    return odd_week


def plant(lake: Lake) -> None:
    """The history of two communes."""
    open_ = {"due_at": at(FRI)}
    lake.deliver(
        MON,
        HERE,
        [
            dossier("newest-export", RECEIVED, **open_),
            dossier("corrected", RECEIVED, **open_),
            dossier("dropped-by-correction", RECEIVED, **open_),
            dossier("re-appointed", RECEIVED, due_at=at(TUE)),
            dossier("reopened", RECEIVED, status_code=9, finished_at=at(MON, 10), **open_),
            dossier("moved-commune", RECEIVED, **open_),
            dossier("no-change", RECEIVED, **open_),
        ],
    )
    # A correction of Monday's file, a further part of the same day, then the days that follow.
    lake.deliver(
        MON,
        HERE,
        [
            dossier("newest-export", RECEIVED, **open_),
            dossier("corrected", RECEIVED, status_code=5, **open_, supplement_asked_at=at(MON, 15)),
            dossier("re-appointed", RECEIVED, due_at=at(TUE)),
            dossier("reopened", RECEIVED, status_code=9, finished_at=at(MON, 10), **open_),
            dossier("moved-commune", RECEIVED, **open_),
            dossier("no-change", RECEIVED, **open_),
        ],
        arrived_at=datetime(2025, 9, 23, 9),
    )
    lake.deliver(MON, HERE, [dossier("part-two", RECEIVED, **open_)], file_name=f"hoso_{HERE}_20250922_b.csv")
    awaits_fee = {
        "status_code": 6,
        "due_at": at(TUE),
        "updated_at": at(FRI),
        "procedure_code": "9.1",
        "field_name": "Tạm dừng",
    }
    lake.deliver(
        TUE,
        HERE,
        [
            dossier("reopened", RECEIVED, status_code=4, **open_),
            dossier("never-ran", RECEIVED, **awaits_fee),
            dossier("ran-before", RECEIVED, **{**awaits_fee, "status_code": 4}),
        ],
    )
    lake.deliver(
        WED,
        HERE,
        [
            dossier("newest-export", RECEIVED, status_code=4, updated_at=at(WED, 8), **open_),
            finished("newest-export", at(WED), updated_at=at(WED)),
            dossier("re-appointed", RECEIVED, due_at=at(FRI)),
            dossier("told-re-appointed", RECEIVED, due_at=at(FRI), previous_due_at=at(WED)),
        ],
    )
    lake.deliver(
        THU,
        THERE,
        [dossier("moved-commune", RECEIVED, **open_), dossier("ran-before", RECEIVED, **awaits_fee)],
    )
    lake.deliver(FRI, HERE, [finished("entered-late", at(MON, 16)), finished("reopened", at(THU))])
    # Not read yet: an export of tomorrow.
    lake.deliver(FRI + timedelta(days=1), HERE, [dossier("tomorrow", RECEIVED)], landed_at=at(FRI, 18))
    # A correction that was turned back unseats nothing.
    lake.deliver(
        WED, HERE, status="rejected", rows_read=4, reason="sai tiêu đề", arrived_at=datetime(2025, 9, 25, 9)
    )


def column(lake: Lake, expression: str, code: str) -> Any:
    [(value,)] = lake.query(f"select {expression} from marts.fct_dossier where dossier_code = '{code}'")
    return value


def test_the_newest_export_and_within_it_the_last_change_wins(lake: Lake) -> None:
    assert column(lake, "state", "newest-export") == "finished"


def test_a_correction_replaces_its_file(lake: Lake) -> None:
    assert column(lake, "state", "corrected") == "paused"
    assert lake.query("select * from marts.fct_dossier where dossier_code = 'dropped-by-correction'") == []


def test_parts_of_a_day_add_up(lake: Lake) -> None:
    assert column(lake, "first_seen_on", "part-two") == MON


def test_exports_of_later_days_are_left_out(lake: Lake) -> None:
    assert lake.query("select * from marts.fct_dossier where dossier_code = 'tomorrow'") == []


@pytest.mark.parametrize(
    ("code", "moved"), [("re-appointed", True), ("told-re-appointed", True), ("no-change", False)]
)
def test_moved_due_dates(lake: Lake, code: str, moved: bool) -> None:
    assert column(lake, "due_moved", code) is moved


def test_how_late_a_finish_was_entered(lake: Lake) -> None:
    assert column(lake, "update_lag_days", "entered-late") == 4
    assert column(lake, "update_lag_working_days", "entered-late") == 4
    assert column(lake, "update_lag_days", "newest-export") == 0


def test_a_reopened_dossier_counts_its_last_finish(lake: Lake) -> None:
    """Seen finished on Monday already, but that was another finish than Thursday's, seen on Friday."""
    assert column(lake, "update_lag_days", "reopened") == 1


def test_a_number_seen_in_another_commune_is_flagged_and_counts_once(lake: Lake) -> None:
    assert column(lake, "commune_code", "moved-commune") == THERE
    assert lake.query(
        "select commune_code, export_date from marts.flagged_row "
        "where flag = 'seen_in_another_commune' and dossier_code = 'moved-commune'"
    ) == [(THERE, THU)]


def test_an_undated_pause_is_as_old_as_exports_allow(lake: Lake) -> None:
    assert column(lake, "paused_from", "never-ran") == MON
    assert column(lake, "working_hours_spent", "never-ran") == 0
    assert column(lake, "paused_from", "ran-before") == THU


@pytest.mark.parametrize(("last_day", "in_time", "overdue"), [(TUE, 2, 0), (WED, 1, 1), (FRI, 2, 0)])
def test_form_ii06_counts_the_paused_as_in_time(
    lake: Lake, last_day: date, in_time: int, overdue: int
) -> None:
    assert lake.query(
        f"select sum(c12), sum(c13) from marts.report_ii06('{MON}', '{last_day}') "
        "where field_name = 'Tạm dừng'"
    ) == [(in_time, overdue)]


def test_deliveries_tell_the_corrections(lake: Lake) -> None:
    assert lake.query(
        "select export_date, status, rows_read, corrections, reason from marts.delivery "
        f"where commune_code = '{HERE}' and kind = 'hoso' and is_expected order by export_date"
    ) == [
        (MON, "accepted", 7, 1, None),
        (TUE, "accepted", 3, 0, None),
        (WED, "accepted", 4, 0, "sai tiêu đề"),
        (THU, "missing", 0, 0, None),
        (FRI, "accepted", 2, 0, None),
    ]
