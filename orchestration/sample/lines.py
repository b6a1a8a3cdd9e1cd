"""Rows as lines of text: CSV lines and JSON objects, joined in bulk from columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from orchestration.sample.columns import Cell, Source
from orchestration.sample.formats import Format
from orchestration.sample.states import Rows, State
from orchestration.sample.text import Text, choose, integers, join, replace, texts, times
from orchestration.sample.worktime import NEVER

# Columns that may hold delimiters, quotes or line breaks.
FREE = frozenset(
    [
        "TenTTHC",
        "TenLinhVuc",
        "CoSoTiepNhan",
        "DonViXuLy",
        "ChuHoSo",
        "DiaChi",
        "TrichYeuHoSo",
        "GhiChu",
        "PhongBanXuLy",
        "NguoiXuLy",
        "NoiDungXuLy",
        "NoiDung",
        "NguoiPhanAnh",
        "MinhChung",
    ]
)
# Columns that are numbers in the exchange record, and flat columns that its nested lists stand for.
NUMBERS = frozenset(("KenhThucHien", "TrangThaiHoSo", "DuocThanhToanTrucTuyen", "CoKetQuaDienTu"))
NESTED = frozenset(
    [
        "TongLePhi",
        "SoThanhPhan",
        "SoThanhPhanSoHoa",
        "HoSoCoThanhPhanSoHoa",
        "DuocTaiSuDung",
        "NgayYeuCauBoSung",
        "NgayTiepNhanBoSung",
        "SoLanBoSung",
    ]
)
LINE_END = "\r\n"


def csv_lines(
    cells: dict[str, Cell], names: Sequence[str], delimiter: str, dossier: npt.NDArray[np.int64]
) -> Text:
    """A line per row, line end included. What stands still is joined once per dossier, not per row."""
    fields = [
        (quoted(cells[name].text) if name in FREE else cells[name].text, cells[name].moves) for name in names
    ]
    return _joined(fields, delimiter, LINE_END, dossier)


def quoted(values: Text) -> Text:
    """As a quoted CSV field."""
    return join(['"', replace(values, '"', '""'), '"'])


def _joined(
    fields: Sequence[tuple[Text, bool]], separator: str, end: str, dossier: npt.NDArray[np.int64]
) -> Text:
    parts: list[Text | str] = []
    still: list[Text] = []
    for text, moves in [*fields, (None, True)]:
        if not moves and text is not None:
            still.append(text)
            continue
        if still:
            parts.append(join(still, separator).take(dossier))
            still = []
        if text is not None:
            parts.append(text)
    separated: list[Text | str] = []
    for place, part in enumerate(parts):
        separated += [separator, part] if place else [part]
    return join([*separated, end])


def json_lines(
    source: Source, cells: dict[str, Cell], names: Sequence[str], rows: Rows, state: State, form: Format
) -> Text:
    """An exchange object per row, with nested lists in place of the flat columns that they stand for."""
    fields: list[tuple[Text, bool]] = []
    for name in names:
        if name in NESTED:
            continue
        cell = cells[name]
        if name in NUMBERS:
            value = choose(cell.text.is_empty(), "null", cell.text)
        else:
            value = join(['"', _escaped(cell.text) if name in FREE else cell.text, '"'])
        fields.append((join([f'"{name}":', value]), cell.moves))
    fields += [
        (_documents(source), False),
        (_fees(source), False),
        (_supplements(source, rows, state, form), True),
        (_results(source, rows), True),
    ]
    body = _joined(fields, ",", "", rows.dossier)
    return join(["{", body, "}"])


def _escaped(values: Text) -> Text:
    return replace(replace(replace(values, "\\", "\\\\"), '"', '\\"'), "\n", "\\n")


def _documents(source: Source) -> Text:
    """``TaiLieuNop`` with as many documents as components; those digitised and re-used say so."""
    details = source.details
    most = int(details.components.max(initial=1))
    options: list[str] = []
    for count in range(most + 1):
        for digitised in range(most + 1):
            for reused in (0, 1):
                entries = [
                    f'{{"TepDinhKemId":"{place + 1}","TenTepDinhKem":"giay-to-{place + 1}.pdf",'
                    f'"IsDeleted":"0","DuocSoHoa":{int(place < digitised)},'
                    f'"DuocTaiSuDung":{int(place == 0 and reused)},"DuocLayTuKhoDMQG":0}}'
                    for place in range(count)
                ]
                options.append(f'"TaiLieuNop":[{",".join(entries)}]')
    place = (details.components * (most + 1) + details.digitised) * 2 + details.reused
    return texts(options).take(place)


def _fees(source: Source) -> Text:
    fee = integers(source.details.fee)
    filled = join(
        ['"DanhSachLePhi":[{"TenPhiLePhi":"Lệ phí","HinhThucThu":1,"Gia":', fee, ',"LoaiPhiLePhi":1}]']
    )
    return choose(source.details.fee > 0, filled, '"DanhSachLePhi":[]')


def _supplements(source: Source, rows: Rows, state: State, form: Format) -> Text:
    course, dossier = source.course, rows.dossier
    asked = times(course.supplement_asked, form.time)
    back_at = course.supplement_back[dossier]
    back = times(np.where(back_at <= rows.at, back_at, NEVER), form.time)
    filled = join(
        [
            '"DanhSachHoSoBoSung":[{"HoSoBoSungId":"1","NoiDungBoSung":"Bổ sung giấy tờ","NgayBoSung":"',
            asked.take(dossier),
            '","NgayTiepNhanBoSung":"',
            back,
            '"}]',
        ]
    )
    return choose(state.supplements > 0, filled, '"DanhSachHoSoBoSung":[]')


def _results(source: Source, rows: Rows) -> Text:
    there = (source.course.finished_seen[rows.dossier] <= rows.at) & source.details.e_result[rows.dossier]
    filled = (
        '"DanhSachGiayToKetQua":[{"TenGiayTo":"Kết quả","GiayToId":"1","DuongDanTepTinKetQua":"kq/1.pdf"}]'
    )
    return choose(there, filled, '"DanhSachGiayToKetQua":[]')
