"""Text that may leave for a terminal, a log or a spreadsheet: without signs that steer it, without formulas.

What a cell of a delivery says is cleaned at landing already; this is the last look at what goes out.
"""

from __future__ import annotations

import re

# Control characters (but blank, tab and line feed) and signs that turn the direction of writing.
CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL = re.compile(f"[{CONTROLS}]")
# What a spreadsheet takes for a formula, whatever blanks stand before it; a number may have a sign.
_FORMULA = re.compile(r"\s*[=+@|%-]|[\t\r]")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")


def without_controls(text: str) -> str:
    """``text`` without what steers a terminal or turns the direction of writing."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def defused(text: str) -> str:
    """``text`` as a spreadsheet shows it, never calculates it."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
