"""What the name of a delivered file says, and under which name it is kept. Pure: touches no file.

A name may be faulty and still tell whose file it is; what does parse is kept, so that the sender is told.
The free part of a name may hold anything, a person's number included, and must not be kept as it is.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from pathlib import Path

from orchestration.contract import Contract, fold
from orchestration.landing.files import Claims, DeliveryName, FileError
from orchestration.landing.persons import names_person

UNKNOWN_KIND = "khac"
_UNIT = re.compile(r"\d{5}|\d{2}", re.ASCII)
_EXTENSIONS = re.compile(r"(\.[A-Za-z0-9]{1,5}){0,2}")
_WORD = re.compile(r"[A-Za-z0-9-]{1,12}")
_PLAIN_LENGTH = 32
# As many digits as the shortest number that identifies a person.
_NUMBER_DIGITS = 9
# Shorter family names begin too many other words ("sa" in "sang").
_NAME_LENGTH = 4
# Six digits tell the files of a day apart, and are too few to find out the number that was hidden.
_TOKEN_DIGITS = 6


def parse_name(
    name: str, contract: Contract, province: str, communes: frozenset[str], day: date
) -> DeliveryName:
    """What the base name of a delivered file says.

    Raises:
        FileError: the name breaks the rule, or names another day, an unknown kind, format or unit.
    """
    stem, format_, wrapper = _split(name, contract)
    match = re.fullmatch(contract.file_name.pattern, stem)
    if match is None:
        raise FileError("bad_name")
    kind, unit = match["kind"].lower(), match["unit"]
    if kind not in contract.kinds:
        raise FileError("unknown_kind")
    if format_ is None and wrapper != "zip":
        raise FileError("unknown_format")
    if unit != province and unit not in communes:
        raise FileError("foreign_unit", province=province)
    if match["day"] != f"{day:%Y%m%d}":
        raise FileError("day_mismatch")
    return DeliveryName(kind, unit, format_, wrapper)


def claims_of(name: str, contract: Contract, communes: frozenset[str]) -> Claims:
    """As much of the base name as can be understood, whatever is wrong with the rest."""
    words = [*_split(name, contract)[0].split("_"), ""]
    kind = words[0].lower()
    unit = words[1] if _UNIT.fullmatch(words[1]) else None
    return Claims(kind if kind in contract.kinds else UNKNOWN_KIND, unit, unit if unit in communes else None)


def stored_name(path: Path, contract: Contract) -> str:
    """``path`` (below the day folder) as it may be kept: free parts only if short and technical.

    The same path always gives the same name, and other paths give other names.
    """
    *folders, base = path.parts or (".",)
    kept = [folder if _is_plain(folder, contract) else _token(folder) for folder in folders]
    return "/".join([*kept, _stored_base(base, contract)])


def _stored_base(name: str, contract: Contract) -> str:
    if name == ".":
        return name
    stem = _split(name, contract)[0]
    extension = name[len(stem) :]
    if not _EXTENSIONS.fullmatch(extension):
        return _token(name)
    match = re.fullmatch(contract.file_name.pattern, stem)
    if match is None or not (match["kind"].lower() in contract.kinds or _is_plain(match["kind"], contract)):
        return name if _is_plain(stem, contract) else _token(name) + extension
    suffix = match["suffix"] or ""
    if _is_plain(suffix.removeprefix("_"), contract):
        return name
    return f"{stem[: len(stem) - len(suffix)]}_{_token(suffix)}{extension}"


def _is_plain(text: str, contract: Contract) -> bool:
    """Whether ``text`` is short technical words, such as ``bo`` or ``lan2``: no number, no person's name."""
    if not text:
        return True
    words = text.split("_")
    digits = sum(letter.isdigit() for letter in text)
    short = len(text) <= _PLAIN_LENGTH and all(_WORD.fullmatch(word) for word in words)
    names = contract.personal_shapes.names
    families = {fold(name) for name in (*names.families, *names.families_also_words)}
    sure = [name for name in map(fold, names.families) if len(name) >= _NAME_LENGTH]
    pieces = [fold(piece) for word in words for piece in word.split("-")]
    named = (
        any(piece in families or any(map(piece.startswith, sure)) for piece in pieces)
        or any(map(names_person, pieces))
        or names_person(text.replace("_", " "))
    )
    return short and digits < _NUMBER_DIGITS and not named


def _token(text: str) -> str:
    return "…" + hashlib.sha256(os.fsencode(text)).hexdigest()[:_TOKEN_DIGITS]


def _split(name: str, contract: Contract) -> tuple[str, str | None, str | None]:
    """Stem, format and wrapper of a base name."""
    rest, wrapper = name, None
    stem, dot, extension = rest.rpartition(".")
    if dot and extension.lower() in contract.file_name.wrappers:
        rest, wrapper = stem, extension.lower()
        stem, dot, extension = rest.rpartition(".")
    if dot and extension.lower() in contract.file_name.formats:
        return stem, extension.lower(), wrapper
    if wrapper:
        return rest, None, wrapper
    return (stem if dot else rest), None, None
