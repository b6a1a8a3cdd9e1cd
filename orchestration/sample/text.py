"""Text in bulk: joining, choosing and formatting columns of strings with Arrow and NumPy.

Nothing here knows about dossiers. Row-by-row Python would take minutes for what these do in seconds. This
is also the one place of the package that speaks to Arrow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.worktime import DAY, HOUR, NEVER, Flags, Times

Places = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Text:
    """A column of strings, none missing."""

    array: Any

    def __len__(self) -> int:
        return len(self.array)

    def take(self, places: Places) -> Text:
        """The strings at ``places``, copied."""
        return Text(pc.call_function("take", [self.array, pa.array(places)]))

    def slice(self, begin: int, end: int) -> Text:
        """The strings from ``begin`` to before ``end``, not copied."""
        return Text(self.array.slice(begin, end - begin))

    def to_list(self) -> list[str]:
        """Python strings."""
        return self.array.to_pylist()

    def is_empty(self) -> Flags:
        """Where the string is empty."""
        return np.diff(self._offsets()) == 0

    def _offsets(self) -> npt.NDArray[np.int32]:
        offsets = np.frombuffer(self.array.buffers()[1], dtype=np.int32)
        return offsets[self.array.offset : self.array.offset + len(self.array) + 1]

    def pieces(self, starts: Sequence[int]) -> list[bytes]:
        """The bytes of consecutive strings, cut before each of ``starts`` (which begins with 0)."""
        offsets = self._offsets()
        data = memoryview(self.array.buffers()[2] or b"")
        return [bytes(data[offsets[begin] : offsets[end]]) for begin, end in pairwise([*starts, len(self)])]


class TimeForm(Enum):
    """How times are written: a pattern whose letters stand for the digits of year, month, day and so on."""

    COMPACT = "YYYYMMDDhhmmss"
    DASHED = "YYYY-MM-DD hh:mm:ss"
    SLASHED = "DD/MM/YYYY hh:mm:ss"
    SLASHED_MINUTES = "DD/MM/YYYY hh:mm"
    OFFSET = "YYYY-MM-DDThh:mm:ss+07:00"
    UTC = "YYYY-MM-DDThh:mm:ssZ"


def texts(values: Sequence[str]) -> Text:
    """A column of Python strings."""
    return Text(pa.array(values, pa.string()))


def repeat(value: str, size: int) -> Text:
    """The same string ``size`` times."""
    return texts([value]).take(np.zeros(size, dtype=np.int64))


def join(parts: Sequence[Text | str], separator: str = "") -> Text:
    """Element-wise concatenation; a plain string stands for itself in every element."""
    values = [_value(part) for part in (*parts, separator)]
    return Text(pc.call_function("binary_join_element_wise", values))


def choose(mask: Flags, yes: Text | str, no: Text | str) -> Text:
    """``yes`` where ``mask``, else ``no``."""
    return Text(pc.call_function("if_else", [pa.array(mask), _value(yes), _value(no)]))


def _value(part: Text | str) -> Any:
    return part.array if isinstance(part, Text) else pa.scalar(part)


def replace(values: Text, old: str, new: str) -> Text:
    """Every ``old`` replaced."""
    options = pc.ReplaceSubstringOptions(old, new)
    return Text(pc.call_function("replace_substring", [values.array], options))


def integers(values: npt.NDArray[np.int64]) -> Text:
    """Decimal digits."""
    return Text(pc.call_function("cast", [pa.array(values)], pc.CastOptions(pa.string())))


def padded(values: npt.NDArray[np.int64], width: int) -> Text:
    """Decimal digits with leading zeros."""
    digits = np.empty((len(values), width), dtype=np.uint8)
    _write_digits(digits, range(width), values)
    return _fixed(digits, np.ones(len(values), dtype=np.bool_))


def times(values: Times, form: TimeForm) -> Text:
    """Times in ``form``; empty for NEVER."""
    known = values < NEVER
    seconds = values[known] - (7 * HOUR if form is TimeForm.UTC else 0)
    date = (seconds // DAY).astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    rest = seconds % DAY
    numbers = {
        "Y": month.astype("datetime64[Y]").astype(np.int64) + 1970,
        "M": month.astype(np.int64) % 12 + 1,
        "D": (date - month.astype("datetime64[D]")).astype(np.int64) + 1,
        "h": rest // HOUR,
        "m": rest // 60 % 60,
        "s": rest % 60,
    }
    pattern = np.frombuffer(form.value.encode(), dtype=np.uint8)
    characters = np.tile(pattern, (len(seconds), 1))
    for letter, number in numbers.items():
        places = [place for place, sign in enumerate(form.value) if sign == letter]
        _write_digits(characters, places, number)
    return _fixed(characters, known)


def _write_digits(into: npt.NDArray[np.uint8], places: Sequence[int], values: npt.NDArray[np.int64]) -> None:
    """The decimal digits of ``values`` into the columns ``places``, with leading zeros."""
    rest = values
    for column in reversed(places):
        into[:, column] = rest % 10 + ord("0")
        rest = rest // 10


def _fixed(characters: npt.NDArray[np.uint8], known: Flags) -> Text:
    """Where ``known``, the next line of ``characters``; elsewhere the empty string."""
    offsets = np.concatenate([[0], np.cumsum(np.where(known, characters.shape[1], 0))]).astype(np.int32)
    data = pa.py_buffer(np.ascontiguousarray(characters))
    return Text(pa.StringArray.from_buffers(len(known), pa.py_buffer(offsets), data))
