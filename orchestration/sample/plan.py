"""What a caller asks of the sample province and what it gets back.

Only the request and the result belong here: how a province behaves is ``parameters.yml``, which faults
are planted where is ``faults.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.errors import MotcuaError

Progress = Callable[[str, float], None]
"""Told a Vietnamese stage label and the share done, 0-1."""


class SampleError(MotcuaError):
    """The sample cannot be made as asked."""


@dataclass(frozen=True)
class Bottleneck:
    """A capacity that is lost from a week on, until the end of the sample.

    ``from_week`` counts calendar weeks (Monday to Sunday), the first day's own week being 1.
    ``capacity`` is the share of the former capacity that remains, 0-1. ``unit`` counts branches (or tax
    offices) from 0 in the order of the truth file.
    """

    from_week: int
    capacity: float = 0.4
    unit: int = 0


@dataclass(frozen=True)
class SamplePlan:
    """One sample province. Equal plans give byte-identical files.

    ``communes`` takes the first N of the province in an order that keeps wards, busy and quiet communes
    in every N; None takes all. ``dossiers_per_commune_day`` is the mean received per commune and working
    day; None takes the calibrated one. ``faults`` plants faults, ``branch_loss`` and ``tax_stall``
    bottlenecks on the way of land dossiers.
    """

    province: str
    first_day: date
    last_day: date
    communes: int | None = None
    seed: int = 1
    dossiers_per_commune_day: float | None = None
    faults: bool = True
    branch_loss: Bottleneck | None = None
    tax_stall: Bottleneck | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be simulated.

        Raises:
            SampleError: with the offending value.
        """
        if self.first_day > self.last_day:
            raise SampleError(
                f"Ngày đầu {self.first_day:%d/%m/%Y} sau ngày cuối {self.last_day:%d/%m/%Y}. "
                "Hãy đổi lại hai ngày."
            )
        if self.communes is not None and self.communes < 1:
            raise SampleError(f"Số xã, phường phải từ 1 trở lên, đang là {self.communes}.")
        if self.seed < 0:
            raise SampleError(f"Số hạt giống phải từ 0 trở lên, đang là {self.seed}.")
        if self.dossiers_per_commune_day is not None and self.dossiers_per_commune_day <= 0:
            raise SampleError(
                f"Số hồ sơ mỗi xã mỗi ngày phải lớn hơn 0, đang là {self.dossiers_per_commune_day}."
            )
        for bottleneck in (self.branch_loss, self.tax_stall):
            if bottleneck is not None and not (0 < bottleneck.capacity <= 1 and bottleneck.from_week >= 1):
                raise SampleError(
                    "Điểm nghẽn cần tuần bắt đầu từ 1 và công suất còn lại trong khoảng (0, 1]."
                )


@dataclass(frozen=True)
class SampleResult:
    """What was written. Sizes in bytes; ``change_rows`` are rows of ``hoso`` files."""

    out: Path
    truth_path: Path
    communes: int
    export_days: int
    dossiers: int
    change_rows: int
    files: int
    size: int
