"""Kinds of nonsense that land. Each gives rows of exchange names for some files of one or two communes.

All draw from the given stream and nothing else, so that a seed tells everything. What a rule of the contract
turns back is welcome too: its row is quarantined, the rest lands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

Row = dict[str, str]

STATUSES = [str(code) for code in range(1, 11)]
STEPS = [
    "tiep_nhan",
    "tham_dinh",
    "vpdk",
    "thue",
    "nghia_vu_tai_chinh",
    "ky_duyet",
    "tra_ket_qua",
    "Bước 7/b",
]
EDGES = [
    "1900-01-01",
    "1900-02-28 23:59:59",
    "1969-12-31 23:59:59",
    "1999-12-31",
    "2009-12-31 16:59:59",
    "2010-01-01",
    "2024-02-29 12:00:00",
    "2025-10-15 00:00:00",
    "2025-10-15 23:59:59",
    "2040-12-31 17:00:00",
    "2041-01-01",
    "2099-12-31 23:59:59",
    "2199-12-31",
    "2300-01-01",
    "9999-12-31",
    "0001-01-01",
]
NUMBERS = [
    "-1",
    "0",
    "1",
    "00",
    "999999",
    "2147483647",
    "2147483648",
    "9223372036854775807",
    "1e9",
    "٣",
    "１２",
]
TEXTS = [
    "",
    " ",
    "'",
    '"',
    "%_\\",
    "a\nb",
    "x" * 490,
    "=1+1",
    "{{ ref('x') }}",
    "null",
    "Lĩnh vực 😀",
    "ﾛﾜｰ ｶﾅ",
    "e\u0301\u0302\u0303",
    "\u202eđảo ngược",
    "A\u00a0B",
    "\ufeffdầu",
]


@dataclass(frozen=True)
class Sheet:
    """Rows of one file: ``kind`` and ``unit`` of its name, ``day`` it shows, ``copies`` of its rows in it.

    ``form`` is how it is written; ``name`` an addition to its name; ``turn`` the pass it lands in.
    """

    kind: str
    unit: str
    day: date
    rows: tuple[Row, ...]
    form: str = "csv"
    copies: int = 1
    name: str = ""
    turn: int = 0


@dataclass
class Place:
    """Where an oddity happens: two communes of its own, and the days of the exports."""

    here: str
    there: str
    days: tuple[date, ...]
    random: Random
    taken: Iterator[int] = field(default_factory=lambda: iter(range(10**6)))

    def code(self, unit: str | None = None) -> str:
        """A new dossier number."""
        return f"H56.{unit or self.here}-251006-{next(self.taken):04d}"

    def moment(self) -> str:
        """Some moment around the days of the exports, or one at the edge of some calendar."""
        if self.random.random() < 0.25:
            return self.random.choice(EDGES)
        at = datetime(2025, 10, 15, 12) + timedelta(minutes=self.random.randrange(-90000, 20000))
        return f"{at:%Y-%m-%d %H:%M:%S}"

    def row(self, code: str | None = None, **cells: str) -> Row:
        """A plain dossier, received a week before, with ``cells`` put over it."""
        return {
            "MaHoSo": code or self.code(),
            "MaTTHC": "2.000815",
            "TrangThaiHoSo": "4",
            "KenhThucHien": "2",
            "NgayTiepNhan": "2025-10-06 08:30:00",
            "NgayHenTra": "2025-10-20 17:00:00",
            "NgayCapNhat": "2025-10-13 09:00:00",
            **cells,
        }

    def form(self) -> str:
        """A way to write a file."""
        return self.random.choice(("csv", "json", "xlsx"))


Oddity = Callable[[Place], list[Sheet]]


def _hoso(place: Place, rows: list[Row], **more: object) -> Sheet:
    return Sheet("hoso", place.here, place.days[-1], tuple(rows), **more)  # type: ignore[arg-type]


def dates_at_random(place: Place) -> list[Sheet]:
    """Every date anywhere, every state."""
    names = ["NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayHenTraTruoc", "NgayKetThucXuLy", "NgayTra"]
    names += ["NgayTuChoi", "NgayYeuCauBoSung", "NgayTiepNhanBoSung", "NgayCapNhat"]
    rows: list[Row] = []
    for _ in range(25):
        dates = {name: place.moment() for name in names if place.random.random() < 0.7}
        rows.append(place.row(TrangThaiHoSo=place.random.choice(STATUSES), **dates))
    return [_hoso(place, rows, form=place.form())]


def one_edge_everywhere(place: Place) -> list[Sheet]:
    """All dates of a dossier are the same edge of a calendar."""
    names = ("NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayCapNhat")
    rows = [
        place.row(TrangThaiHoSo=place.random.choice(STATUSES), **dict.fromkeys(names, edge)) for edge in EDGES
    ]
    return [_hoso(place, rows, form=place.form())]


def numbers_at_random(place: Place) -> list[Sheet]:
    """Counts and money that are negative, huge or written oddly."""
    names = ("TongLePhi", "SoLanBoSung", "SoThanhPhan", "SoThanhPhanSoHoa")
    rows = [
        place.row(TrangThaiHoSo="5", **{name: place.random.choice(NUMBERS) for name in names})
        for _ in range(12)
    ]
    return [_hoso(place, rows + [place.row() for _ in range(13)], form=place.form())]


def texts_at_random(place: Place) -> list[Sheet]:
    """Descriptive cells with odd letters, empty ones, long ones."""
    names = (
        "TenTTHC",
        "MaLinhVuc",
        "TenLinhVuc",
        "CoSoTiepNhan",
        "DonViXuLy",
        "LoaiDonViXuLy",
        "HeThongNguon",
    )
    rows = [
        place.row(**{name: place.random.choice(TEXTS) for name in names if place.random.random() < 0.6})
        for _ in range(12)
    ]
    return [_hoso(place, rows + [place.row() for _ in range(13)], form=place.form())]


def odd_numbers_of_dossiers(place: Place) -> list[Sheet]:
    """The same number in other letters, widths and compositions, and numbers that are hardly any."""
    code = place.code()
    same = [code, code.lower(), f" {code} ", code.replace("-", "–"), code.replace("0", "０"), code + "\u0301"]
    odd = ["0", "1/2", "A1", "(1) b", "х1", "1" * 60, "Đ-1"]
    return [_hoso(place, [place.row(each) for each in same + odd], form=place.form())]


def repeated_lines(place: Place) -> list[Sheet]:
    """Whole lines twice, and the same dossier in many states."""
    code = place.code()
    rows = [place.row(code, TrangThaiHoSo=status, NgayKetThucXuLy=place.moment()) for status in STATUSES]
    return [_hoso(place, rows + rows, form=place.form())]


def copied_sheet(place: Place) -> list[Sheet]:
    """A workbook with a copy of its sheet, or an archive with the same file twice."""
    rows = [place.row() for _ in range(3)]
    return [_hoso(place, rows, form=place.random.choice(("xlsx", "zip")), copies=place.random.randint(2, 4))]


def copied_sheets_of_other_kinds(place: Place) -> list[Sheet]:
    """The same, of steps, petitions and criteria."""
    sheets = [*steps_at_random(place), *petitions_at_random(place), *criteria_at_random(place)]
    return [
        Sheet(each.kind, each.unit, each.day, each.rows, form=place.random.choice(("xlsx", "zip")), copies=2)
        for each in sheets
        if each.kind != "hoso"
    ]


def one_dossier_in_two_communes(place: Place) -> list[Sheet]:
    """A dossier in both communes and in the file of the province, each in another state."""
    code = place.code()
    mine = [place.row(code, MaDonViTiepNhan=place.here, TrangThaiHoSo="9", NgayKetThucXuLy=place.moment())]
    yours = [place.row(code, MaDonViTiepNhan=place.there, TrangThaiHoSo="5")]
    both = [
        place.row(code, MaDonViTiepNhan=unit, NgayTiepNhan=place.moment())
        for unit in (place.here, place.there)
    ]
    day = place.days[-1]
    return [
        _hoso(place, mine),
        Sheet("hoso", place.there, day, tuple(yours)),
        Sheet("hoso", "38", day, tuple(both), name=f"_{place.here}"),
    ]


def to_and_fro(place: Place) -> list[Sheet]:
    """Finished, open, paused, refused from day to day, now in this commune, now in that, received anew."""
    codes = [place.code() for _ in range(6)]
    sheets: list[Sheet] = []
    for day in place.days:
        for unit in place.random.sample((place.here, place.there), place.random.randint(1, 2)):
            rows = [
                place.row(
                    code,
                    TrangThaiHoSo=place.random.choice(STATUSES),
                    NgayTiepNhan=place.moment(),
                    NgayHenTra=place.moment(),
                    NgayKetThucXuLy=place.random.choice(("", place.moment())),
                    NgayTuChoi=place.random.choice(("", "", place.moment())),
                    HeThongNguon=place.random.choice(("tinh", "bo", "")),
                )
                for code in codes
            ]
            sheets.append(Sheet("hoso", unit, day, tuple(rows), form=place.form()))
    return sheets


def hundreds_of_supplements(place: Place) -> list[Sheet]:
    """One dossier that is asked for papers and resumed again and again within a file and over the days."""
    code = place.code()
    sheets: list[Sheet] = []
    for day in place.days:
        rows: list[Row] = []
        for number in range(120):
            asked = datetime(2025, 10, 6, 9) + timedelta(hours=number)
            rows.append(
                place.row(
                    code,
                    TrangThaiHoSo=place.random.choice(("4", "5", "6")),
                    NgayYeuCauBoSung=f"{asked:%Y-%m-%d %H:%M:%S}",
                    NgayTiepNhanBoSung=f"{asked + timedelta(minutes=30):%Y-%m-%d %H:%M:%S}",
                    SoLanBoSung=str(number),
                )
            )
        sheets.append(Sheet("hoso", place.here, day, tuple(rows)))
    return sheets


def corrections(place: Place) -> list[Sheet]:
    """A file under the same name again with other rows, with nothing right in it, and with none."""
    first, second = [place.row() for _ in range(3)], [place.row() for _ in range(2)]
    broken = [place.row(NgayTiepNhan="hôm qua") for _ in range(3)]
    again = place.random.choice((second, broken, []))
    return [_hoso(place, first), _hoso(place, again, turn=1)]


def steps_at_random(place: Place) -> list[Sheet]:
    """Steps in cycles, out of order, at once, without end, of dossiers of others and of none."""
    mine = [place.row() for _ in range(3)]
    codes = [*(row["MaHoSo"] for row in mine), place.code(place.there), "1-KHONG-CO"]
    rows: list[Row] = []
    for code in codes:
        at = place.moment()
        for number in range(place.random.choice((1, 2, 7, 120))):
            at = at if place.random.random() < 0.5 else place.moment()
            rows.append(
                {
                    "MaHoSo": code,
                    "ThuTu": place.random.choice((str(number), str(-number), "1", "", "100000")),
                    "BuocXuLy": place.random.choice((*STEPS, "")),
                    "PhongBanXuLy": place.random.choice(
                        ("", "Chi nhánh VPĐK số 1", "Thuế cơ sở 3", *TEXTS[:4])
                    ),
                    "LoaiDonViXuLy": place.random.choice(("", "xa", "vpdk", "thue", "so", "khac")),
                    "NgayBatDau": place.random.choice((at, at, "")),
                    "NgayKetThucTheoQuyDinh": place.random.choice(("", place.moment())),
                    "ThoiDiemXuLy": place.random.choice(("", at, place.moment())),
                    "TrangThai": place.random.choice(("", "1", "4", "10", "Đang xử lý")),
                }
            )
    return [
        _hoso(place, mine),
        Sheet("tientrinh", place.here, place.days[0], tuple(rows), form=place.form()),
        Sheet("tientrinh", place.here, place.days[-1], tuple(rows[::-1]), form=place.form()),
    ]


def petitions_at_random(place: Place) -> list[Sheet]:
    """Petitions repeated, as both kinds, in two communes, handled before they came."""
    codes = [f"PA-{place.here}-{number}" for number in range(4)]
    rows = [
        {
            "MaPhanAnh": place.random.choice(codes),
            "Loai": place.random.choice(("kien_nghi", "danh_gia")),
            "MaHoSo": place.random.choice(("", place.code(), "0")),
            "NgayTiepNhan": place.moment(),
            "HanXuLy": place.random.choice(("", place.moment())),
            "NgayXuLy": place.random.choice(("", place.moment())),
            "PhanLoai": place.random.choice(("", "quy_dinh", "hanh_vi")),
            "MucDoHaiLong": place.random.choice(("", "1", "5", "3", "9")),
            "KenhTiepNhan": place.random.choice(("", "qr", "tai_quay")),
        }
        for _ in range(30)
    ]
    day = place.days[-1]
    return [Sheet("phananh", unit, day, tuple(rows), form=place.form()) for unit in (place.here, place.there)]


def criteria_at_random(place: Place) -> list[Sheet]:
    """Criteria twice with other answers, of months long ago and to come."""
    months = ("2025-09", "2025-10", "1900-01", "2024-02", "2099-12", "2025-11")
    rows = [
        {
            "KyBaoCao": place.random.choice(months),
            "MaTieuChi": str(place.random.randint(0, 17)),
            "KetQua": place.random.choice(("xanh", "vang", "do")),
        }
        for _ in range(60)
    ]
    return [Sheet("tieuchi", place.here, day, tuple(rows), form=place.form()) for day in place.days[-2:]]


def land_dossiers(place: Place) -> list[Sheet]:
    """Land procedures with branches, payments and steps whose times run backwards."""
    rows = [
        place.row(
            MaTTHC=place.random.choice(("1.012781", "1.013978", "1.004221", "1.013823")),
            TrangThaiHoSo=place.random.choice(STATUSES),
            LoaiDonViXuLy=place.random.choice(("vpdk", "thue", "xa", "")),
            DonViXuLy=place.random.choice(("Chi nhánh VPĐK số 1", "CN số 1", "", "Không rõ")),
            NgayTiepNhan=place.moment(),
            NgayHenTra=place.moment(),
        )
        for _ in range(20)
    ]
    steps = [
        {
            "MaHoSo": place.random.choice(rows)["MaHoSo"],
            "BuocXuLy": place.random.choice(STEPS),
            "NgayBatDau": place.moment(),
            "ThoiDiemXuLy": place.random.choice(("", place.moment())),
        }
        for _ in range(60)
    ]
    day = place.days[-1]
    return [_hoso(place, rows, form=place.form()), Sheet("tientrinh", place.here, day, tuple(steps))]


ODDITIES: tuple[Oddity, ...] = (
    dates_at_random,
    one_edge_everywhere,
    numbers_at_random,
    texts_at_random,
    odd_numbers_of_dossiers,
    repeated_lines,
    copied_sheet,
    copied_sheets_of_other_kinds,
    one_dossier_in_two_communes,
    to_and_fro,
    hundreds_of_supplements,
    corrections,
    steps_at_random,
    petitions_at_random,
    criteria_at_random,
    land_dossiers,
)
