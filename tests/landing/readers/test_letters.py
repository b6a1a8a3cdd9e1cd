"""Vietnamese in other writings is turned back where that is sure; what is lost is never taken for text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.landing.files import GARBLED
from orchestration.landing.readers import letters
from orchestration.landing.readers.csv_scan import has_odd_signs
from orchestration.landing.readers.letters import is_suspect, meant_heads, turned_back
from tests.landing.conftest import Desk
from tests.landing.tables import VIETNAMESE, csv_text, dossier_row, json_bytes, records, xlsx_bytes

SENTENCES = (
    "Chứng thực bản sao từ bản chính giấy tờ",
    "Đăng ký khai sinh có yếu tố nước ngoài",
    "Ủy ban nhân dân xã",
    "Cấp đổi giấy chứng nhận quyền sử dụng đất",
    "Thẩm định hồ sơ, xác minh thực địa",
    "Hỗ trợ chi phí mai táng cho đối tượng bảo trợ xã hội",
    "Phòng Văn hóa - Xã hội",
)


def tcvn3(text: str) -> bytes:
    """As the old font writes it; it has no capitals with tones."""
    table = {letter: byte for byte, letter in letters._TCVN3.items()}  # pyright: ignore[reportPrivateUsage]
    return bytes(table.get(letter) or table.get(letter.lower()) or ord(letter) for letter in text)


def vni(text: str) -> bytes:
    table = {letter: signs for signs, letter in letters._VNI.items()}  # pyright: ignore[reportPrivateUsage]
    return "".join(table.get(letter, letter) for letter in text).encode("latin-1")


def cp1252_or_byte(text: str) -> str:
    """UTF-8 read as Windows-1252, with the five bytes that it does not know as they are."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode("utf-8"))


def cp1258(text: str) -> bytes:
    decomposed = unicodedata.normalize("NFD", text)
    for base in ("â", "ă", "ê", "ô", "ơ", "ư"):
        for form in (base, base.upper()):
            decomposed = decomposed.replace(unicodedata.normalize("NFD", form), form)
    return "".join(_with_mark(letter) for letter in _clusters(decomposed)).encode("cp1258")


def _clusters(text: str) -> list[str]:
    clusters: list[str] = []
    for letter in text:
        if unicodedata.combining(letter) and clusters:
            clusters[-1] += letter
        else:
            clusters.append(letter)
    return clusters


def _with_mark(cluster: str) -> str:
    """Tones last, behind a composed vowel, as the code page wants them."""
    tones = [mark for mark in cluster if mark in "\u0300\u0301\u0303\u0309\u0323"]
    rest = unicodedata.normalize("NFC", "".join(letter for letter in cluster if letter not in tones))
    return rest + "".join(tones)


AS_TEXT: dict[str, Callable[[str], str]] = {
    "TCVN3": lambda text: tcvn3(text).decode("cp1252"),
    "VNI": lambda text: vni(text).decode("cp1252"),
    "UTF-8 read as 1252": cp1252_or_byte,
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "read wrongly twice": lambda text: cp1252_or_byte(cp1252_or_byte(text)),
    "eth": lambda text: text.replace("Đ", "\u00d0").replace("đ", "\u00f0"),
}


@pytest.mark.parametrize("writing", AS_TEXT)
def test_a_column_is_turned_back_from_any_writing(writing: str) -> None:
    cells = [AS_TEXT[writing](text) for text in SENTENCES]
    same = str.lower if writing == "TCVN3" else str
    assert [same(cell or "") for cell in turned_back(cells)] == [same(text) for text in SENTENCES]


@pytest.mark.parametrize("writing", AS_TEXT)
def test_heads_are_known_in_any_writing(writing: str) -> None:
    from orchestration.contract import column_of, load_contract

    aliases = load_contract().kinds["hoso"].aliases
    meant = meant_heads([AS_TEXT[writing](head) for head in VIETNAMESE], aliases)
    assert [column_of(head, aliases) for head in meant] == [column_of(head, aliases) for head in VIETNAMESE]


@settings(deadline=None)
@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4), st.sampled_from(tuple(AS_TEXT)))
def test_what_is_turned_back_is_seen_by_the_quick_look(texts: list[str], writing: str) -> None:
    cells = [AS_TEXT[writing](text) for text in texts]
    if turned_back(cells) != cells:
        assert has_odd_signs("\n".join(cells).encode())


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=5))
def test_a_column_keeps_its_length_and_its_empty_cells(cells: list[str | None]) -> None:
    turned = turned_back(cells)
    assert [cell is None for cell in turned] == [cell is None for cell in cells]


@pytest.mark.parametrize("text", ["H? t?ch", "?y ban nh?n d?n x?", "Ch?ng th?c", "Th\ufffdm định"])
def test_lost_letters_are_no_text(text: str) -> None:
    assert is_suspect(text)
    assert turned_back([text, "Chứng thực"]) == [GARBLED, "Chứng thực"]


@pytest.mark.parametrize("text", ["Müller GmbH", "Café", "Trần Phú §", "Cái gì?", "Có hay không? Có", "30°"])
def test_foreign_words_and_questions_stay(text: str) -> None:
    assert turned_back([text, "Chứng thực"]) == [text, "Chứng thực"]


ROWS = [dossier_row(number, TenTTHC=text) for number, text in enumerate(SENTENCES, start=1)]


def spelled(convert: Callable[[str], bytes]) -> bytes:
    return b"".join(
        line.encode("latin-1") if line.isascii() else convert(line)
        for line in csv_text([[*row[:6], "", ""] for row in ROWS], VIETNAMESE).splitlines(keepends=True)
    )


@pytest.mark.parametrize("convert", [tcvn3, vni, cp1258, lambda text: cp1252_or_byte(text).encode()])
def test_a_file_in_another_writing_lands_as_it_was_meant(desk: Desk, convert: Callable[[str], bytes]) -> None:
    desk.drop(spelled(convert))
    assert desk.land_one().reason is None
    assert [str(row["procedure_name"]).lower() for row in desk.rows()] == [text.lower() for text in SENTENCES]


@pytest.mark.parametrize("extension", ["xlsx", "json"])
def test_cells_in_another_writing_land_as_they_were_meant(desk: Desk, extension: str) -> None:
    rows = [[*row[:5], AS_TEXT["VNI"](row[5]), "", ""] for row in ROWS]
    from tests.landing.tables import HEADS

    desk.drop(xlsx_bytes([HEADS, *rows]) if extension == "xlsx" else json_bytes(records(rows)), extension)
    assert desk.land_one().reason is None
    assert [row["procedure_name"] for row in desk.rows()] == list(SENTENCES)


def test_a_file_of_lost_letters_is_refused_and_a_lost_cell_is_left_out(desk: Desk) -> None:
    lost = csv_text([dossier_row(number, TenTTHC="Ch?ng th?c b?n sao") for number in (1, 2, 3)])
    desk.drop(lost.encode("ascii", "replace"))
    assert desk.land_one().rule == "bad_encoding"
    rows = [*ROWS, dossier_row(20, TenTTHC="Ch?ng th?c")]
    desk.drop(csv_text(rows).encode(), unit="14812")
    assert desk.land_one().status == "accepted"
    (row,) = [row for row in desk.rows() if row["emptied"]]
    assert (row["procedure_name"], row["emptied"]) == (None, "TenTTHC")
