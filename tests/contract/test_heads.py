"""Head matching: the same head however it is written, and never another one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contract import fold, load_contract, match_heads, strip_marks

HOSO = load_contract().kinds["hoso"]
IGNORED = load_contract().ignored_heads
KNOWN = st.sampled_from([(head, column.name) for column in HOSO.columns for head in column.heads])


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("MaHoSo", "MaHoSo"),
        ("MAHOSO", "MaHoSo"),
        ("ma_ho_so", "MaHoSo"),
        ("Mã hồ sơ", "MaHoSo"),
        ("Ma ho so (*)", "MaHoSo"),
        ("\ufeffMã  hồ\nsơ:", "MaHoSo"),
        ("Ｍã hồ sơ", "MaHoSo"),
        ("Ngày hẹn trả", "NgayHenTra"),
        ("Ngày hẹn trả trước", "NgayHenTraTruoc"),
        ("Ngày tiếp nhận (dd/MM/yyyy)", "NgayTiepNhan"),
        ("ĐƠN VỊ XỬ LÝ", "DonViXuLy"),
        ("Mã hồ sơ 2", None),
        ("Mã hồ", None),
        ("M\u0430HoSo", None),
        ("", None),
        (None, None),
    ],
)
def test_a_head_means_its_column_or_nothing(head: str | None, column: str | None) -> None:
    assert match_heads([head], HOSO.aliases, IGNORED).columns == (column,)


@given(
    KNOWN, st.sampled_from(["NFC", "NFD"]), st.sampled_from([str.upper, str.lower, str.title, str]), st.data()
)
def test_case_form_and_punctuation_change_nothing(
    known: tuple[str, str], form: Literal["NFC", "NFD"], case: Callable[[str], str], data: st.DataObject
) -> None:
    head, column = known
    blanks = data.draw(st.text(" _-.*\t\u00a0\u200b", max_size=3))
    written = unicodedata.normalize(form, blanks + case(head) + blanks)
    assert match_heads([written], HOSO.aliases, IGNORED).columns == (column,)


@given(KNOWN)
def test_diacritics_may_be_missing(known: tuple[str, str]) -> None:
    head, column = known
    assert match_heads([strip_marks(head)], HOSO.aliases, IGNORED).columns == (column,)


@given(KNOWN, KNOWN)
def test_two_heads_for_one_column_are_duplicates(one: tuple[str, str], other: tuple[str, str]) -> None:
    match = match_heads([one[0], other[0]], HOSO.aliases, IGNORED)
    assert match.duplicates == ((one[1],) if one[1] == other[1] else ())


@given(st.text())
def test_folding_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_what_is_not_known_is_told_unless_it_is_expected() -> None:
    match = match_heads(["STT", "Cột lạ", " ", None, "MaHoSo"], HOSO.aliases, IGNORED)
    assert match.unknown == ("Cột lạ",)
    assert match.found == {"MaHoSo"}
