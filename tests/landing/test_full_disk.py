"""A disk that fills while landing: nothing half-landed, no file blamed, and the next pass recovers.

Files that may not grow beyond a limit fail in the middle of a write, as they do on a full disk.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.landing.conftest import UNITS, Desk
from tests.landing.tables import csv_bytes, dossier_row, sound_rows, xlsx_bytes

LIMITED = """
import resource, sys
from datetime import date, datetime, time
from pathlib import Path
from orchestration.clock import Moment
from orchestration.errors import UnavailableError
from orchestration.landing import land_day
from orchestration.landing.judging import judge
from orchestration.settings import Settings

home, inbox, limit, memory = sys.argv[1:]
judge._MEMORY = memory
resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
moment = Moment(datetime(2025, 10, 6, 18), time(18))
try:
    land_day(Settings(home=Path(home), inbox=Path(inbox)), date(2025, 10, 6), moment)
except UnavailableError as error:
    print(error)
    sys.exit(3)
"""


@pytest.mark.parametrize(
    ("count", "limit", "memory"),
    [(20_000, 40_000, "1GB"), (150_000, 1_000_000, "80MB")],
    ids=["while writing the lake", "while rows under judgement spill"],
)
def test_a_full_disk_is_said_blames_no_file_and_is_recovered_from(
    desk: Desk, count: int, limit: int, memory: str
) -> None:
    many = [dossier_row(number) for number in range(count)]
    desk.drop(csv_bytes(many))
    desk.drop(xlsx_bytes([list(many[0]), *sound_rows()]), "xlsx", unit=UNITS[1])
    desk.drop(csv_bytes(sound_rows()), unit=UNITS[2])
    command = [
        sys.executable,
        "-c",
        LIMITED,
        str(desk.settings.home),
        str(desk.settings.inbox_path),
        str(limit),
        memory,
    ]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 3, ended.stderr
    assert f"Không ghi được vào kho dữ liệu {desk.lake}" in ended.stdout
    assert not desk.ledger()
    assert not desk.rows()
    assert not desk.quarantine()

    statuses = {delivery.unit_code: delivery.status for delivery in desk.land().deliveries}
    assert statuses == {UNITS[0]: "accepted", UNITS[1]: "rejected", UNITS[2]: "accepted"}
    assert len(desk.rows()) == count + 3
    assert not list(desk.lake.glob(".staging/*"))
