"""``tientrinh`` files: the processing steps of land dossiers by branch, of all dossiers by some communes.

A dossier's steps are sent again, all of them, whenever one begins or ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from orchestration.sample.daily import Sender, write_daily
from orchestration.sample.formats import Format
from orchestration.sample.jobs import cut
from orchestration.sample.lifecycle import Course
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import pick
from orchestration.sample.province import Ints
from orchestration.sample.simulation import Simulation
from orchestration.sample.states import Exports, change_rows
from orchestration.sample.text import Text, TimeForm, choose, integers, join, repeat, texts, times
from orchestration.sample.worktime import CLOSES, DAY, NEVER, Times
from orchestration.sample.writers import Tally

FORM = Format("csv", encoding="utf-8-sig", time=TimeForm.DASHED)
# Every so many communes one sends the steps of its own dossiers too.
OWN_STEPS_EVERY = 10
STAFF = 6
CENTRE = "Trung tâm Phục vụ hành chính công"


@dataclass(frozen=True)
class Stage:
    """A stage of the way: from when to when, and due when, per dossier; NEVER where it comes to none."""

    code: str
    unit_type: str
    department: str
    begins: Times
    ends: Times
    due: Times


@dataclass(frozen=True)
class StepsJob:
    """One sender's step files; arrays and texts are per dossier, ``staff_prefix`` begins staff codes."""

    sender: Sender
    staff_prefix: str
    numbers: Text
    communes: Text
    stages: tuple[Stage, ...]


@dataclass(frozen=True)
class StepsWritten:
    """What one sender wrote."""

    rows: int
    tally: Tally


def steps_jobs(simulation: Simulation, out: Path) -> Iterator[StepsJob]:
    """A job per land-registry branch and per commune that sends steps of its own."""
    setting = simulation.setting
    province, days, course = setting.province, setting.days, simulation.course
    commune, received = simulation.arrivals.commune, simulation.arrivals.received
    queued = course.branch_in < NEVER
    exports = Exports(days, days * DAY + CLOSES + 1200, np.ones(len(days), dtype=np.bool_))
    codes = texts([each.code for each in province.communes]).take(commune)

    def job(name: str, staff_prefix: str, places: Ints, stages: tuple[Stage, ...]) -> StepsJob:
        sender = Sender("tientrinh", name, FORM, exports, out)
        numbers = simulation.numbers.take(places)
        return StepsJob(sender, staff_prefix, numbers, codes.take(places), stages)

    for branch, branch_name in enumerate(province.branches):
        places = np.flatnonzero(queued & (province.branch[commune] == branch))
        tax_office = province.tax_offices[int(province.tax_of_branch[branch])]
        stages = _land_stages(cut(course, places), received[places], branch_name, tax_office)
        stem = f"tientrinh_{setting.plan.province}_{{day}}_cn{branch + 1:02d}.csv"
        yield job(stem, f"CN{branch + 1:02d}", places, stages)
    for place in range(OWN_STEPS_EVERY // 2, len(province.communes), OWN_STEPS_EVERY):
        each = province.communes[place]
        places = np.flatnonzero(simulation.arrivals.there & ~queued & (commune == place))
        stages = _own_stages(cut(course, places), received[places], f"UBND {each.name}")
        yield job(f"tientrinh_{each.code}_{{day}}.csv", each.code, places, stages)


def _land_stages(course: Course, received: Times, branch: str, tax_office: str) -> tuple[Stage, ...]:
    department = {"xa": CENTRE, "vpdk": branch, "thue": tax_office}
    finished = course.finished
    end = np.minimum(np.minimum(course.withdrawn, course.stopped), finished)
    none = np.full(len(received), NEVER)
    # Supplement and payment, the first two changes, move what is due; the signature comes after both.
    due_at_last = course.due
    for change in course.due_changes[:2]:
        due_at_last = np.where(change.at < NEVER, change.due, due_at_last)

    def stage(code: str, unit_type: str, begins: Times, ends: Times, due: Times = none) -> Stage:
        ends = np.maximum(np.minimum(ends, end), begins)
        return Stage(code, unit_type, department.get(unit_type, ""), begins, ends, due)

    return (
        stage("tiep_nhan", "xa", received, course.branch_in),
        stage("vpdk", "vpdk", course.branch_in, course.examined),
        stage("tham_dinh", "vpdk", course.examined, course.tax_in, course.due),
        stage("thue", "thue", course.tax_in, course.payment_asked),
        stage("nghia_vu_tai_chinh", "khac", course.payment_asked, course.paid),
        stage("ky_duyet", "vpdk", course.paid, finished, due_at_last),
        Stage("tra_ket_qua", "xa", CENTRE, finished, course.returned, none),
    )


def _own_stages(course: Course, received: Times, commune: str) -> tuple[Stage, ...]:
    end = np.minimum(np.minimum(course.withdrawn, course.stopped), course.finished)
    none = np.full(len(received), NEVER)
    return (
        Stage("tiep_nhan", "xa", CENTRE, received, np.minimum(course.taken_up, end), none),
        Stage("tham_dinh", "xa", commune, course.taken_up, end, course.due),
        Stage("tra_ket_qua", "xa", commune, course.finished, course.returned, none),
    )


def export_steps(job: StepsJob) -> StepsWritten:
    """Write one sender's files; days without a change have none."""
    begins = np.stack([stage.begins for stage in job.stages])
    ends = np.stack([stage.ends for stage in job.stages])
    rows = change_rows([*begins[1:], *ends], job.sender.exports)
    begun = rows.at[:, None] >= begins[:, rows.dossier].T
    row, stage = np.nonzero(begun)
    dossier, at = rows.dossier[row], rows.at[row]
    step = stage * len(job.numbers) + dossier
    ended = ends.ravel()[step] <= at
    due = np.stack([each.due for each in job.stages])
    people, staff = load_people(), (dossier * 7 + stage * 3) % STAFF

    def of_stage(values: list[str]) -> Text:
        return texts(values).take(stage)

    columns = {
        "MaHoSo": job.numbers.take(dossier),
        "ThuTu": integers(np.cumsum(begun, axis=1, dtype=np.int64)[row, stage]),
        "BuocXuLy": of_stage([each.code for each in job.stages]),
        "PhongBanXuLy": of_stage([each.department for each in job.stages]),
        "LoaiDonViXuLy": of_stage([each.unit_type for each in job.stages]),
        "MaCanBo": join([f"{job.staff_prefix}-CB", integers(staff + 1)]),
        "NgayBatDau": times(begins.ravel()[step], FORM.time),
        "NgayKetThucTheoQuyDinh": times(due.ravel()[step], FORM.time),
        "ThoiDiemXuLy": times(np.where(ended, ends.ravel()[step], NEVER), FORM.time),
        "TrangThai": choose(ended, "Đã xử lý", "Đang xử lý"),
        "MaDonViTiepNhan": job.communes.take(dossier),
        "NguoiXuLy": join([pick(people.surnames, staff), pick(people.given_names, staff)], " "),
        "NoiDungXuLy": repeat("Đã kiểm tra hồ sơ, chuyển bước tiếp theo", len(row)),
    }
    tally = Tally()
    write_daily(job.sender, columns, rows.export[row], tally)
    return StepsWritten(len(row), tally)
