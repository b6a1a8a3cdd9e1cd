"""From a plan to a simulated province: every dossier's way, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from orchestration.sample import details as detail
from orchestration.sample import faults, formats, lifecycle
from orchestration.sample.arrivals import Arrivals, arrive
from orchestration.sample.catalogue import Procedure, load_communes, load_procedures, load_working_days
from orchestration.sample.parameters import Parameters, load_anchors, load_parameters
from orchestration.sample.plan import SampleError, SamplePlan
from orchestration.sample.province import Province, choose, settle
from orchestration.sample.states import schedule
from orchestration.sample.streams import stream
from orchestration.sample.text import Text
from orchestration.sample.worktime import DAY, Times, WorkClock, day_start

RUN_IN, RUN_OUT = 40, 400
"""Days of calendar before the sample (evenings before the first day) and after it (ways that end later)."""

Record = TypeVar("Record")


@dataclass(frozen=True)
class Simulation:
    """A simulated province; per-dossier arrays are ordered by commune."""

    plan: SamplePlan
    parameters: Parameters
    province: Province
    procedures: list[Procedure]
    clock: WorkClock
    days: Times
    formats: list[formats.Format]
    behaviour: faults.Behaviour
    delivery: faults.Delivery
    arrivals: Arrivals
    course: lifecycle.Course
    details: detail.Details
    numbers: Text
    state_at: npt.NDArray[np.int64]

    @property
    def bulk_days(self) -> Times:
        """The days on which the bulk-closing commune closes, as days since 1970."""
        return lifecycle.month_ends(self.days)

    def span(self, place: int) -> slice:
        """The dossiers of the commune at ``place``."""
        begin, end = np.searchsorted(self.arrivals.commune, [place, place + 1])
        return slice(int(begin), int(end))


def part(record: Record, span: slice) -> Record:
    """A record of arrays cut to ``span``, arrays within tuples and records too."""

    def cut(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return value[span].copy()
        if isinstance(value, tuple):
            return tuple(cut(each) for each in value)
        return part(value, span) if is_dataclass(value) else value

    return type(record)(**{field.name: cut(getattr(record, field.name)) for field in fields(record)})  # pyright: ignore[reportArgumentType]


def simulate(plan: SamplePlan) -> Simulation:
    """Simulate the province of ``plan``.

    Raises:
        SampleError: when the plan has no working day or names an unknown province.
    """
    parameters, anchors = load_parameters(), load_anchors()
    first, last = plan.first_day - timedelta(days=RUN_IN), plan.last_day + timedelta(days=RUN_OUT)
    clock = WorkClock.of(first, load_working_days(first, last))
    days = _days(clock, plan.first_day, plan.last_day)
    communes = choose(load_communes(plan.province, plan.last_day), plan.communes, anchors)
    procedures = load_procedures(plan.last_day)
    mean = plan.dossiers_per_commune_day or parameters.volume.mean_per_commune_day
    chosen = formats.assign(len(communes), parameters, plan.seed)
    spared = {place for place, commune in enumerate(communes) if commune.code in anchors}
    behaviour = faults.plant_behaviour(plan.seed, chosen, spared, plan.faults)
    province = settle(communes, parameters, anchors, mean, plan.seed)
    if behaviour.enters_late is not None:
        province.late_entry[behaviour.enters_late] = behaviour.late_entry_share
    arrivals = arrive(province, procedures, parameters, clock, days, mean, plan.seed)
    return Simulation(
        plan=plan,
        parameters=parameters,
        province=province,
        procedures=procedures,
        clock=clock,
        days=days,
        formats=chosen,
        behaviour=behaviour,
        delivery=faults.plant_delivery(plan.seed, chosen, spared, len(days), plan.faults),
        arrivals=arrivals,
        course=lifecycle.run(plan, arrivals, province, procedures, parameters, clock, days, behaviour),
        details=detail.describe(arrivals, province, procedures, parameters, behaviour, plan.seed),
        numbers=detail.numbers(arrivals, procedures, plan.province),
        state_at=schedule(len(communes), days, stream(plan.seed, "exports")),
    )


def _days(clock: WorkClock, first: date, last: date) -> Times:
    days = clock.days[(clock.days >= day_start(first) // DAY) & (clock.days <= day_start(last) // DAY)]
    if not len(days):
        raise SampleError(
            f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} không có ngày làm việc nào. Hãy chọn khoảng ngày dài hơn."
        )
    return days
