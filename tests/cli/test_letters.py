"""``motcua letters`` writes the letters of a day again, and says where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from orchestration.clock import moment
from orchestration.landing import land_day
from orchestration.settings import load_settings
from tests.landing.conftest import UNIT
from tests.landing.tables import csv_bytes, dossier_row, sound_rows

from .conftest import Call

DAY = date(2025, 10, 6)


def test_letters_of_a_day(call: Call, home: Path) -> None:
    folder = home / "inbox" / DAY.isoformat()
    folder.mkdir(parents=True)
    rows = [*sound_rows(), dossier_row(4, NgayHenTra="x")]
    (folder / f"hoso_{UNIT}_{DAY:%Y%m%d}.csv").write_bytes(csv_bytes(rows))
    settings = load_settings()
    land_day(settings, DAY, moment(DAY, settings.cutoff))

    outcome = call("letters", "--date", "06/10/2025")

    assert (outcome.code, outcome.err) == (0, "")
    assert "1 thư lỗi" in outcome.out
    assert str(home / "outbox" / DAY.isoformat()) in outcome.out


def test_a_day_of_which_nothing_is_known(call: Call) -> None:
    outcome = call("letters", "--date", "2025-10-06")

    assert outcome.code == 0
    assert "chưa có gì của ngày 06/10/2025" in outcome.out


def test_what_is_asked_for_wrongly(call: Call) -> None:
    for arguments in (("letters",), ("letters", "--date", "hôm qua")):
        outcome = call(*arguments)
        assert (outcome.code, outcome.out) == (2, "")
        assert "--date" in outcome.err


def test_an_outbox_that_cannot_be_written(call: Call, home: Path) -> None:
    home.mkdir()
    (home / "outbox").write_text("")

    outcome = call("letters", "--date", "2025-10-06")

    assert outcome.code == 2
    assert str(home / "outbox") in outcome.err
    assert "Lỗi ngoài dự kiến" not in outcome.err
