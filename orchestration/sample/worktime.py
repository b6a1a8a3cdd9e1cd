"""Working time on arrays: to and from working seconds, due dates by the clock.

Times are ``int64`` seconds since 1970 of the province's wall clock; ``NEVER`` stands for what does not
happen. Only the arithmetic is here; which days are worked comes from ``catalogue.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Times = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

NEVER = np.int64(1) << 60
DAY = 86_400
HOUR = 3_600
# Office hours 7:00-11:30 and 13:30-17:00, as the deployed one-stop systems count them.
OPENS, LUNCH, BACK, CLOSES = 7 * HOUR, 11 * HOUR + 1800, 13 * HOUR + 1800, 17 * HOUR
MORNING, WORKDAY = LUNCH - OPENS, LUNCH - OPENS + CLOSES - BACK
SAME_DAY_UNTIL = 15 * HOUR
EPOCH = date(1970, 1, 1)


def day_start(day: date) -> int:
    """Midnight of ``day`` in seconds."""
    return (day - EPOCH).days * DAY


def to_date(seconds: int) -> date:
    """The day of a time."""
    return date.fromordinal(EPOCH.toordinal() + int(seconds) // DAY)


@dataclass(frozen=True)
class WorkClock:
    """A calendar from ``first`` on as running working time.

    ``before[d]`` counts the working days before day ``d`` of the calendar, ``days`` lists the working
    days as days since 1970. Times after the calendar count as its last day, so that what takes too long
    ends there, far beyond the sample.
    """

    first: int
    working: Flags
    before: Times
    days: Times

    @staticmethod
    def of(first: date, working: list[bool]) -> WorkClock:
        """The clock of a calendar that starts on ``first``."""
        flags = np.array(working, dtype=np.bool_)
        before = np.concatenate([[0], np.cumsum(flags)]).astype(np.int64)
        origin = (first - EPOCH).days
        return WorkClock(origin, flags, before, np.flatnonzero(flags).astype(np.int64) + origin)

    def _day(self, times: Times) -> Times:
        return np.minimum(times // DAY - self.first, len(self.working) - 1)

    def worked(self, times: Times) -> Times:
        """Working seconds from the calendar's start to each time."""
        day, second = self._day(times), times % DAY
        within = np.clip(second - OPENS, 0, MORNING) + np.clip(second - BACK, 0, CLOSES - BACK)
        return self.before[day] * WORKDAY + np.where(self.working[day], within, 0)

    def at(self, worked: Times) -> Times:
        """When so many working seconds have passed; a full day ends at closing, not next morning."""
        day, rest = (worked - 1) // WORKDAY, (worked - 1) % WORKDAY + 1
        second = np.where(rest <= MORNING, OPENS + rest, BACK + rest - MORNING)
        return self.days[np.minimum(day, len(self.days) - 1)] * DAY + second

    def later(self, times: Times, seconds: npt.ArrayLike) -> Times:
        """``times`` moved on by working seconds (at least one)."""
        return self.at(self.worked(times) + np.maximum(np.asarray(seconds, dtype=np.int64), 1))

    def workday_after(self, times: Times, count: npt.ArrayLike) -> Times:
        """Midnight of the ``count``-th working day after the day of each time."""
        position = self.before[self._day(times) + 1] - 1 + np.asarray(count, np.int64)
        return self.days[np.minimum(position, len(self.days) - 1)] * DAY

    def same_day_due(self, received: Times) -> Times:
        """Closing time of the day, or of the next working day when received after 15:00."""
        late = received % DAY > SAME_DAY_UNTIL
        return self.workday_after(received, late.astype(np.int64)) + CLOSES

    def due(self, received: Times, limit: Times, same_day: Flags) -> Times:
        """The due time: same-day procedures by the 15:00 rule, the others after ``limit`` working seconds."""
        return np.where(same_day, self.same_day_due(received), self.later(received, limit))
