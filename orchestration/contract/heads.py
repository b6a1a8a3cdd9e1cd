"""Which column a head means. Pure: heads in, columns out; nothing is read and nothing guessed.

Heads are compared folded: without case, diacritics (composed or decomposed), spaces and punctuation. The
comparison is exact on what remains, so ``Ngày hẹn trả`` never stands for ``Ngày hẹn trả trước``, and
letters of another alphabet that merely look alike stay what they are: an unknown head.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# Of Đ, and of the letters of other languages that look like it and are typed for it.
_STROKES = str.maketrans("đĐðÐɖƉ", "dDdDdD")
# Between the name of a column and the number of a further head of it.
TWIN = "~"
_REMARK = re.compile(r"[(\[].*?[)\]]")


@dataclass(frozen=True)
class HeadMatch:
    """Heads matched to columns.

    ``columns`` has one entry per head: the exchange name, or None; a second head of a column is its twin,
    ``name~2``. ``duplicates`` are exchange names that two heads claim; ``unknown`` are the heads (as
    delivered) that mean nothing to the contract.
    """

    columns: tuple[str | None, ...]
    duplicates: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def found(self) -> frozenset[str]:
        """Exchange names that have a head."""
        return frozenset(name for name in self.columns if name is not None)


def strip_marks(text: str) -> str:
    """``text`` without diacritics: ``Đường`` becomes ``Duong``."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.translate(_STROKES)


@lru_cache(maxsize=4096)
def fold(head: str) -> str:
    """What is compared of a head: its letters and digits, lower case, without diacritics."""
    return "".join(letter for letter in strip_marks(head).casefold() if letter.isalnum())


def match_heads(
    heads: Sequence[str | None], aliases: Mapping[str, str], ignored: frozenset[str]
) -> HeadMatch:
    """Match ``heads`` against ``aliases`` (folded head to exchange name).

    A remark in brackets is dropped if the whole head matches nothing: ``Ngày nộp (dd/MM/yyyy)``. Heads in
    ``ignored`` (folded) and empty ones are neither matched nor unknown.
    """
    claimed = [column_of(head, aliases) for head in heads]
    named = Counter(name for name in claimed if name is not None)
    duplicates = tuple(sorted(name for name, count in named.items() if count > 1))
    columns = _with_twins(claimed) if duplicates else tuple(claimed)
    unknown = tuple(
        head
        for head, name in zip(heads, columns, strict=True)
        if name is None and head is not None and head.strip() and fold(head) not in ignored
    )
    return HeadMatch(columns, duplicates, unknown)


def _with_twins(names: Sequence[str | None]) -> tuple[str | None, ...]:
    met = Counter[str]()
    columns: list[str | None] = []
    for name in names:
        if name is not None:
            met[name] += 1
        columns.append(f"{name}{TWIN}{met[name]}" if name is not None and met[name] > 1 else name)
    return tuple(columns)


def column_of(head: str | None, aliases: Mapping[str, str]) -> str | None:
    """The exchange name that one head stands for, as ``match_heads`` finds it."""
    if not head:
        return None
    return aliases.get(fold(head)) or aliases.get(fold(_REMARK.sub("", head)))
