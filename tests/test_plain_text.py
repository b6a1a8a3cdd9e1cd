"""What leaves for terminals and spreadsheets steers none of them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.plain_text import defused, without_controls

TURNING = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@given(st.text())
def test_no_control_and_no_turning_sign_is_left(text: str) -> None:
    left = without_controls(text)
    assert not [sign for sign in left if unicodedata.category(sign) == "Cc" and sign not in "\t\n"]
    assert not set(left) & set(TURNING)
    assert [sign for sign in text if sign in left] == list(left)


@given(st.text(st.sampled_from("=+-@|%\t\r 'a1,.đ"), max_size=6))
def test_what_a_spreadsheet_could_calculate_is_text(text: str) -> None:
    shown = defused(text)
    assert shown in (text, f"'{text}")
    begins = shown.lstrip()[:1]
    if begins in set("=@|%"):
        raise AssertionError(shown)
    if begins in set("+-"):
        assert not set(shown) & set("=@|%đa' \t\r")


@pytest.mark.parametrize("text", ["-3", "+84", "-1.234,5", "12%", "Thọ Phú", "a=b", ""])
def test_numbers_and_words_stay_what_they_are(text: str) -> None:
    assert defused(text) == text
