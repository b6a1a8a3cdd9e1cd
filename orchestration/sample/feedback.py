"""``phananh`` and ``tieuchi`` files: ratings, petitions, self-reported criteria, by the province's system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from orchestration.sample.columns import Cell
from orchestration.sample.formats import Format
from orchestration.sample.heads import contract_columns, head_line
from orchestration.sample.lines import csv_lines
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import pick
from orchestration.sample.punctuality import month_ends
from orchestration.sample.setting import Setting
from orchestration.sample.simulation import Simulation
from orchestration.sample.states import Exports, change_rows
from orchestration.sample.streams import stream, whole
from orchestration.sample.text import TimeForm, choose, integers, join, padded, texts, times
from orchestration.sample.worktime import CLOSES, DAY, HOUR, NEVER, WORKDAY, to_date
from orchestration.sample.writers import Tally, write

PETITION_COLUMNS = frozenset(
    [
        "MaPhanAnh",
        "Loai",
        "MaHoSo",
        "MaDonViTiepNhan",
        "NgayTiepNhan",
        "HanXuLy",
        "NgayXuLy",
        "PhanLoai",
        "MucDoHaiLong",
        "KenhTiepNhan",
        "NoiDung",
        "NguoiPhanAnh",
        "SoDienThoai",
    ]
)
CRITERION_COLUMNS = frozenset(("KyBaoCao", "MaDonViTiepNhan", "MaTieuChi", "KetQua", "MinhChung"))
FORM = Format("csv", time=TimeForm.DASHED)
CRITERIA = 16
HANDLING_DAYS = 15  # working days within which a petition is to be handled (domain 1.3)
SENT_AT = CLOSES + 45 * 60


@dataclass(frozen=True)
class Feedback:
    """What was written: rows and, of distinct ones, how many petitions and ratings, late and satisfied."""

    petition_rows: int
    ratings: int
    satisfied: int
    petitions: int
    petitions_late: int
    criterion_rows: int


def write_feedback(simulation: Simulation, out: Path, tally: Tally) -> Feedback:
    """Write both kinds for all communes."""
    petitions = _petitions(simulation, out, tally)
    return Feedback(**petitions, criterion_rows=_criteria(simulation.setting, out, tally))


def _petitions(simulation: Simulation, out: Path, tally: Tally) -> dict[str, int]:
    setting, course, arrivals = simulation.setting, simulation.course, simulation.arrivals
    ratings, clock, days = setting.parameters.ratings, setting.clock, setting.days
    rng = stream(setting.plan.seed, "feedback")
    end = int(days[-1]) * DAY + SENT_AT
    done = np.flatnonzero(course.returned_seen < end)
    draw = rng.random(len(done))
    place = done[draw < ratings.share + ratings.petition]
    is_petition = (draw < ratings.petition)[draw < ratings.share + ratings.petition]
    size = len(place)
    received = course.returned_seen[place] + whole(rng, 60, 6 * HOUR, size)
    in_order = np.argsort(received, kind="stable")
    place, is_petition, received = place[in_order], is_petition[in_order], received[in_order]
    due = clock.workday_after(received, HANDLING_DAYS) + CLOSES
    late = rng.random(size) < ratings.petition_late
    used = np.where(late, rng.uniform(15.5, 22, size), rng.uniform(1, 14, size)) * WORKDAY
    handled = np.where(is_petition, clock.later(received, used), NEVER)
    happy = rng.random(size) < np.where(is_petition, 0.6, ratings.satisfied)
    grade = np.where(happy, whole(rng, 4, 6, size), whole(rng, 1, 4, size))
    exports = Exports(days, days * DAY + SENT_AT, np.ones(len(days), dtype=np.bool_))
    rows = change_rows([received, handled], exports)
    each, at = rows.dossier, rows.at
    known = handled[each] <= at
    graded = known | ~is_petition[each]
    people = load_people()
    person = whole(rng, 0, 1000, size)[each]
    channel = pick(("qr", "tai_quay", "qr", "cong_dvc", "duong_day_nong", "phan_hoi_tinh"), person % 6)
    written = {
        "MaPhanAnh": join([choose(is_petition[each], "PA", "DG"), padded(each + 1, 7)], "-"),
        "Loai": choose(is_petition[each], "kien_nghi", "danh_gia"),
        "MaHoSo": simulation.numbers.take(place[each]),
        "MaDonViTiepNhan": texts([one.code for one in setting.province.communes]).take(
            arrivals.commune[place[each]]
        ),
        "NgayTiepNhan": times(received[each], FORM.time),
        "HanXuLy": times(np.where(is_petition, due, NEVER)[each], FORM.time),
        "NgayXuLy": times(np.where(known, handled[each], NEVER), FORM.time),
        "PhanLoai": choose(is_petition[each], pick(("hanh_vi", "quy_dinh"), person % 2), ""),
        "MucDoHaiLong": choose(graded, integers(grade[each]), ""),
        "KenhTiepNhan": channel,
        "NoiDung": choose(is_petition[each], "Đề nghị giải quyết đúng hẹn, không yêu cầu thêm giấy tờ", ""),
        "NguoiPhanAnh": join(
            [
                pick(people.surnames, person % len(people.surnames)),
                pick(people.given_names, person % len(people.given_names)),
            ],
            " ",
        ),
        "SoDienThoai": join(["09", padded(person * 97_003 % 10**8, 8)]),
    }
    fields = contract_columns("phananh", PETITION_COLUMNS)
    cells = {name: Cell(text, moves=True) for name, text in written.items()}
    lines = csv_lines(cells, [column.name for column in fields], FORM.delimiter, each)
    starts = np.searchsorted(rows.export, np.arange(len(days)))
    for number, content in enumerate(lines.pieces(starts.tolist())):
        day = to_date(int(days[number]) * DAY)
        name = f"phananh_{setting.plan.province}_{day:%Y%m%d}.csv"
        if content:
            head = head_line(fields, FORM)
            write(out / day.isoformat() / name, head + content, int(exports.at[number]), tally)
    came = received <= end
    return {
        "petition_rows": len(each),
        "ratings": int((came & ~is_petition).sum()),
        "satisfied": int((came & ~is_petition & (grade >= 4)).sum()),
        "petitions": int((came & is_petition).sum()),
        "petitions_late": int((came & is_petition & (np.minimum(handled, end) > due)).sum()),
    }


def _criteria(setting: Setting, out: Path, tally: Tally) -> int:
    """On the first working day of each month, the month before: all criteria of all communes."""
    rng = stream(setting.plan.seed, "criteria")
    criteria, codes = setting.parameters.criteria, [each.code for each in setting.province.communes]
    fields = contract_columns("tieuchi", CRITERION_COLUMNS)
    rows = 0
    for last in month_ends(setting.days).tolist():
        day = to_date(int(setting.days[setting.days > last][0]) * DAY)
        month = day.replace(day=1) - timedelta(days=1)
        size = len(codes) * CRITERIA
        number = np.arange(size)
        draw = rng.random(size)
        light = (draw >= criteria.green).astype(np.int64)
        light += draw >= criteria.green + (1 - criteria.green) * criteria.yellow
        written = {
            "KyBaoCao": texts([f"{month:%Y-%m}"]).take(number * 0),
            "MaDonViTiepNhan": texts(codes).take(number // CRITERIA),
            "MaTieuChi": integers(number % CRITERIA + 1),
            "KetQua": pick(("xanh", "vang", "do"), light),
            "MinhChung": choose(light == 0, "Đã hoàn thành, có văn bản kèm theo", "Đang khắc phục"),
        }
        cells = {name: Cell(text, moves=True) for name, text in written.items()}
        lines = csv_lines(cells, [column.name for column in fields], FORM.delimiter, number)
        name = f"tieuchi_{setting.plan.province}_{day:%Y%m%d}.csv"
        mtime = int(setting.days[setting.days > last][0]) * DAY + 16 * HOUR
        write(out / day.isoformat() / name, head_line(fields, FORM) + lines.pieces([0])[0], mtime, tally)
        rows += size
    return rows
