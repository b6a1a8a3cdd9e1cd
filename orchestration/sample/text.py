"""Text in bulk: joining, choosing and formatting columns of strings with Arrow and NumPy.

Nothing here knows about dossiers. Row-by-row Python would take minutes for what these do in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.sample.worktime import DAY, NEVER, Times

Text = pa.StringArray


class TimeForm(Enum):
    """How times are written: a pattern whose letters stand for the digits of year, month, day and so on."""

    COMPACT = "YYYYMMDDhhmmss"
    DASHED = "YYYY-MM-DD hh:mm:ss"
    SLASHED = "DD/MM/YYYY hh:mm:ss"
    SLASHED_MINUTES = "DD/MM/YYYY hh:mm"
    OFFSET = "YYYY-MM-DDThh:mm:ss+07:00"
    UTC = "YYYY-MM-DDThh:mm:ssZ"


def join(parts: Sequence[Text | str], separator: str = "") -> Text:
    """Element-wise concatenation; a plain string stands for itself in every element."""
    return pc.call_function(
        "binary_join_element_wise", [*(_value(part) for part in parts), _value(separator)]
    )


def _value(part: Text | str) -> Text | pa.Scalar:
    return pa.scalar(part) if isinstance(part, str) else part


def take(values: Text, places: npt.NDArray[np.int64]) -> Text:
    """``values`` at ``places``."""
    return pc.call_function("take", [values, pa.array(places)])


def choose(mask: npt.NDArray[np.bool_], yes: Text | str, no: Text | str) -> Text:
    """``yes`` where ``mask``, else ``no``."""
    return pc.call_function("if_else", [pa.array(mask), _value(yes), _value(no)])


def replace(values: Text, old: str, new: str) -> Text:
    """Every ``old`` replaced."""
    options = pc.ReplaceSubstringOptions(old, new)
    return pc.call_function("replace_substring", [values], options)


def texts(values: Sequence[str]) -> Text:
    """A column of Python strings."""
    return pa.array(values, pa.string())


def repeat(value: str, size: int) -> Text:
    """The same string ``size`` times."""
    return pa.array(np.full(size, value, dtype=object), pa.string())


def integers(values: npt.NDArray[np.int64]) -> Text:
    """Decimal digits."""
    return pc.call_function("cast", [pa.array(values)], pc.CastOptions(pa.string()))


def padded(values: npt.NDArray[np.int64], width: int) -> Text:
    """Decimal digits with leading zeros."""
    digits = np.empty((len(values), width), dtype=np.uint8)
    rest = values.copy()
    for column in range(width - 1, -1, -1):
        digits[:, column] = rest % 10 + ord("0")
        rest //= 10
    return _fixed(digits, np.ones(len(values), dtype=np.bool_))


def times(values: Times, form: TimeForm) -> Text:
    """Times in ``form``; empty for NEVER."""
    known = values < NEVER
    seconds = np.where(known, values, 0)
    if form is TimeForm.UTC:
        seconds = seconds - 7 * 3600
    day = seconds // DAY
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    rest = seconds - day * DAY
    numbers = {
        "Y": month.astype("datetime64[Y]").astype(np.int64) + 1970,
        "M": month.astype(np.int64) % 12 + 1,
        "D": (date - month.astype("datetime64[D]")).astype(np.int64) + 1,
        "h": rest // 3600,
        "m": rest // 60 % 60,
        "s": rest % 60,
    }
    pattern = form.value
    digits = np.empty((len(values), len(pattern)), dtype=np.uint8)
    digits[:] = np.frombuffer(pattern.encode(), dtype=np.uint8)
    for letter, number in numbers.items():
        rest = number
        for column in reversed([place for place, sign in enumerate(pattern) if sign == letter]):
            digits[:, column] = rest % 10 + ord("0")
            rest = rest // 10
    return _fixed(digits, known)


def _fixed(characters: npt.NDArray[np.uint8], known: npt.NDArray[np.bool_]) -> Text:
    """A string per line of ``characters``, empty where not ``known``."""
    lengths = np.where(known, characters.shape[1], 0)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    data = np.ascontiguousarray(characters[known])
    return pa.StringArray.from_buffers(len(known), pa.py_buffer(offsets), pa.py_buffer(data))


def pieces(lines: Text, starts: Sequence[int]) -> list[bytes]:
    """The bytes of consecutive strings, cut before each of ``starts`` (which begins with 0)."""
    offsets = np.frombuffer(lines.buffers()[1], dtype=np.int32)[lines.offset : lines.offset + len(lines) + 1]
    data = memoryview(lines.buffers()[2])
    bounds = [*starts, len(lines)]
    return [
        bytes(data[offsets[begin] : offsets[end]]) for begin, end in zip(bounds[:-1], bounds[1:], strict=True)
    ]
