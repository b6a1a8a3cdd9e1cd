"""Properties of parsing, masking and counting, over generated values and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract
from orchestration.landing.judging.casts import timestamp
from orchestration.landing.masking import MASK_LENGTH, mask, mask_head, mask_sql
from orchestration.settings import Settings
from orchestration.sql_text import quote_name
from tests.landing.conftest import NOW, Desk
from tests.landing.tables import HEADS, csv_bytes, dossier_row

CONTRACT = load_contract()
FORMS = [
    "%Y%m%d%H%M%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%dT%H:%M:%S+07:00",
    "%d/%m/%Y %H:%M:%S",
]
TIMES = st.datetimes(datetime(1976, 1, 1), datetime(2118, 12, 31)).map(lambda at: at.replace(microsecond=0))
RELAXED = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def parsed(database: duckdb.DuckDBPyConnection, texts: list[str]) -> list[datetime | None]:
    column = quote_name("text")
    rows = database.execute(
        f"SELECT {timestamp(column, CONTRACT)} FROM (SELECT unnest(?) AS text)", [texts]
    ).fetchall()
    return [row[0] for row in rows]


@RELAXED
@given(st.lists(TIMES, min_size=1, max_size=20))
def test_a_time_is_read_back_from_every_form(
    database: duckdb.DuckDBPyConnection, times: list[datetime]
) -> None:
    for form in FORMS:
        assert parsed(database, [time.strftime(form) for time in times]) == times
    serials = [str((time - datetime(1899, 12, 30)) / timedelta(days=1)) for time in times]
    assert parsed(database, serials) == times


def test_days_and_fractions_without_signs_are_dates(database: duckdb.DuckDBPyConnection) -> None:
    day = datetime(2025, 10, 6)
    texts = ["20251006", "20251006083000.123", "20251006083000", "20251306"]
    morning = day.replace(hour=8, minute=30)
    assert parsed(database, texts) == [day, morning, morning, None]


def test_fourteen_signs_are_not_always_a_national_date(database: duckdb.DuckDBPyConnection) -> None:
    texts = ["20251006083000", "20/1/2025 9:05", "45931.12345678", "20123.12345678", "2025100608300x"]
    national, spoken, *serials, wrong = parsed(database, texts)
    assert (national, spoken) == (datetime(2025, 10, 6, 8, 30), datetime(2025, 1, 20, 9, 5))
    assert [serial.date() for serial in serials if serial] == [date(2025, 10, 1), date(1955, 2, 3)]
    assert wrong is None


@RELAXED
@given(TIMES, st.integers(-12, 14))
def test_an_offset_is_converted_to_local_time(
    database: duckdb.DuckDBPyConnection, time: datetime, hours: int
) -> None:
    there = time - timedelta(hours=7 - hours)
    written = f"{there:%Y-%m-%dT%H:%M:%S}{hours:+03d}:00"
    assert parsed(database, [written]) == [time]


@RELAXED
@given(st.lists(st.text(), min_size=1, max_size=50))
def test_masking_is_one_rule_in_both_languages(database: duckdb.DuckDBPyConnection, texts: list[str]) -> None:
    clean = [text.replace("\0", "").encode("utf-8", "ignore").decode() for text in texts]
    rows = database.execute(f"SELECT {mask_sql('text')} FROM (SELECT unnest(?) AS text)", [clean]).fetchall()
    for text, (masked,) in zip(clean, rows, strict=True):
        if text.isascii():
            assert masked == mask(text)
        assert_masked(text, masked)


@given(st.text())
def test_a_mask_shows_no_letter_and_no_long_number(text: str) -> None:
    assert_masked(text, mask(text))


def assert_masked(text: str, masked: str) -> None:
    assert len(masked) <= MASK_LENGTH
    assert not set(masked) & set("abcdefghijklmnopqrstuvwyzABCDEFGHIJKLMNOPQRSTUVWYZđĐ") - {"T"}
    if not any(sign in masked for sign in "-/") and len(masked) > 4:
        assert not set(masked) & set("012345678"), text


@given(st.text(), st.integers(0, 60))
@example("0/0/0000 0:00", 13)
def test_a_noted_head_is_short_and_holds_no_long_number(head: str, length: int) -> None:
    noted = mask_head(head, length)
    assert len(noted) <= max(length, 0)
    digits = noted.translate(str.maketrans("", "", " .-"))
    assert not any(set(digits[place : place + 5]) <= set("012345678") for place in range(len(digits) - 4))


CELLS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ODD_ROWS = st.lists(CELLS, min_size=1, max_size=len(HEADS) + 2)
SOUND_ROWS = st.integers(0, 9999).map(dossier_row)


def landed(root: Path, content: bytes) -> tuple[Desk, int, int, int]:
    """Land one file in a home of its own: the desk, rows read, accepted, rejected."""
    (root / "inbox").mkdir()
    desk = Desk(Settings(home=root / "home", inbox=root / "inbox"), NOW)
    desk.drop(content)
    delivery = desk.land_one()
    return desk, delivery.rows_read, delivery.rows_accepted, delivery.rows_rejected


@settings(deadline=None, max_examples=60)
@given(st.lists(st.one_of(SOUND_ROWS, ODD_ROWS), min_size=1, max_size=20), st.sampled_from(",;\t|"))
def test_every_row_of_a_csv_is_accepted_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    """What a CSV writer wrote is counted row by row, whatever the cells hold."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\n")
    writer.writerows([HEADS, *rows])
    desk, read, accepted, rejected = landed(
        tmp_path_factory.mktemp("desk"), buffer.getvalue().encode("utf-8", "replace")
    )
    assert read == accepted + rejected
    sound = [row for row in rows if len(row) == len(HEADS) and row[0].startswith("H56.")]
    assert accepted <= len(rows)
    assert len(desk.rows()) == accepted
    assert len(desk.quarantine()) == rejected
    if len(sound) == len(rows):
        assert accepted == len(rows)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.binary(max_size=60), max_size=8), st.integers(1, 6))
def test_bytes_of_any_kind_between_rows_break_nothing(
    tmp_path_factory: pytest.TempPathFactory, noise: list[bytes], count: int
) -> None:
    lines = csv_bytes([dossier_row(number) for number in range(count)]).split(b"\r\n")
    mixed = b"\r\n".join(
        line for pair in zip(lines, [*noise, *lines][: len(lines)], strict=True) for line in pair
    )
    desk, read, accepted, rejected = landed(tmp_path_factory.mktemp("desk"), mixed)
    assert read == accepted + rejected
    assert len(desk.rows()) == accepted
    assert len(desk.quarantine()) == rejected
