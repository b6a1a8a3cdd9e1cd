"""``motcua letters``: the letters and the summary of one export date, once more."""

from __future__ import annotations

from datetime import date

from orchestration.errors import UnavailableError
from orchestration.reports.outbox import post_days
from orchestration.settings import Settings


def post_day(settings: Settings, day: date) -> str:
    """Write them again and say what lies where.

    Raises:
        UnavailableError: something cannot be written.
    """
    settings.paths.prepare()
    posted = post_days(settings, [day])
    if posted.faults:
        raise UnavailableError("\n".join(posted.faults))
    folder = settings.paths.outbox / day.isoformat()
    if not folder.is_dir():
        return f"Sổ giao nhận chưa có gì của ngày {day:%d/%m/%Y}, nên không có thư nào."
    return (
        f"Ngày {day:%d/%m/%Y}: {posted.letters} thư lỗi và bản tổng hợp, trong {folder} "
        f"(ghi mới {posted.written}, bỏ {posted.removed} tệp)."
    )
