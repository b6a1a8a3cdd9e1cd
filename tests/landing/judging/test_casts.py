"""Dates, money and codes as people and programs write them."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime, time
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract
from orchestration.landing.judging.casts import cast, no_default, timestamp
from orchestration.sql_text import quote

CONTRACT = load_contract()
HOSO = CONTRACT.kinds["hoso"].by_name


@pytest.fixture(scope="module")
def database() -> Generator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def of(database: duckdb.DuckDBPyConnection, expression: str, text: str) -> Any:
    return database.execute(f"SELECT {expression} FROM (SELECT {quote(text)} AS text)").fetchall()[0][0]


DAY_FORMS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d")
TIME_FORMS = ("{day} {time:%H:%M}", "{time:%H:%M} {day}", "{day} {time:%Hh%M}", "{day} {time:%H:%M:%S}")


@settings(deadline=None)
@given(
    st.dates(date(2005, 1, 1), date(2080, 12, 31)),
    st.times().map(lambda value: value.replace(second=0, microsecond=0, tzinfo=None)),
    st.sampled_from(DAY_FORMS[2:]),
    st.sampled_from(TIME_FORMS),
)
def test_a_time_stands_before_or_behind_its_day(day: date, clock: time, form: str, order: str) -> None:
    text = order.format(day=day.strftime(form), time=clock)
    with duckdb.connect() as database:
        assert of(database, timestamp("text", CONTRACT), text) == datetime.combine(day, clock)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("06/10/2025 8:30:00 SA", datetime(2025, 10, 6, 8, 30)),
        ("06/10/2025 02:30:00 CH", datetime(2025, 10, 6, 14, 30)),
        ("12:15 CH 06/10/2025", datetime(2025, 10, 6, 12, 15)),
        ("06/10/2025 12:00 SA", datetime(2025, 10, 6)),
        ("2025-10-06T08:30:00+0700", datetime(2025, 10, 6, 8, 30)),
        ("06/10/2025 13:00 CH", None),
        ("06/10/25", None),
        ("31-02-2025", None),
        ("10/06/2025 8:30:00 AM", None),
        ("/Date(1760954400000+0700)/", None),
        ("1760954400000", None),
        ("1760954400", None),
    ],
)
def test_a_date_is_read_or_said_to_be_none(
    database: duckdb.DuckDBPyConnection, text: str, told: datetime | None
) -> None:
    assert of(database, timestamp("text", CONTRACT), text) == told


NO_DATES = [tuple(map(int, day.split("-"))) for day in CONTRACT.dates.none]
TIMES = ("", " 00:00", " 00:00:00.000", "T00:00:00Z", " 23:59:59.9999999", "T07:00:00+07:00", " 12:00:00 SA")


@settings(deadline=None)
@given(
    st.sampled_from(NO_DATES),
    st.sampled_from(
        (
            "{0:04}-{1:02}-{2:02}",
            "{2:02}/{1:02}/{0:04}",
            "{2}/{1}/{0:04}",
            "{0:04}{1:02}{2:02}",
            "{1}/{2}/{0:04}",
        )
    ),
    st.sampled_from(TIMES),
)
def test_the_dates_that_databases_write_for_none_are_none(
    day: tuple[int, int, int], form: str, clock: str
) -> None:
    with duckdb.connect() as database:
        assert of(database, no_default("text", CONTRACT), form.format(*day) + clock) is None


@pytest.mark.parametrize(
    "text",
    ["0", "1", "2", "0.0", "00000000", "/Date(-62135596800000)/", "Jan  1 1900 12:00AM", "19000101000000"],
)
def test_numbers_and_programs_have_none_too(database: duckdb.DuckDBPyConnection, text: str) -> None:
    assert of(database, no_default("text", CONTRACT), text) is None


@settings(deadline=None)
@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(DAY_FORMS), st.sampled_from(TIMES))
def test_every_other_date_stays(day: date, form: str, clock: str) -> None:
    text = day.strftime(form) + clock
    with duckdb.connect() as database:
        assert of(database, no_default("text", CONTRACT), text) == text


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("20.000", 20000),
        ("8000.0000", 8000),
        ("0.0000", 0),
        ("8.000 đ", 8000),
        ("8,000", 8000),
        ("1.234,00", 1234),
        ("1,234.00", 1234),
        ("miễn phí", 0),
        ("8000.5", None),
        ("012", None),
        ("-5", None),
        ("1.50.000", None),
    ],
)
def test_money(database: duckdb.DuckDBPyConnection, text: str, amount: int | None) -> None:
    assert of(database, cast("text", HOSO["TongLePhi"], CONTRACT, frozenset()), text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("H56.15442-251006-0004", "H56.15442-251006-0004"),
        ("h56.15442-251006-0004", "H56.15442-251006-0004"),
        ("\u041d56.15442-251006-0004", "H56.15442-251006-0004"),
        ("Ｈ５６.15442-251006-0004", "H56.15442-251006-0004"),
        ("H56.15442–251006–0004", None),
        ("H56.15442\u2011251006\u20110004", None),
    ],
)
def test_numbers_of_dossiers_that_look_alike_are_one(
    database: duckdb.DuckDBPyConnection, text: str, code: str | None
) -> None:
    assert of(database, cast("text", HOSO["MaHoSo"], CONTRACT, frozenset()), text) == code
