"""The clock once more, slowly: it walks the minutes of days and shares nothing with the SQL but the rules.

A day is a row of 1,440 flags, one per minute that is worked. Pauses put flags out; time is used up flag by
flag, and day by day where nothing paused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

DAY = timedelta(days=1)
MINUTES = 1440
AREA_DAY_HOURS = 8
"""Working hours of a day that an area adds to a limit in hours."""

Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True)
class Hours:
    """Office hours from a day on."""

    valid_from: date
    morning: tuple[time, time]
    afternoon: tuple[time, time]


@dataclass(frozen=True)
class Limit:
    """A procedure's time limit; ``unit`` as in the seed, ``late_after`` the hour of its own rule."""

    amount: int
    unit: str
    late_after: time | None = None
    extra_days: int = 0


@dataclass(frozen=True)
class Case:
    """A dossier: received, stopped (finished, or the cut-off), with pauses of any nonsense."""

    received: datetime
    stopped: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()


class SlowClock:
    """The clock of a calendar."""

    def __init__(self, hours: Iterable[Hours], holidays: set[date], overrides: Mapping[date, bool]) -> None:
        self._hours = sorted(hours, key=lambda each: each.valid_from, reverse=True)
        self._holidays = holidays
        self._overrides = overrides
        self.flags = cache(self._flags)
        self.total = cache(lambda day: sum(self.flags(day)))

    def _flags(self, day: date) -> bytes:
        """Of each minute of ``day``, whether it is worked."""
        if not self._overrides.get(day, day.weekday() < 5 and day not in self._holidays):
            return bytes(MINUTES)
        hours = next(each for each in self._hours if each.valid_from <= day)
        flags = bytearray(MINUTES)
        for start, end in (hours.morning, hours.afternoon):
            for minute in range(_minute(start), _minute(end)):
                flags[minute] = 1
        return bytes(flags)

    def spent(self, case: Case) -> tuple[int, int]:
        """Working minutes used and paused between the reception and the stop."""
        running = self._running(case)
        first, last = case.received.date(), case.stopped.date()
        used = worked = 0
        day = first
        while day <= last:
            start = _minute(case.received.time()) if day == first else 0
            end = _minute(case.stopped.time()) if day == last else MINUTES
            whole = self.flags(day).count(1, start, max(start, end))
            worked += whole
            used += running[day].count(1, start, max(start, end)) if day in running else whole
            day += DAY
        return used, worked - used

    def due(self, case: Case) -> datetime:
        """When the limit is used up."""
        day, minute = self._start(case)
        left = self._granted(day, minute, case.limit)
        running = self._running(case)
        flags: bytes | bytearray = running.get(day, self.flags(day))
        while (here := flags.count(1, minute)) < left:
            left -= here
            day, minute = day + DAY, 0
            while day not in running and self.total(day) < left:
                left -= self.total(day)
                day += DAY
            flags = running.get(day, self.flags(day))
        while left:
            left -= flags[minute]
            minute += 1
        return datetime.combine(day, time()) + timedelta(minutes=minute)

    def _start(self, case: Case) -> tuple[date, int]:
        day, minute = case.received.date(), _minute(case.received.time())
        late = case.limit.late_after is not None and minute > _minute(case.limit.late_after)
        if late or not self.flags(day).count(1, minute):
            day, minute = self._workday(day + DAY), 0
        return day, minute

    def _granted(self, day: date, minute: int, limit: Limit) -> int:
        """Working minutes from the start to the end of the limit, as if nothing paused."""
        if limit.unit == "working_hours":
            return (limit.amount + AREA_DAY_HOURS * limit.extra_days) * 60
        done = self.flags(day).count(1, 0, minute)
        if limit.unit == "working_days" and limit.amount:
            days, rest = limit.amount + limit.extra_days, done
        else:
            last = day + limit.amount * DAY if limit.unit == "calendar_days" else day
            days, rest = limit.extra_days + 1, 0
            day, done = self._until(day, self._workday(last), done)
        granted = -done
        for _ in range(days):
            granted += self.total(day)
            day = self._workday(day + DAY)
        return granted + min(rest, self.total(day))

    def _until(self, day: date, last: date, done: int) -> tuple[date, int]:
        while day < last:
            done -= self.total(day)
            day += DAY
        return day, done

    def _workday(self, day: date) -> date:
        while not self.total(day):
            day += DAY
        return day

    def _running(self, case: Case) -> dict[date, bytearray]:
        """The days that a pause touches, with its minutes put out."""
        touched: dict[date, bytearray] = {}
        for began, ended in case.pauses:
            start, end = max(began, case.received), min(ended or case.stopped, case.stopped)
            day = start.date()
            while start < end and day <= end.date():
                flags = touched.setdefault(day, bytearray(self.flags(day)))
                low = _minute(start.time()) if day == start.date() else 0
                high = _minute(end.time()) if day == end.date() else MINUTES
                flags[low:high] = bytes(high - low)
                day += DAY
        return touched


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
