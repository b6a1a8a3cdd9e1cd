"""``motcua sample``: the plan from what was typed, and the refusal to mix a sample into real files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.cli.console import progress
from orchestration.cli.vietnamese import UsageError
from orchestration.clock import local_now
from orchestration.settings import PREFIX

if TYPE_CHECKING:
    from orchestration.sample import SamplePlan, SampleResult

MONTHS = 5
# Whoever types `motcua up` for the first time is waiting: enough for trends and a whole month.
MONTHS_AT_FIRST = 2


def first_day_of_span(last: date, months_long: int) -> date:
    """The first of the month that begins a span of ``months_long`` calendar months up to ``last``."""
    months = last.year * 12 + last.month - months_long
    return date(months // 12, months % 12 + 1, 1)


def sample_plan(
    province: str,
    first: date | None = None,
    last: date | None = None,
    communes: int | None = None,
    seed: int = 1,
    months: int = MONTHS,
) -> SamplePlan:
    """The plan; the last ``months`` up to today unless days are given.

    Raises:
        SampleError: it cannot be simulated.
    """
    from orchestration.sample import SamplePlan

    last_day = last or local_now().date()
    return SamplePlan(
        province=province,
        first_day=first or first_day_of_span(last_day, months),
        last_day=last_day,
        communes=communes,
        seed=seed,
    )


def make(plan: SamplePlan, out: Path, *, force: bool) -> SampleResult:
    """Write the sample into ``out``.

    Raises:
        UsageError: ``out`` cannot be written, or holds files already and ``force`` is not set.
        SampleError: the plan cannot be simulated, or days of it are there already.
    """
    from orchestration.disk import is_full
    from orchestration.sample import make_sample

    try:
        out.mkdir(parents=True, exist_ok=True)
        empty, writable = is_empty(out), os.access(out, os.W_OK | os.X_OK)
    except OSError as error:
        if is_full(error):
            raise
        raise UsageError(_unusable(out)) from error
    if not writable:
        raise UsageError(_unusable(out))
    if not force and not empty:
        raise UsageError(
            f"Hộp thư {out} đã có tệp; dữ liệu mẫu không được trộn vào dữ liệu thật. "
            "Hãy chọn thư mục khác bằng --out, hoặc thêm --force nếu đây chỉ là dữ liệu thử."
        )
    with progress("Tạo dữ liệu mẫu") as tell:
        return make_sample(plan, out, lambda stage, share: tell(f"{stage} ({share:.0%})"))


def _unusable(out: Path) -> str:
    return (
        f"Không ghi được vào {out}. Hãy cấp quyền ghi, hoặc chọn thư mục khác: "
        f"--out của `motcua sample`, hay {PREFIX}INBOX."
    )


def is_empty(folder: Path) -> bool:
    """Whether ``folder`` is missing or holds nothing."""
    return not folder.exists() or next(folder.iterdir(), None) is None
