"""Phú Thọ's 148 communes in 2026 as exports, rebuilt from what the national portal showed of them.

The portal gives received and on time; on time + overdue = received, so open dossiers are in it: those within
time on the good side, those past due on the other. That is the portal's own rule, indicator
``on_time_rate_portal``; form II.06 looks at resolved dossiers alone.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

FIRST_DAY, LAST_DAY = date(2026, 1, 1), date(2026, 9, 26)
PROVINCE = "25"
_FIGURES = Path(__file__).with_name("phu_tho_2026.csv")
# Of those on time every fifth is open, of the overdue every fourth: the portal does not say how many are.
_EXPORTS = """
copy (
    with dossier as (
        select
            n,
            n < {on_time} as is_on_time,
            case when n < {on_time} then n % 5 = 0 else n % 4 = 0 end as is_open,
            -- In time by September: what is open and on time is young.
            timestamp '{first} 08:15:00' + to_days(cast(case
                when n < {on_time} and n % 5 = 0 then 262 else n * 255 // {received}
            end as integer)) as received_at
        from range({received}) as numbers(n)
    ),

    clocked as (
        select
            *,
            received_at + to_days(case when is_open and is_on_time then 20 else 3 end) as due_at
        from dossier
    )

    select
        'H44.{code}-' || strftime(received_at, '%y%m%d') || '-' || lpad(cast(n as varchar), 4, '0') as MaHoSo,
        '2.000815.000.00.00.H44' as MaTTHC,
        '{code}' as MaDonViTiepNhan,
        2 as KenhThucHien,
        received_at as NgayNopHoSo,
        received_at as NgayTiepNhan,
        due_at as NgayHenTra,
        -- The late ones end on the due date, after the due hour: overdue for the portal, not for the form.
        case when not is_open then due_at + to_hours(case when is_on_time then -2 else 2 end) end
            as NgayKetThucXuLy,
        case when is_open then 4 else 9 end as TrangThaiHoSo,
        coalesce(NgayKetThucXuLy, received_at) as NgayCapNhat,
        'tinh' as HeThongNguon
    from clocked
) to '{path}' (header, delimiter ',')
"""


@dataclass(frozen=True)
class Figures:
    """What the portal showed of one commune."""

    commune_code: str
    received: int
    on_time: int


def figures() -> list[Figures]:
    """All 148 communes, by code."""
    with _FIGURES.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return [Figures(row["commune_code"], int(row["received"]), int(row["on_time"])) for row in rows]


def write_exports(inbox: Path) -> None:
    """One CSV per commune with its dossiers as they stood on the last day."""
    folder = inbox / LAST_DAY.isoformat()
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for each in figures():
            connection.execute(
                _EXPORTS.format(
                    code=each.commune_code,
                    received=each.received,
                    on_time=each.on_time,
                    first=FIRST_DAY,
                    path=folder / f"hoso_{each.commune_code}_{LAST_DAY:%Y%m%d}.csv",
                )
            )
