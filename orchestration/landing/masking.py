"""How a rejected value is shown: its shape, not its content. One rule, in Python and in SQL.

Letters become ``x`` and ``X``, digits ``9``; punctuation stays. Only what is unmistakably a date of these
years or a number of up to four digits is shown as it is, since nothing personal has that shape: a day of
birth of an adult is an earlier date.
"""

from __future__ import annotations

import re
import unicodedata

from orchestration.landing.persons import names_person

MASK_LENGTH = 40
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")
_HEAD_WORDS = 4
_NUMBER_DIGITS = 9
_DIGIT_RUN = re.compile(r"\d(?:[ .-]?\d){4,}")
# RE2 and Python read these alike.
PLAIN = (
    r"\d{1,4}"
    r"|20[1-9]\d-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?"
    r"|\d{1,2}/\d{1,2}/20[1-9]\d( \d{1,2}:\d{2}(:\d{2})?)?"
)


def mask_sql(value: str) -> str:
    """SQL that masks the text expression ``value``."""
    one_line = f"trim(regexp_replace(nfc_normalize({value}), '[\\s\\x00-\\x1f\\x7f]+', ' ', 'g'))"
    text = f"left({one_line}, {MASK_LENGTH})"
    masked = text
    for pattern, sign in (
        (r"\p{M}", ""),
        (r"\p{N}", "9"),
        (r"\p{Lu}|\p{Lt}", "X"),
        (r"\p{Ll}|\p{Lm}|\p{Lo}", "x"),
    ):
        masked = f"regexp_replace({masked}, '{pattern}', '{sign}', 'g')"
    return f"CASE WHEN regexp_full_match({text}, '{PLAIN}') THEN {text} ELSE {masked} END"


def mask(value: str) -> str:
    """``value`` masked; the same as ``mask_sql`` gives."""
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", value)).strip(" ")[:MASK_LENGTH]
    if re.fullmatch(PLAIN, text, re.ASCII):
        return text
    return _masked(text)


def mask_head(head: str, length: int) -> str:
    """An unknown head as it may be noted: one line, cut, without a name, an address or many digits."""
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", head)).strip()[:length]
    # A head is a word or a few; a sentence, or a number that identifies somebody, is content.
    digits = sum(letter.isdigit() for letter in text)
    if "@" in text or digits >= _NUMBER_DIGITS or len(text.split()) > _HEAD_WORDS or names_person(head):
        return _masked(text)
    return _DIGIT_RUN.sub(lambda run: re.sub(r"\d", "9", run.group()), text)


def _masked(text: str) -> str:
    return "".join(_mask_letter(letter) for letter in text)


def _mask_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category.startswith("M"):
        return ""
    if category.startswith("N"):
        return "9"
    if category in ("Lu", "Lt"):
        return "X"
    return "x" if category.startswith("L") else letter
