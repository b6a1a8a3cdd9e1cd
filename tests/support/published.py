"""Exports rebuilt from figures that real centres published, so that the figures must come out again.

Thọ Phú (Báo Thanh Hóa, 30/9/2025), 1/7-27/9/2025: 2,145 received = 2,034 online + 111 counter;
2,004 resolved = 1,520 early + 447 on time + 37 late; 141 open, none overdue.
Đông Sơn (Thanh tra, 18/11/2025), 1/7-8/11/2025: 6,967 received, 95.2 % online, 97.74 % on time,
99.93 % paid online, 99.97 % of components digitised.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from tests.support.exports import Dossier, dossier, export_path, write_export


@dataclass(frozen=True)
class PublishedCase:
    """Counts of one centre in one period; the rest of the dossiers is neutral."""

    commune_code: str
    first_day: date
    last_day: date
    received: int
    online: int
    early: int
    on_time: int
    late: int
    fee_dossiers: int = 0
    paid_online: int = 0
    components: int = 1
    not_digitised: int = 0

    @property
    def resolved(self) -> int:
        """Finished dossiers."""
        return self.early + self.on_time + self.late


THO_PHU = PublishedCase("15763", date(2025, 7, 1), date(2025, 9, 27), 2145, 2034, 1520, 447, 37)
DONG_SON = PublishedCase(
    "16378",
    date(2025, 7, 1),
    date(2025, 11, 8),
    received=6967,
    online=6633,
    early=5000,
    on_time=1667,
    late=154,
    fee_dossiers=4286,
    paid_online=4283,
    not_digitised=2,
)


def working_days(first: date, last: date) -> list[date]:
    """Monday to Friday less National Day 2025, which suffices for both periods."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in {date(2025, 9, 1), date(2025, 9, 2)}]


def final_states(case: PublishedCase) -> Iterator[Dossier]:
    """Each dossier of ``case`` in its last state, in the order of reception."""
    days = working_days(case.first_day, case.last_day)
    closing_days = days[5:]
    for number in range(case.received):
        received_at = datetime.combine(days[number * (len(days) - 6) // case.received], time(8, 15))
        finished_on = closing_days[days.index(received_at.date())]
        due_shift = 1 if number < case.early else 0 if number < case.early + case.on_time else -1
        state: Dossier = {
            "KenhThucHien": 2 if number < case.online else 1,
            "TongLePhi": 8000 if number < case.fee_dossiers else 0,
            "DuocThanhToanTrucTuyen": 1 if number < case.paid_online else 0,
            "SoThanhPhan": case.components,
            "SoThanhPhanSoHoa": 0 if number < case.not_digitised else case.components,
            "HoSoCoThanhPhanSoHoa": 0 if number < case.not_digitised else 1,
        }
        if number < case.resolved:
            finished_at = datetime.combine(finished_on, time(14, 30))
            state |= {
                "NgayKetThucXuLy": finished_at,
                "NgayTra": finished_at + timedelta(minutes=20),
                "NgayHenTra": datetime.combine(finished_on + timedelta(days=due_shift), time(9, 0)),
                "TrangThaiHoSo": 10,
                "NgayCapNhat": finished_at,
            }
        else:
            state["NgayHenTra"] = datetime.combine(case.last_day + timedelta(days=3), time(17, 0))
        yield dossier(f"H56.{case.commune_code}-{received_at:%y%m%d}-{number:04d}", received_at, **state)


def state_on(final: Dossier, day: date) -> Dossier | None:
    """``final`` as the centre's system showed it at the end of ``day``; None before it was received."""
    if final["NgayTiepNhan"].date() > day:
        return None
    finished_at = final.get("NgayKetThucXuLy")
    if finished_at is None or finished_at.date() <= day:
        return final
    unfinished = {"NgayKetThucXuLy": None, "NgayTra": None, "TrangThaiHoSo": 4}
    return final | unfinished | {"NgayCapNhat": final["NgayTiepNhan"]}


def write_daily_exports(inbox: Path, case: PublishedCase, extensions: Sequence[str]) -> None:
    """Write an export per working day with what changed that day, the formats taking turns."""
    finals = list(final_states(case))
    for number, day in enumerate(working_days(case.first_day, case.last_day)):
        changed = [
            state
            for final in finals
            if (state := state_on(final, day)) is not None and state["NgayCapNhat"].date() == day
        ]
        extension = extensions[number % len(extensions)]
        write_export(export_path(inbox, day, case.commune_code, extension), changed)
