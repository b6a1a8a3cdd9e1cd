"""A release is a function of the exports: repeats change nothing, repairs change what they must."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.exports import Dossier, dossier, export_path, write_export
from tests.support.installation import Installation
from tests.support.lake import SMALL_PROVINCE

pytestmark = pytest.mark.slow

MONDAY = date(2025, 10, 6)
TUESDAY = MONDAY + timedelta(days=1)
COMMUNES = ("03388", "03390", "03394")


def dossiers_of(commune: str, day: date, count: int) -> list[Dossier]:
    """``count`` open dossiers received on ``day``."""
    return [
        dossier(f"H56.{commune}-{day:%y%m%d}-{number:04d}", datetime(day.year, day.month, day.day, 8, number))
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Three communes on Monday and Tuesday; one is silent on Monday, one sends rubbish on Tuesday."""
    home: Path = tmp_path_factory.mktemp("repair")
    installation = Installation(home, SMALL_PROVINCE)
    for commune in COMMUNES[:2]:
        write_export(export_path(installation.inbox, MONDAY, commune, "csv"), dossiers_of(commune, MONDAY, 4))
    installation.run(MONDAY)
    for commune in COMMUNES[1:]:
        write_export(
            export_path(installation.inbox, TUESDAY, commune, "csv"), dossiers_of(commune, TUESDAY, 6)
        )
    export_path(installation.inbox, TUESDAY, COMMUNES[0], "xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    installation.run(TUESDAY)
    return installation


def received_by_commune(installation: Installation) -> dict[tuple[str, str], int]:
    """Received dossiers by commune and day, of those that received any."""
    rows = installation.query(
        "select commune_code, cast(date as varchar) as day, cast(sum(received) as integer) as received "
        "from marts.commune_flow_day group by commune_code, date having sum(received) > 0"
    )
    return {(row["commune_code"], row["day"]): row["received"] for row in rows}


def delivery_status(installation: Installation, commune: str, day: date) -> str:
    """The status of a commune's ``hoso`` delivery for a day."""
    return installation.one(
        f"select status from marts.delivery where commune_code = '{commune}' "
        f"and kind = 'hoso' and export_date = date '{day}'"
    )["status"]


def test_repeat_repair_and_correction_in_turn(province: Installation) -> None:
    """One story, since each step builds on the release before it."""
    silent, corrected, _ = COMMUNES[2], COMMUNES[1], COMMUNES[0]
    before = received_by_commune(province)

    # A broken file costs its own commune that day, and nobody else.
    assert delivery_status(province, COMMUNES[0], TUESDAY) == "rejected"
    assert delivery_status(province, COMMUNES[1], TUESDAY) == "accepted"
    assert delivery_status(province, COMMUNES[2], TUESDAY) == "accepted"
    assert before == {
        (COMMUNES[0], str(MONDAY)): 4,
        (COMMUNES[1], str(MONDAY)): 4,
        (COMMUNES[1], str(TUESDAY)): 6,
        (COMMUNES[2], str(TUESDAY)): 6,
    }

    # The same again is the same release.
    content = province.content
    release_id = province.manifest["release_id"]
    province.run(TUESDAY)
    assert province.content == content
    assert province.manifest["release_id"] != release_id

    # A file for a past day repairs that day. A correction, of another commune, replaces what its name
    # delivered before: two dossiers vanish, one appears.
    assert delivery_status(province, silent, MONDAY) == "missing"
    write_export(export_path(province.inbox, MONDAY, silent, "csv"), dossiers_of(silent, MONDAY, 3))
    replacement = dossiers_of(corrected, TUESDAY, 7)[2:]
    write_export(export_path(province.inbox, TUESDAY, corrected, "csv"), replacement)
    province.run(TUESDAY)
    assert delivery_status(province, silent, MONDAY) == "late"
    after = before | {(silent, str(MONDAY)): 3, (corrected, str(TUESDAY)): 5}
    assert received_by_commune(province) == after
    row = province.one(
        f"select corrections, rows_read, rows_accepted from marts.delivery where kind = 'hoso' "
        f"and commune_code = '{corrected}' and export_date = date '{TUESDAY}'"
    )
    assert row == {"corrections": 1, "rows_read": 5, "rows_accepted": 5}
