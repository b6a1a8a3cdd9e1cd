"""Dossiers from impossible worlds: counted where the rules say, flagged, never crashing, never below zero."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.support.lake import Lake, dossier

HERE, MERGED_AWAY = "03394", "14000"
MON, TUE, WED, THU, FRI = (date(2025, 9, day) for day in range(22, 27))
RECEIVED = datetime(2025, 9, 22, 8)


def at(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour)


def column(lake: Lake, expression: str, code: str) -> Any:
    [(value,)] = lake.query(f"select {expression} from marts.fct_dossier where dossier_code = '{code}'")
    return value


ABSURD: dict[str, dict[str, Any]] = {
    "finished-before-received": {"status_code": 9, "finished_at": RECEIVED - timedelta(days=9)},
    "due-in-2099": {"due_at": datetime(2099, 1, 1)},
    "received-in-1999": {"received_at": datetime(1999, 1, 1)},
    "received-in-2099": {"received_at": datetime(2099, 1, 1)},
    "finished-in-2099": {"status_code": 9, "finished_at": datetime(2099, 1, 1)},
    "forty-supplements": {"status_code": 5, "supplement_asked_at": RECEIVED, "times_supplemented": 40},
    "supplied-before-asked": {
        "supplement_asked_at": at(TUE),
        "supplement_received_at": at(MON),
        "times_supplemented": 1,
    },
    "unknown-procedure": {"procedure_code": "9.999999", "field_name": "Chưa từng nghe"},
    "never-received": {"status_code": 1, "received_at": None, "submitted_at": RECEIVED},
    "finished-without-date": {"status_code": 10, "updated_at": None},
    "handed-over-before-finished": {"status_code": 10, "finished_at": at(WED), "returned_at": at(TUE)},
    "no-channel": {"channel_code": None},
    "digitised-more-than-there-is": {"component_count": 1, "digitised_component_count": 9},
    "no-components": {"component_count": 0, "digitised_component_count": 0},
    "merged-away": {"commune_code": MERGED_AWAY},
    "negative-fee": {"fee_amount": -5},
    "negative-counts": {"component_count": -3, "digitised_component_count": -7, "times_supplemented": -1},
    "fee-of-a-trillion": {"fee_amount": 10**12, "online_payment_code": 1},
    "due-before-received": {"due_at": RECEIVED - timedelta(days=30)},
    "supplement-after-finish": {
        "status_code": 9,
        "finished_at": at(TUE),
        "supplement_asked_at": at(THU),
        "supplement_received_at": at(FRI),
    },
    "at-once": {"procedure_code": "1.004873", "status_code": 9, "finished_at": RECEIVED},
}
FLAGS = {
    "finished-before-received": "finished_before_received",
    "received-in-1999": "received_over_5_years_ago",
    "received-in-2099": "date_after_export",
    "finished-in-2099": "date_after_export",
    "supplied-before-asked": "supplement_received_before_asked",
    "unknown-procedure": "procedure_not_in_catalogue",
    "finished-without-date": "finished_without_date",
    "handed-over-before-finished": "returned_before_finished",
    "no-channel": "empty_channel",
    "no-components": "no_due_date",
    "due-in-2099": "due_too_far",
    "forty-supplements": "too_many_supplements",
    "digitised-more-than-there-is": "more_digitised_than_components",
    "merged-away": "commune_not_in_force",
    "negative-fee": "negative_number",
    "negative-counts": "negative_number",
    "fee-of-a-trillion": "fee_too_high",
    "due-before-received": "due_before_received",
    "at-once": "finished_at_once",
}
# Where the form (4.3) and the portal (1.3) count them: state, closed on, form, portal, overdue.
COUNTED: dict[str, tuple[Any, ...]] = {
    "finished-before-received": ("finished", MON, "on_time", "on_time", False),
    "due-in-2099": ("in_process", None, None, "on_time", False),
    "received-in-1999": ("in_process", None, None, "late", False),
    "received-in-2099": ("in_process", None, None, None, False),
    "finished-in-2099": ("finished", None, None, "late", False),
    "forty-supplements": ("paused", None, None, "late", False),
    "supplied-before-asked": ("in_process", None, None, "late", False),
    "unknown-procedure": ("in_process", None, None, "on_time", False),
    "never-received": ("submitted", None, None, None, False),
    "finished-without-date": ("finished", FRI, "on_time", "late", False),
    "due-before-received": ("in_process", None, None, "late", True),
    "supplement-after-finish": ("finished", TUE, "on_time", "late", False),
    "at-once": ("finished", MON, "on_time", "on_time", False),
}


@pytest.fixture
def absurd(odd_week: Lake) -> Lake:
    return odd_week


def plant(lake: Lake) -> None:
    """Each absurd dossier three times."""
    for repeat in range(3):
        rows = [
            {**dossier(f"{code}-{repeat}" if repeat else code, RECEIVED), **values}
            for code, values in ABSURD.items()
        ]
        lake.deliver(FRI, HERE, rows, file_name=f"part-{repeat}.csv")


@pytest.mark.parametrize(("code", "flag"), list(FLAGS.items()))
def test_absurd_dossiers_are_flagged(absurd: Lake, code: str, flag: str) -> None:
    flags = absurd.query(f"select flag from marts.flagged_row where dossier_code = '{code}'")
    assert (flag,) in flags


@pytest.mark.parametrize(("code", "counted"), list(COUNTED.items()))
def test_absurd_dossiers_are_counted_by_the_rules(absurd: Lake, code: str, counted: tuple[Any, ...]) -> None:
    assert absurd.query(
        "select state, closed_on, timeliness, timeliness_portal, is_overdue from marts.fct_dossier "
        f"where dossier_code = '{code}'"
    ) == [counted]


def test_no_hours_and_no_counts_below_zero(absurd: Lake) -> None:
    assert absurd.query(
        "select count(*) from marts.fct_dossier "
        "where least(working_hours_spent, working_hours_paused) < 0 "
        "or not isfinite(coalesce(due_difference_working_hours, 0))"
    ) == [(0,)]
    assert absurd.query(
        "select count(*) from marts.commune_indicator where numerator < 0 or denominator < 0 "
        "or numerator > denominator and indicator_code not in ('working_days_to_clear') "
        "or not isfinite(coalesce(value, 0))"
    ) == [(0,)]


def test_what_comes_leaves_or_stays_on_every_day(absurd: Lake) -> None:
    """Per commune and field, the merged-away commune and the unknown field too."""
    rows, broken = absurd.query(
        "select count(*), count(*) filter (where opening + received - resolved - withdrawn_or_refused "
        "<> open_at_end) from marts.commune_flow_day"
    )[0]
    assert rows > 0
    assert broken == 0
    assert absurd.query(
        "select sum(open_at_end) from marts.commune_flow_day where is_latest"
    ) == absurd.query("select count(*) from marts.fct_dossier where is_open")


def test_absurd_dossiers_are_kept(absurd: Lake) -> None:
    assert absurd.query(
        f"select count(*) from marts.fct_dossier where commune_code in ('{HERE}', '{MERGED_AWAY}')"
    ) == [(3 * len(ABSURD),)]


@pytest.mark.parametrize("code", ["never-received", "received-in-2099"])
def test_without_a_reception_nothing_counts(absurd: Lake, code: str) -> None:
    assert column(absurd, "received_on is null and not is_open", code)


def test_a_finish_to_come_leaves_it_open(absurd: Lake) -> None:
    assert column(absurd, "is_open", "finished-in-2099")


def test_a_vanished_commune_keeps_its_place_in_every_sum(absurd: Lake) -> None:
    [(rows,)] = absurd.query(
        "select count(*) from marts.commune_indicator "
        f"where period_type = 'to_date' and commune_code = '{MERGED_AWAY}'"
    )
    assert rows > 0
    # All but those without a reception, and those received before the five years of history.
    received = 3 * (len(ABSURD) - 3)
    assert absurd.query(
        f"select sum(received) from marts.commune_day where commune_code in ('{HERE}', '{MERGED_AWAY}')"
    ) == [(received,)]
    assert absurd.query("select sum(received) from marts.province_day") == absurd.query(
        "select sum(received) from marts.commune_day"
    )


def test_digitised_components_never_exceed_components(absurd: Lake) -> None:
    assert absurd.query(
        "select components, components_digitised from marts.commune_day "
        f"where commune_code = '{HERE}' and date = '{MON}'"
    ) == [(3, 3)]
