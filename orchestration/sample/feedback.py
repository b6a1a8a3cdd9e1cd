"""``phananh`` and ``tieuchi`` files: ratings, petitions, self-reported criteria, by the province's system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from orchestration.sample.daily import Sender, write_daily
from orchestration.sample.formats import Format
from orchestration.sample.parameters import load_people
from orchestration.sample.personal import pick
from orchestration.sample.province import Ints
from orchestration.sample.punctuality import month_ends
from orchestration.sample.setting import Setting
from orchestration.sample.simulation import Simulation
from orchestration.sample.states import Exports, Rows, change_rows
from orchestration.sample.streams import stream, whole
from orchestration.sample.text import Text, TimeForm, choose, integers, join, padded, repeat, texts, times
from orchestration.sample.worktime import CLOSES, DAY, HOUR, NEVER, WORKDAY, Flags, Times, to_date
from orchestration.sample.writers import Tally

FORM = Format("csv", time=TimeForm.DASHED)
CRITERIA = 16
HANDLING_DAYS = 15
"""Working days within which a petition is to be handled."""
SENT_AT = CLOSES + 45 * 60
CHANNELS = ("qr", "tai_quay", "qr", "cong_dvc", "duong_day_nong", "phan_hoi_tinh")
WISH = "Đề nghị giải quyết đúng hẹn, không yêu cầu thêm giấy tờ"


@dataclass(frozen=True)
class Feedback:
    """What was written: rows and, of distinct ones, how many petitions and ratings, late and satisfied."""

    petition_rows: int
    ratings: int
    satisfied: int
    petitions: int
    petitions_late: int
    criterion_rows: int


@dataclass(frozen=True)
class Voices:
    """Ratings and petitions in order of reception; ``dossier`` is the place of the dossier they are about."""

    dossier: Ints
    is_petition: Flags
    received: Times
    due: Times
    handled: Times
    grade: Ints
    person: Ints


def write_feedback(simulation: Simulation, out: Path, tally: Tally) -> Feedback:
    """Write both kinds for all communes."""
    setting = simulation.setting
    days, end = setting.days, int(setting.days[-1]) * DAY + SENT_AT
    voices = _voices(simulation, end)
    exports = Exports(days, days * DAY + SENT_AT, np.ones(len(days), dtype=np.bool_))
    rows = change_rows([voices.received, voices.handled], exports)
    sender = Sender("phananh", f"phananh_{setting.plan.province}_{{day}}.csv", FORM, exports, out)
    write_daily(sender, _columns(simulation, voices, rows), rows.export, tally)
    came, petition = voices.received <= end, voices.is_petition
    return Feedback(
        petition_rows=len(rows.dossier),
        ratings=int((came & ~petition).sum()),
        satisfied=int((came & ~petition & (voices.grade >= 4)).sum()),
        petitions=int((came & petition).sum()),
        petitions_late=int((came & petition & (np.minimum(voices.handled, end) > voices.due)).sum()),
        criterion_rows=_write_criteria(setting, out, tally),
    )


def _voices(simulation: Simulation, end: int) -> Voices:
    """Who says something about a dossier that was handed over before ``end``, and what comes of it."""
    setting, returned = simulation.setting, simulation.course.returned_seen
    ratings, clock = setting.parameters.ratings, setting.clock
    rng = stream(setting.plan.seed, "feedback")
    draw = np.where(returned < end, rng.random(len(returned)), 1.0)
    dossier = np.flatnonzero(draw < ratings.share + ratings.petition)
    received = returned[dossier] + whole(rng, 60, 6 * HOUR, len(dossier))
    order = np.argsort(received, kind="stable")
    dossier, received, size = dossier[order], received[order], len(dossier)
    is_petition = draw[dossier] < ratings.petition
    late = rng.random(size) < ratings.petition_late
    used = np.where(late, rng.uniform(HANDLING_DAYS + 0.5, 22, size), rng.uniform(1, HANDLING_DAYS - 1, size))
    happy = rng.random(size) < np.where(is_petition, ratings.petition_satisfied, ratings.satisfied)
    return Voices(
        dossier=dossier,
        is_petition=is_petition,
        received=received,
        due=clock.workday_after(received, HANDLING_DAYS) + CLOSES,
        handled=np.where(is_petition, clock.later(received, used * WORKDAY), NEVER),
        grade=np.where(happy, whole(rng, 4, 6, size), whole(rng, 1, 4, size)),
        person=whole(rng, 0, 10_000, size),
    )


def _columns(simulation: Simulation, voices: Voices, rows: Rows) -> dict[str, Text]:
    each, people = rows.dossier, load_people()
    petition, person = voices.is_petition[each], voices.person[each]
    known = voices.handled[each] <= rows.at
    commune = simulation.arrivals.commune[voices.dossier[each]]
    surname = pick(people.surnames, person % len(people.surnames))
    given = pick(people.given_names, person % len(people.given_names))
    return {
        "MaPhanAnh": join([choose(petition, "PA", "DG"), padded(each + 1, 7)], "-"),
        "Loai": choose(petition, "kien_nghi", "danh_gia"),
        "MaHoSo": simulation.numbers.take(voices.dossier[each]),
        "MaDonViTiepNhan": texts([one.code for one in simulation.setting.province.communes]).take(commune),
        "NgayTiepNhan": times(voices.received[each], FORM.time),
        "HanXuLy": times(np.where(petition, voices.due[each], NEVER), FORM.time),
        "NgayXuLy": times(np.where(known, voices.handled[each], NEVER), FORM.time),
        "PhanLoai": choose(petition, pick(("hanh_vi", "quy_dinh"), person % 2), ""),
        "MucDoHaiLong": choose(known | ~petition, integers(voices.grade[each]), ""),
        "KenhTiepNhan": pick(CHANNELS, person % len(CHANNELS)),
        "NoiDung": choose(petition, WISH, ""),
        "NguoiPhanAnh": join([surname, given], " "),
        "SoDienThoai": join(["09", padded(person * 9_973 % 10**8, 8)]),
    }


def _write_criteria(setting: Setting, out: Path, tally: Tally) -> int:
    """On the first working day of a month, the month before: all criteria of all communes. Rows written."""
    rng = stream(setting.plan.seed, "criteria")
    criteria, codes = setting.parameters.criteria, [each.code for each in setting.province.communes]
    number = np.arange(len(codes) * CRITERIA)
    rows = 0
    for last in month_ends(setting.days):
        first = setting.days[setting.days > last][:1]
        month = to_date(int(first[0]) * DAY).replace(day=1) - timedelta(days=1)
        draw = rng.random(len(number))
        light = (draw >= criteria.green).astype(np.int64)
        light += draw >= criteria.green + (1 - criteria.green) * criteria.yellow
        columns = {
            "KyBaoCao": repeat(f"{month:%Y-%m}", len(number)),
            "MaDonViTiepNhan": texts(codes).take(number // CRITERIA),
            "MaTieuChi": integers(number % CRITERIA + 1),
            "KetQua": pick(("xanh", "vang", "do"), light),
            "MinhChung": choose(light == 0, "Đã hoàn thành, có văn bản kèm theo", "Đang khắc phục"),
        }
        exports = Exports(first, first * DAY + 16 * HOUR, np.ones(1, dtype=np.bool_))
        sender = Sender("tieuchi", f"tieuchi_{setting.plan.province}_{{day}}.csv", FORM, exports, out)
        write_daily(sender, columns, number * 0, tally)
        rows += len(number)
    return rows
