"""The columns of a ``hoso`` export as text, by exchange name, before any format is put on them.

A column either stands still (one text per dossier) or moves (one text per row); writers join them
accordingly. Order and heads come from the export contract.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.catalogue import Commune, Procedure
from orchestration.sample.details import Details, organisation
from orchestration.sample.faults import BAD_DATE, UNKNOWN_PROCEDURE
from orchestration.sample.formats import Format
from orchestration.sample.lifecycle import Course
from orchestration.sample.personal import Persons, pick
from orchestration.sample.states import IN_PROCESS, Rows, State
from orchestration.sample.text import Text, choose, integers, join, repeat, texts, times
from orchestration.sample.worktime import NEVER, Flags, Times

# What the sample fills of the contract's ``hoso`` columns.
COLUMNS = frozenset(
    [
        "MaHoSo",
        "MaTTHC",
        "TenTTHC",
        "MaLinhVuc",
        "TenLinhVuc",
        "MaDonViTiepNhan",
        "CoSoTiepNhan",
        "DonViXuLy",
        "LoaiDonViXuLy",
        "KenhThucHien",
        "MucDo",
        "NgayNopHoSo",
        "NgayTiepNhan",
        "NgayHenTra",
        "NgayHenTraTruoc",
        "NgayKetThucXuLy",
        "NgayTra",
        "NgayTuChoi",
        "TrangThaiHoSo",
        "NgayYeuCauBoSung",
        "NgayTiepNhanBoSung",
        "SoLanBoSung",
        "TongLePhi",
        "DuocThanhToanTrucTuyen",
        "SoThanhPhan",
        "SoThanhPhanSoHoa",
        "HoSoCoThanhPhanSoHoa",
        "DuocTaiSuDung",
        "CoKetQuaDienTu",
        "TaiKhoanDuocXacThucVoiVNeID",
        "PhiDiaGioi",
        "CoThuXinLoi",
        "HeThongNguon",
        "NgayCapNhat",
        "ChuHoSo",
        "SoDinhDanh",
        "SoDienThoai",
        "Email",
        "DiaChi",
        "TrichYeuHoSo",
        "GhiChu",
    ]
)


@dataclass(frozen=True)
class Cell:
    """A column: ``text`` per row when it ``moves``, else per dossier."""

    text: Text
    moves: bool = False


@dataclass(frozen=True)
class Source:
    """Everything that is known about one commune's dossiers."""

    commune: Commune
    province: str
    branch: str
    procedures: list[Procedure]
    arrivals: Arrivals
    course: Course
    details: Details
    numbers: Text


def flag(mask: Flags) -> Text:
    """1 or 0."""
    return choose(mask, "1", "0")


def procedure_names(source: Source) -> Text:
    """Each dossier's procedure name."""
    return texts([procedure.name for procedure in source.procedures]).take(source.arrivals.procedure)


def columns(
    source: Source, persons: Persons, rows: Rows, state: State, form: Format, spoiled: Flags
) -> dict[str, Cell]:
    """Every column of ``rows``. ``spoiled`` rows carry a reception date that does not exist."""
    return {**_still(source, persons, form), **_moving(source, rows, state, form, spoiled)}


def _still(source: Source, persons: Persons, form: Format) -> dict[str, Cell]:
    arrivals, details, procedures = source.arrivals, source.details, source.procedures
    size = len(arrivals.commune)

    def of_procedure(values: list[str]) -> Text:
        return texts(values).take(arrivals.procedure)

    suffix = f".000.00.00.{organisation(source.province)}" if form.suffixed else ""
    codes = of_procedure([procedure.code for procedure in procedures])
    unit = {"xa": f"UBND {source.commune.name}", "vpdk": source.branch}
    text = {
        "MaHoSo": source.numbers,
        "MaTTHC": choose(details.known_procedure, join([codes, suffix]), UNKNOWN_PROCEDURE),
        "TenTTHC": procedure_names(source),
        "MaLinhVuc": of_procedure([procedure.field_code for procedure in procedures]),
        "TenLinhVuc": of_procedure([procedure.field_name for procedure in procedures]),
        "MaDonViTiepNhan": repeat(source.commune.code, size),
        "CoSoTiepNhan": choose(details.second_site & (source.commune.kind == "phuong"), "Cơ sở 2", "Cơ sở 1"),
        "DonViXuLy": of_procedure([unit[procedure.route] for procedure in procedures]),
        "LoaiDonViXuLy": of_procedure([procedure.route for procedure in procedures]),
        "KenhThucHien": pick(("", "1", "2", "3"), details.channel),
        "MucDo": of_procedure([procedure.online_level for procedure in procedures]),
        "NgayNopHoSo": times(arrivals.submitted, form.time),
        "TongLePhi": integers(details.fee),
        "SoThanhPhan": integers(details.components),
        "SoThanhPhanSoHoa": integers(details.digitised),
        "HoSoCoThanhPhanSoHoa": flag(details.digitised > 0),
        "DuocTaiSuDung": flag(details.reused),
        "TaiKhoanDuocXacThucVoiVNeID": flag(details.verified),
        "PhiDiaGioi": flag(details.outside),
        "HeThongNguon": choose(arrivals.ministry, "bo", "tinh"),
        "ChuHoSo": persons.name,
        "SoDinhDanh": persons.document,
        "SoDienThoai": persons.phone,
        "Email": persons.mail,
        "DiaChi": persons.address,
        "TrichYeuHoSo": persons.abstract,
        "GhiChu": persons.remark,
    }
    return {name: Cell(column) for name, column in text.items()}


def _moving(source: Source, rows: Rows, state: State, form: Format, spoiled: Flags) -> dict[str, Cell]:
    arrivals, course, details = source.arrivals, source.course, source.details
    dossier, at = rows.dossier, rows.at
    size = len(arrivals.commune)

    def past(event: Times, seen: Times | None = None) -> Text:
        """A time, once the export may know it: the text after the last dossier's is empty."""
        known = (event if seen is None else seen)[dossier] <= at
        written = times(np.append(event, NEVER), form.time)
        return written.take(np.where(known, dossier, size))

    received = past(arrivals.received)
    late = state.status >= IN_PROCESS
    late &= (np.minimum(course.finished[dossier], at) > state.due) & details.apology[dossier]
    paid = np.where(course.payment_asked < NEVER, course.paid, arrivals.received)[dossier] <= at
    text = {
        "NgayTiepNhan": choose(spoiled, BAD_DATE, received) if spoiled.any() else received,
        "NgayHenTra": times(state.due, form.time),
        "NgayHenTraTruoc": times(state.previous_due, form.time),
        "NgayKetThucXuLy": _either(past(course.finished, course.finished_seen), past(course.withdrawn)),
        "NgayTra": past(course.returned, course.returned_seen),
        "NgayTuChoi": past(arrivals.refused),
        "TrangThaiHoSo": integers(state.status),
        "NgayYeuCauBoSung": past(course.supplement_asked),
        "NgayTiepNhanBoSung": past(course.supplement_back),
        "SoLanBoSung": integers(state.supplements),
        "DuocThanhToanTrucTuyen": integers(np.where(paid, details.payment[dossier], 0)),
        "CoKetQuaDienTu": flag((course.finished_seen[dossier] <= at) & details.e_result[dossier]),
        "CoThuXinLoi": flag(late | (state.reappointed & details.apology[dossier])),
        "NgayCapNhat": times(state.updated, form.time),
    }
    return {name: Cell(column, moves=True) for name, column in text.items()}


def _either(first: Text, second: Text) -> Text:
    """Whichever is not empty; never both."""
    return join([first, second])
