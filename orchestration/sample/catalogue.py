"""What the simulation takes from the project's catalogues: communes, procedures, branches.

The catalogues are the seeds of the dbt project, so the sample speaks of the same communes and procedures as
the warehouse; working days come from ``orchestration.workdays``. How often a procedure occurs is simulation:
``procedure_mix.csv``.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.sample.parameters import HERE
from orchestration.sample.plan import SampleError
from orchestration.sample.worktime import HOUR, WORKDAY
from orchestration.settings import SEEDS


@dataclass(frozen=True)
class Commune:
    """A commune of the province, as the seed has it."""

    code: str
    name: str
    kind: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Procedure:
    """A procedure with its catalogue entry and its part in the mix. ``limit`` in working hours."""

    code: str
    name: str
    field_code: str
    field_name: str
    online_level: str
    limit: int
    route: str
    share: float
    same_day: bool
    speed: float
    late_weight: float
    supplement: float
    fee_share: float
    fee: int
    components: int
    ministry: str


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if not path.is_file():
        raise SampleError(
            f"Thiếu danh mục {path.name} trong {path.parent}. Hãy lấy lại tệp này từ kho mã nguồn."
        )
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _valid_on(row: dict[str, str], day: date) -> bool:
    return row["valid_from"] <= day.isoformat() and (
        not row["valid_to"] or day.isoformat() <= row["valid_to"]
    )


def load_communes(province: str, day: date, seeds: Path = SEEDS) -> list[Commune]:
    """The communes of ``province`` in force on ``day``, by code.

    Raises:
        SampleError: when there is none.
    """
    communes = [
        Commune(
            row["commune_code"],
            row["commune_name"],
            row["commune_type"],
            float(row["latitude"] or 0),
            float(row["longitude"] or 0),
        )
        for row in _rows(seeds / "commune.csv")
        if row["province_code"] == province and _valid_on(row, day)
    ]
    if not communes:
        raise SampleError(
            f"Danh mục không có xã, phường nào của tỉnh mã {province} vào ngày {day:%d/%m/%Y}. "
            "Mô hình hai cấp bắt đầu từ 01/07/2025; hãy kiểm tra mã tỉnh và ngày."
        )
    return sorted(communes, key=lambda commune: commune.code)


def load_branches(province: str, day: date, unit_type: str, seeds: Path = SEEDS) -> dict[str, str]:
    """Which branch of ``unit_type`` (``vpdk``, ``thue``) serves a commune: its name, by commune code.

    In the order of branch codes. Empty where the catalogue knows none of the province.
    """
    names = {
        row["branch_code"]: row["branch_name"]
        for row in _rows(seeds / "branch.csv")
        if (row["province_code"], row["unit_type"]) == (province, unit_type) and _valid_on(row, day)
    }
    served = sorted(
        (row["branch_code"], row["commune_code"])
        for row in _rows(seeds / "branch_commune.csv")
        if row["branch_code"] in names and _valid_on(row, day)
    )
    return {commune: names[branch] for branch, commune in served}


def load_procedures(day: date, seeds: Path = SEEDS) -> list[Procedure]:
    """The procedures of the mix with their catalogue entry in force on ``day``, in the mix's order.

    Raises:
        SampleError: when a procedure of the mix is not in the catalogue.
    """
    entries: dict[str, dict[str, str]] = {}
    for row in _rows(seeds / "procedure.csv"):
        known = entries.get(row["procedure_code"])
        if known is None or (_valid_on(row, day) and not _valid_on(known, day)):
            entries[row["procedure_code"]] = row
    mix = list(_rows(HERE / "procedure_mix.csv"))
    missing = [row["procedure_code"] for row in mix if row["procedure_code"] not in entries]
    if missing:
        raise SampleError(f"Thủ tục của bộ mô phỏng không có trong danh mục: {', '.join(missing)}.")
    return [_procedure(row, entries[row["procedure_code"]]) for row in mix]


def _working_hours(limit: str, unit: str) -> int:
    """A limit of the catalogue in working hours; 0 days are the day itself, calendar days lose weekends."""
    amount = int(limit or 0)
    if unit == "working_hours":
        return amount
    days = amount if unit == "working_days" else amount * 5 // 7
    return max(days, 1 if limit else 0) * WORKDAY // HOUR


def _procedure(mix: dict[str, str], entry: dict[str, str]) -> Procedure:
    return Procedure(
        code=mix["procedure_code"],
        name=entry["procedure_name"],
        field_code=entry["field_code"],
        field_name=entry["field_name"],
        online_level=entry["online_level"],
        limit=_working_hours(entry["time_limit"], entry["time_limit_unit"]),
        route=mix["route"],
        share=float(mix["share"]),
        same_day=mix["due_rule"] == "same_day",
        speed=float(mix["speed"]),
        late_weight=float(mix["late_weight"]),
        supplement=float(mix["supplement"]),
        fee_share=float(mix["fee_share"]),
        fee=int(mix["fee"]),
        components=int(mix["components"]),
        ministry=mix["ministry"],
    )
