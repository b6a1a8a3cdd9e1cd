"""A person's name is found however it is written and wherever it stands; units and places keep theirs."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.contract import load_contract, strip_marks
from orchestration.landing.persons import names_person
from orchestration.settings import SEEDS

NAMES = load_contract().personal_shapes.names
WRITINGS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "capitals": str.upper,
    "marks apart": lambda text: unicodedata.normalize("NFD", text),
    "no marks": strip_marks,
    "capitals without marks": lambda text: strip_marks(text).upper(),
    "eth": lambda text: text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
    "no-break blanks": lambda text: text.replace(" ", "\u00a0"),
    "zero width": lambda text: text.replace(" ", " \u200b"),
    "full width": lambda text: "".join(
        chr(ord(letter) + 0xFEE0) if "!" < letter <= "~" else letter for letter in text
    ),
}
PERSONS = (
    "Lê Văn Thử",
    "Đặng Văn Thử",
    "Đỗ Thị Nghiệm",
    "Lò Thị Thử Nghiệm",
    "Nguyễn Thị Ẩn Danh",
    "Trần Thị B",
    "Phạm Minh Thử",
    "Vi Văn Nghiệm",
)
AROUND = (
    "{}",
    "{} - Công chức Địa chính",
    "{} (Chuyên viên)",
    "CC. {}",
    "Phòng Kinh tế - {}",
    "Chuyển cho đ/c {} thẩm định",
    "UBND xã, bà {} nhận",
    "Bước 2: {} ký",
    "Tiếp nhận và trả kết quả {}",
    "Phó Chủ tịch UBND {}, ký duyệt",
    "Hồ sơ của {} năm 2025",
    "1. {}",
    "{}/UBND xã Trần Phú",
)


@pytest.mark.parametrize("writing", WRITINGS)
@pytest.mark.parametrize("around", AROUND)
def test_a_name_is_found_in_any_writing_and_anywhere(around: str, writing: str) -> None:
    missed = [
        text
        for name in PERSONS
        for text in [WRITINGS[writing](around.format(name))]
        if not names_person(text)
    ]
    assert not missed


@pytest.mark.parametrize(
    "text",
    [
        "lê văn thử",
        "le van thu",
        "lo thi thu nghiem",
        "pham minh tuan",
        "phạm minh tuấn",
        "phòng tư pháp nguyễn thị nghiệm",
        "Công chức Lê Thử",
        "công chức lê thử",
        "Lê Thử - Công chức",
        "Mr. Le Thu",
        "ông Lò Kín",
        "Hộ tịch của cháu Kín Đáo",
        "Chuyển đ/c Thử ký",
        "Giàng A Kín Đáo",
        "GIÀNG A KÍN ĐÁO",
        "Kiều Thị Lan",
        "Lê V. Thử",
        "Hoàng Nam Thử",
        "Chuyển Hoàng Nam Thử xem",
        "HOÀNG NAM THỬ",
        "Hoang Nam Thu",
        "HOANG NAM THU/UBND xa Tran Phu",
        "NguyenVanAn",
        "levanthu",
        "le.van.thu",
        "Lê_Văn_Thử",
        "Nguyễn\nVăn An",
    ],
)
def test_other_ways_to_name_somebody(text: str) -> None:
    assert names_person(text)


def official_names() -> Iterator[str]:
    """What the seeds call communes, branches, procedures, fields, stages and whatever else has a name."""
    for seed in sorted(SEEDS.glob("*.csv")):
        with seed.open(encoding="utf-8", newline="") as source:
            for row in csv.DictReader(source):
                yield from (cell for head, cell in row.items() if head.endswith(("_name", "_text")) and cell)


def test_no_name_of_the_seeds_is_a_persons() -> None:
    """Also not in capitals, small letters or without diacritics, bare or behind a word for a unit."""
    names = sorted(set(official_names()))
    assert len(names) > 3000
    communes = [name for name in names if name.startswith(("Xã ", "Phường "))]
    bare = [name.partition(" ")[2] for name in communes]
    texts = [*names, *bare, *(f"UBND {name}" for name in communes)]
    texts += [f"Chi nhánh VPĐKĐĐ {name}" for name in bare] + [f"Trung tâm PVHCC {name}" for name in bare[::7]]
    forms = (str, str.upper, str.lower, strip_marks, lambda text: strip_marks(text).lower())
    assert [text for text in texts for form in forms if names_person(form(text))] == []


@pytest.mark.parametrize(
    "text",
    [
        "UBND phường Lê Lợi",
        "UBND xã Nguyễn Việt Khái",
        "Đường Nguyễn Thị Minh Khai",
        "Trường THPT Lê Hồng Phong",
        "Chi nhánh VPĐKĐĐ Lê Chân",
        "Bảo tàng Hồ Chí Minh",
        "Tặng Huân chương Hồ Chí Minh",
        "Phòng Văn hóa - Xã hội",
        "Phòng Quản lý Đô thị",
        "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ",
        "Phong Quan ly do thi va moi truong",
        "Cấp phiếu lý lịch tư pháp số 1",
        "Hỗ trợ chi phí mai táng",
        "Trình ký văn bản",
        "trinh ky van ban",
        "Đoàn Thanh niên Cộng sản Hồ Chí Minh",
        "Đào tạo nghề cho lao động nông thôn",
        "Bộ phận Tiếp nhận và Trả kết quả",
        "Nuôi con nuôi cho trẻ em Việt Nam, do ông bà nhận nuôi",
        "Hội Chữ thập đỏ",
        "Thi hành án dân sự",
        "Cao Bằng",
        "Hà Trung Thanh Hóa",
        "Đoàn văn nghệ quần chúng",
        "H56.14797",
        "Vi phạm hành chính đất",
        "Bà Rịa - Vũng Tàu",
        "tham_dinh",
        "",
    ],
)
def test_units_places_and_steps_keep_their_names(text: str) -> None:
    assert not names_person(text)


@settings(deadline=None)
@given(
    st.sampled_from((*NAMES.families, *NAMES.families_also_words)),
    st.sampled_from(NAMES.middles_surest),
    st.sampled_from(("Thử", "Nghiệm", "Kín", "Ẩn", "Vắng")),
    st.sampled_from(tuple(WRITINGS)),
)
@example("Văn", "Thị", "Kín", "capitals")
def test_every_family_is_known(family: str, middle: str, given_name: str, writing: str) -> None:
    assert names_person(WRITINGS[writing](f"{family} {middle} {given_name}"))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_asked_about(text: str) -> None:
    assert names_person(text) in (True, False)
