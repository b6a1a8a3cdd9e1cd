"""``tientrinh`` files: the processing steps of land dossiers by branch, of all dossiers by some communes.

A dossier's steps are sent again, all of them, whenever one begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.sample.columns import Cell
from orchestration.sample.formats import Format
from orchestration.sample.heads import contract_columns, head_line
from orchestration.sample.jobs import cut
from orchestration.sample.lifecycle import Course
from orchestration.sample.lines import csv_lines
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import pick
from orchestration.sample.province import Ints
from orchestration.sample.simulation import Simulation
from orchestration.sample.states import Exports, change_rows
from orchestration.sample.text import Text, TimeForm, choose, integers, join, repeat, texts, times
from orchestration.sample.worktime import CLOSES, DAY, NEVER, Times, to_date
from orchestration.sample.writers import Tally, write

COLUMNS = frozenset(
    [
        "MaHoSo",
        "ThuTu",
        "BuocXuLy",
        "PhongBanXuLy",
        "LoaiDonViXuLy",
        "MaCanBo",
        "NgayBatDau",
        "NgayKetThucTheoQuyDinh",
        "ThoiDiemXuLy",
        "TrangThai",
        "MaDonViTiepNhan",
        "NguoiXuLy",
        "NoiDungXuLy",
    ]
)
FORM = Format("csv", encoding="utf-8-sig", time=TimeForm.DASHED)
# Every so many communes one sends the steps of its own dossiers too.
OWN_STEPS_EVERY = 10
STAFF = 6
CENTRE = "Trung tâm Phục vụ hành chính công"


@dataclass(frozen=True)
class Stage:
    """A stage of the way: from when to when, per dossier; NEVER where it does not come to that."""

    code: str
    unit_type: str
    department: str
    begins: Times
    ends: Times
    has_limit: bool


@dataclass(frozen=True)
class StepsJob:
    """One sender's step files. ``name`` holds ``{day}``; ``sender`` marks its staff's codes."""

    name: str
    sender: str
    numbers: Text
    communes: Text
    due: Times
    stages: tuple[Stage, ...]
    exports: Exports
    out: Path


@dataclass(frozen=True)
class StepsWritten:
    """What one sender wrote."""

    rows: int
    tally: Tally


def steps_jobs(simulation: Simulation, out: Path) -> Iterator[StepsJob]:
    """A job per land-registry branch and per commune that sends steps of its own."""
    setting = simulation.setting
    province, days, course = setting.province, setting.days, simulation.course
    commune = simulation.arrivals.commune
    queued = course.branch_in < NEVER
    exports = Exports(days, days * DAY + CLOSES + 1200, np.ones(len(days), dtype=np.bool_))
    codes = texts([each.code for each in province.communes]).take(commune)

    def job(name: str, sender: str, places: Ints, land: bool, department: str) -> StepsJob:
        mine = cut(course, places)
        received = simulation.arrivals.received[places]
        stages = _land_stages(mine, received, department) if land else _own_stages(mine, received, department)
        return StepsJob(
            name, sender, simulation.numbers.take(places), codes.take(places), mine.due, stages, exports, out
        )

    for branch, branch_name in enumerate(province.branches):
        places = np.flatnonzero(queued & (province.branch[commune] == branch))
        stem = f"tientrinh_{setting.plan.province}_{{day}}_cn{branch + 1:02d}.csv"
        yield job(stem, f"CN{branch + 1:02d}", places, True, branch_name)
    for place in range(OWN_STEPS_EVERY // 2, len(province.communes), OWN_STEPS_EVERY):
        each = province.communes[place]
        places = np.flatnonzero(simulation.arrivals.there & ~queued & (commune == place))
        yield job(f"tientrinh_{each.code}_{{day}}.csv", each.code, places, False, f"UBND {each.name}")


def _land_stages(course: Course, received: Times, branch: str) -> tuple[Stage, ...]:
    finished = course.finished
    end = np.minimum(np.minimum(course.withdrawn, course.stopped), finished)

    def stage(code: str, unit_type: str, begins: Times, ends: Times, has_limit: bool = False) -> Stage:
        department = {"xa": CENTRE, "vpdk": branch, "thue": "Cơ quan thuế"}
        ends = np.maximum(np.minimum(ends, end), begins)
        return Stage(code, unit_type, department.get(unit_type, ""), begins, ends, has_limit)

    return (
        stage("tiep_nhan", "xa", received, course.branch_in),
        stage("vpdk", "vpdk", course.branch_in, course.examined),
        stage("tham_dinh", "vpdk", course.examined, course.tax_in, has_limit=True),
        stage("thue", "thue", course.tax_in, course.payment_asked),
        stage("nghia_vu_tai_chinh", "khac", course.payment_asked, course.paid),
        stage("ky_duyet", "vpdk", course.paid, finished, has_limit=True),
        Stage("tra_ket_qua", "xa", CENTRE, finished, course.returned, has_limit=False),
    )


def _own_stages(course: Course, received: Times, commune: str) -> tuple[Stage, ...]:
    end = np.minimum(np.minimum(course.withdrawn, course.stopped), course.finished)
    return (
        Stage("tiep_nhan", "xa", CENTRE, received, np.minimum(course.taken_up, end), False),
        Stage("tham_dinh", "xa", commune, course.taken_up, end, True),
        Stage("tra_ket_qua", "xa", commune, course.finished, course.returned, False),
    )


def export_steps(job: StepsJob) -> StepsWritten:
    """Write one sender's files; days without a change have none."""
    size = len(job.due)
    begins = np.stack([stage.begins for stage in job.stages])
    ends = np.stack([stage.ends for stage in job.stages])
    rows = change_rows([*begins[1:], *ends], job.exports)
    there = rows.at[:, None] >= begins[:, rows.dossier].T
    row, stage = np.nonzero(there)
    order = np.cumsum(there, axis=1, dtype=np.int64)[row, stage]
    dossier, at = rows.dossier[row], rows.at[row]
    step = stage * size + dossier
    ended = ends.ravel()[step] <= at
    limited = np.array([each.has_limit for each in job.stages])[stage]
    people = load_people()
    staff = (dossier * 7 + stage * 3) % STAFF
    stage_texts = {
        "BuocXuLy": [each.code for each in job.stages],
        "PhongBanXuLy": [each.department for each in job.stages],
        "LoaiDonViXuLy": [each.unit_type for each in job.stages],
    }
    written = {
        "MaHoSo": job.numbers.take(dossier),
        "ThuTu": integers(order),
        "MaCanBo": join([f"{job.sender}-CB", integers(staff + 1)]),
        "NgayBatDau": times(begins.ravel()[step], FORM.time),
        "NgayKetThucTheoQuyDinh": times(np.where(limited, job.due[dossier], NEVER), FORM.time),
        "ThoiDiemXuLy": times(np.where(ended, ends.ravel()[step], NEVER), FORM.time),
        "TrangThai": choose(ended, "Đã xử lý", "Đang xử lý"),
        "MaDonViTiepNhan": job.communes.take(dossier),
        "NguoiXuLy": join([pick(people.surnames, staff), pick(people.given_names, staff)], " "),
        "NoiDungXuLy": repeat("Đã kiểm tra hồ sơ, chuyển bước tiếp theo", len(row)),
        **{name: texts(values).take(stage) for name, values in stage_texts.items()},
    }
    fields = contract_columns("tientrinh", COLUMNS)
    cells = {name: Cell(text, moves=True) for name, text in written.items()}
    lines = csv_lines(cells, [column.name for column in fields], FORM.delimiter, dossier)
    export = rows.export[row]
    starts = np.searchsorted(export, np.arange(len(job.exports.days)))
    tally = Tally()
    for place, content in enumerate(lines.pieces(starts.tolist())):
        day = to_date(int(job.exports.days[place]) * DAY)
        path = job.out / day.isoformat() / job.name.format(day=f"{day:%Y%m%d}")
        if content:
            write(
                path, b"\xef\xbb\xbf" + head_line(fields, FORM) + content, int(job.exports.at[place]), tally
            )
    return StepsWritten(len(row), tally)
