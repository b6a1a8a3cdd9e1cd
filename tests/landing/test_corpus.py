"""The corpus of bad and odd files: each has its outcome, and a sound file beside it lands."""

from __future__ import annotations

import pytest

from tests.landing.conftest import UNIT, UNITS, Desk
from tests.landing.corpus.excel import EXCEL
from tests.landing.corpus.odd import ODD
from tests.landing.corpus.rejected import REJECTED
from tests.landing.tables import HEADS, csv_bytes, sound_rows, xlsx_bytes
from tests.landing.whole import assert_whole

ROWS = sound_rows()
CORPUS = REJECTED | ODD | EXCEL


@pytest.mark.parametrize("name", CORPUS)
def test_a_file_has_its_outcome_and_another_lands(
    desk: Desk, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    case = CORPUS[name]
    desk.drop(case.content, case.extension)
    desk.drop(csv_bytes(ROWS), unit=UNITS[2])
    landing = desk.land()
    assert_whole(desk, landing)
    results = {delivery.unit_code: delivery for delivery in landing.deliveries}
    bad, good = results[UNIT], results[UNITS[2]]
    assert (bad.rows_read, bad.rows_accepted, bad.rule) == (case.read, case.accepted, case.rule)
    assert "{" not in (bad.reason or "")
    if case.left_out is not None:
        (told,) = [row for row in desk.ledger() if row["unit_code"] == UNIT]
        assert told["lines_left_out"] == case.left_out == _counted(told["left_out"])
    assert (good.status, good.rows_accepted) == ("accepted", 3)
    assert not caplog.records, "an error that nobody foresaw"


def _counted(left_out: str | None) -> int:
    """The sum of what is told in words."""
    return sum(int(words.split()[0]) for words in (left_out or "").split(", ") if words)


@pytest.mark.parametrize(
    ("extension", "content"),
    [
        ("csv", csv_bytes([])),
        ("xlsx", xlsx_bytes([HEADS])),
        ("json", b"[]"),
        ("json", b'{"data": []}'),
    ],
    ids=["csv", "sheet", "array", "data"],
)
def test_a_day_without_changes_is_a_delivery(desk: Desk, extension: str, content: bytes) -> None:
    desk.drop(content, extension)
    delivery = desk.land_one()
    assert (delivery.status, delivery.rows_read) == ("accepted", 0)
    assert [row["commune_code"] for row in desk.ledger()] == [UNIT]


def test_a_province_file_without_rows_says_nothing_of_anybody(desk: Desk) -> None:
    desk.drop(csv_bytes([]), unit="38")
    assert desk.land_one().rule == "empty"
