"""What time it is: the only module that reads the machine's clock.

All times in the project are naive ``datetime`` in Asia/Ho_Chi_Minh, to the second. "Now" can be set
to replay a run as of an earlier day; code that needs the time takes a ``Moment``, it never asks for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from orchestration.errors import ReplayError

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# What dbt's calendar spans (``calendar_from`` and ``calendar_to``): no working time is known outside.
CALENDAR = date(2010, 1, 1), date(2040, 12, 31)


@dataclass(frozen=True)
class Moment:
    """The instant that a run takes for "now"."""

    now: datetime
    cutoff: time

    @property
    def today(self) -> date:
        """The day of ``now``."""
        return self.now.date()

    @property
    def last_due_day(self) -> date:
        """The latest day whose exports had to be in by ``now``."""
        return self.today if self.now.time() >= self.cutoff else self.today - timedelta(days=1)


def local_now() -> datetime:
    """The wall clock of the province, whatever the machine's zone."""
    return datetime.now(ZONE).replace(tzinfo=None, microsecond=0)


def local_from_timestamp(timestamp: float) -> datetime:
    """Unix ``timestamp`` (seconds) as local time, for the modification times of files."""
    return datetime.fromtimestamp(timestamp, ZONE).replace(tzinfo=None, microsecond=0)


def require_replayable(as_of: date) -> None:
    """Refuse a day that no run can stand at.

    Raises:
        ReplayError: it lies outside of ``CALENDAR``.
    """
    first, last = CALENDAR
    if not first <= as_of <= last:
        raise ReplayError(
            f"Không tính được như vào ngày {_spelt(as_of)}: lịch làm việc của hệ thống chỉ có từ "
            f"{_spelt(first)} đến {_spelt(last)}. Hãy chọn một ngày trong khoảng đó."
        )


def _spelt(day: date) -> str:
    # strftime writes years before 1000 with fewer digits.
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def moment(as_of: date | None, cutoff: time) -> Moment:
    """The present; or, replaying ``as_of``, that day's cut-off, when its exports have just become due.

    Whoever takes ``as_of`` from a person asks ``require_replayable`` first.
    """
    return Moment(local_now() if as_of is None else datetime.combine(as_of, cutoff), cutoff)
