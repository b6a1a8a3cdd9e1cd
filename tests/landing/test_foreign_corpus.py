"""Cases of another country in our columns land whole: only starred columns and types reject a row."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from orchestration.clock import Moment
from orchestration.landing import land_day, pending_days
from orchestration.settings import Settings
from tests.landing.conftest import Desk
from tests.support.foreign import DUMPS, Truth, write_corpus

NOW = Moment(datetime(2026, 1, 5, 18), time(18))


@pytest.fixture(scope="module")
def landed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Desk, Truth]:
    root: Path = tmp_path_factory.mktemp("foreign")
    truth = write_corpus(root / "inbox")
    desk = Desk(Settings(home=root / "home", inbox=root / "inbox"), NOW)
    for day in pending_days(desk.settings, NOW):
        land_day(desk.settings, day, NOW)
    return desk, truth


def test_every_row_lands(landed: tuple[Desk, Truth]) -> None:
    desk, truth = landed
    assert [(row["line"], row["column_name"], row["value_masked"]) for row in desk.quarantine()] == []
    assert {row["status"] for row in desk.ledger()} == {"accepted"}
    assert Counter((row["export_date"], row["commune_code"]) for row in desk.rows()) == truth.rows


def test_newest_versions_are_those_of_the_last_dump(landed: tuple[Desk, Truth]) -> None:
    desk, truth = landed
    newest: dict[str, dict[str, object]] = {}
    for row in sorted(desk.rows(), key=lambda row: row["export_date"]):
        newest[row["dossier_code"]] = row
    assert Counter(row["commune_code"] for row in newest.values()) == truth.dossiers()
    # A number counts in one writing, whatever case a system gave it.
    finished = {code for code, row in newest.items() if row["status_code"] == 9}
    assert finished == {number.upper() for number in truth.finished}


def test_steps_of_the_last_dump_are_all_there(landed: tuple[Desk, Truth]) -> None:
    desk, truth = landed
    last = [row for row in desk.rows("tientrinh") if row["export_date"] == DUMPS[-1]]
    assert Counter(row["commune_code"] for row in last) == truth.steps


def test_times_with_an_offset_are_local_times(landed: tuple[Desk, Truth]) -> None:
    desk, _ = landed
    received = {row["received_at"] for row in desk.rows() if row["export_date"] == date(2025, 12, 30)}
    assert all(moment.microsecond == 0 for moment in received)
    assert min(received) - datetime(2015, 1, 5, 15) < timedelta(days=120)
