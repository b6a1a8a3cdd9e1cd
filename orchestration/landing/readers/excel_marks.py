"""What Excel leaves in cells that is no value: marks that make a text of a number, words of cells in error.

Pure text; where a reader looks for them is its own business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What a cell shows whose formula cannot be calculated, in every language that Excel speaks here.
ERROR_WORDS = frozenset(
    f"#{word}"
    for word in (
        *("REF!", "N/A", "VALUE!", "NAME?", "DIV/0!", "NUM!", "NULL!", "SPILL!", "CALC!", "FIELD!"),
        *("BLOCKED!", "CONNECT!", "BUSY!", "UNKNOWN!", "PYTHON!", "GETTING_DATA"),
    )
)
# Our own word, written by the child that opens spreadsheets: no program ever calculated the formula.
UNCALCULATED = "#FORMULA!"
_WORDS = frozenset({*ERROR_WORDS, UNCALCULATED})
_ANY_WORD = re.compile(b"|".join(re.escape(word.encode()) for word in sorted(_WORDS)))
_FORMULA_TEXT = re.compile(r'="(.*)"', re.DOTALL)
# An apostrophe at the beginning of a cell, in the bytes of a delimited text.
_APOSTROPHE = re.compile(rb"(?:^|[,;\t|\n\r\"])'")


def has_error_words(text: bytes) -> bool:
    """Whether some cell of ``text`` (UTF-8) may hold an error instead of a value."""
    return b"#" in text and _ANY_WORD.search(text) is not None


def has_text_marks(text: bytes) -> bool:
    """Whether some cell of a delimited ``text`` may begin with a mark: ``="0123"``, ``'0123``."""
    return (b'="' in text) or (b"'" in text and _APOSTROPHE.search(text) is not None)


def without_marks(cells: Sequence[str | None]) -> list[str | None]:
    """``cells`` as Excel would show them."""
    return [_bare(cell) if cell and cell[0] in "='" else cell for cell in cells]


def _bare(cell: str) -> str:
    formula = _FORMULA_TEXT.fullmatch(cell.strip())
    if formula:
        return formula[1].replace('""', '"')
    return cell[1:].removesuffix("'") if cell[0] == "'" else cell


def fault_of(cell: str) -> str | None:
    """The rule that a cell breaks if it holds no value, but why there is none."""
    if cell == UNCALCULATED:
        return "uncalculated"
    return "error_cell" if cell in ERROR_WORDS else None


def column_letters(place: int) -> str:
    """What Excel calls the column at ``place`` (from 0): A, B, ... AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
