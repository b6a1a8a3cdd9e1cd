"""Bulk text against plain Python."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sample.text import TimeForm, choose, integers, join, padded, repeat, replace, texts, times
from orchestration.sample.worktime import NEVER

PYTHON = {
    TimeForm.COMPACT: "%Y%m%d%H%M%S",
    TimeForm.DASHED: "%Y-%m-%d %H:%M:%S",
    TimeForm.SLASHED: "%d/%m/%Y %H:%M:%S",
    TimeForm.SLASHED_MINUTES: "%d/%m/%Y %H:%M",
    TimeForm.OFFSET: "%Y-%m-%dT%H:%M:%S+07:00",
    TimeForm.UTC: "%Y-%m-%dT%H:%M:%SZ",
}
moments = st.one_of(st.just(None), st.datetimes(datetime(1980, 1, 1), datetime(2099, 12, 31)))


@pytest.mark.parametrize("form", TimeForm)
@given(values=st.lists(moments, max_size=8))
def test_times_are_written_as_python_would(form: TimeForm, values: list[datetime | None]) -> None:
    whole = [value.replace(microsecond=0) if value else None for value in values]
    epoch = datetime(1970, 1, 1)
    numbers = np.array(
        [int((value - epoch).total_seconds()) if value else NEVER for value in whole], dtype=np.int64
    )
    shift = timedelta(hours=7) if form is TimeForm.UTC else timedelta()
    expected = [f"{value - shift:{PYTHON[form]}}" if value else "" for value in whole]
    assert times(numbers, form).to_list() == expected


@given(st.lists(st.integers(0, 10**7 - 1), max_size=8))
def test_numbers(values: list[int]) -> None:
    numbers = np.array(values, dtype=np.int64)
    assert integers(numbers).to_list() == [str(value) for value in values]
    assert padded(numbers, 7).to_list() == [f"{value:07d}" for value in values]


def test_joining_choosing_replacing() -> None:
    names = texts(["An", "", "Ẩn"])
    assert join(["<", names, ">"]).to_list() == ["<An>", "<>", "<Ẩn>"]
    assert join([names, repeat("x", 3)], ";").to_list() == ["An;x", ";x", "Ẩn;x"]
    assert choose(names.is_empty(), "không", names).to_list() == ["An", "không", "Ẩn"]
    assert replace(texts(['a"b']), '"', '""').to_list() == ['a""b']


@given(st.lists(st.text("aẩ\n", max_size=4), min_size=1, max_size=12), st.data())
def test_pieces_cut_where_told(values: list[str], data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(values)), max_size=4).map(sorted))
    starts = [0, *cuts]
    expected = [
        "".join(values[begin:end]).encode() for begin, end in zip(starts, [*cuts, len(values)], strict=True)
    ]
    assert texts(values).pieces(starts) == expected
    begin = data.draw(st.integers(0, len(values)))
    assert texts(values).slice(begin, len(values)).pieces([0]) == ["".join(values[begin:]).encode()]
