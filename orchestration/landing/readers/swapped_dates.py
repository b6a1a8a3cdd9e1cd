"""Columns of a sheet in which Excel has swapped day and month.

An American Excel that opens dd/MM texts makes a date of each that may be one with its month first: the days
up to the twelfth become dates with day and month swapped, all others stay texts. A column that holds such
dates and such texts, and no other, has been through that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_DATE = re.compile(r"\d{4}-\d{2}-(\d{2})")
_TEXT = re.compile(r"\s*'?(\d{1,2})/\d{1,2}/\d{4}")
# A month, so that a day up to it may have been taken for one.
_MONTHS = 12


def swapped_in(cells: Sequence[str | None]) -> list[int]:
    """Where in a column the dates are of which day and month may be swapped."""
    dates = dict(_days(_DATE, cells))
    texts = dict(_days(_TEXT, cells))
    if not dates or not texts or max(dates.values()) > _MONTHS or min(texts.values()) <= _MONTHS:
        return []
    return list(dates)


def _days(form: re.Pattern[str], cells: Sequence[str | None]) -> Iterator[tuple[int, int]]:
    for place, cell in enumerate(cells):
        if cell and (found := form.match(cell)):
            yield place, int(found[1])
