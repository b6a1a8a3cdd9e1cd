"""What every part of the simulation works from: plan, parameters, catalogues, characters, faults."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from orchestration.sample import faults, formats
from orchestration.sample.catalogue import Procedure, load_branches, load_communes, load_procedures
from orchestration.sample.parameters import Parameters, load_anchors, load_parameters
from orchestration.sample.plan import SampleError, SamplePlan
from orchestration.sample.province import Floats, Ints, Offices, Province, choose, settle
from orchestration.sample.worktime import DAY, Times, WorkClock, day_start
from orchestration.workdays import working_days

RUN_IN, RUN_OUT = 40, 400
"""Days of calendar before the sample (evenings before the first day) and after it (ways that end later)."""


@dataclass(frozen=True)
class Setting:
    """``days`` are the sample's working days, as days since 1970; ``mean_rate`` is per commune and day."""

    plan: SamplePlan
    parameters: Parameters
    procedures: list[Procedure]
    province: Province
    clock: WorkClock
    days: Times
    mean_rate: float
    formats: list[formats.Format]
    behaviour: faults.Behaviour
    delivery: faults.Delivery

    def of_procedure(self, attribute: str, procedure: Ints) -> Floats:
        """A numeric attribute of each dossier's procedure."""
        values = [float(getattr(each, attribute)) for each in self.procedures]
        return np.array(values)[procedure]

    def is_commune(self, place: int | None, commune: Ints) -> faults.Flags:
        """Where ``commune`` is the one at ``place``; nowhere when that is None."""
        return commune == (-1 if place is None else place)


def prepare(plan: SamplePlan) -> Setting:
    """Everything that is settled before the first dossier comes in.

    Raises:
        SampleError: when the plan has no working day or names an unknown province.
    """
    parameters, anchors = load_parameters(), load_anchors()
    first, last = plan.first_day - timedelta(days=RUN_IN), plan.last_day + timedelta(days=RUN_OUT)
    clock = WorkClock.of(first, working_days(first, last))
    days = _days(clock, plan.first_day, plan.last_day)
    communes = choose(load_communes(plan.province, plan.last_day), plan.communes, anchors)
    mean_rate = plan.dossiers_per_commune_day or parameters.volume.mean_per_commune_day
    chosen = formats.assign(len(communes), parameters, plan.seed)
    spared = {place for place, commune in enumerate(communes) if commune.code in anchors}
    behaviour = faults.plant_behaviour(plan.seed, chosen, spared, plan.faults)
    offices = Offices(
        load_branches(plan.province, plan.last_day, "vpdk"),
        load_branches(plan.province, plan.last_day, "thue"),
    )
    province = settle(
        communes, parameters, anchors, mean_rate, plan.seed, offices if offices.serve(communes) else None
    )
    if behaviour.enters_late is not None:
        province.late_entry[behaviour.enters_late] = behaviour.late_entry_share
    return Setting(
        plan=plan,
        parameters=parameters,
        procedures=load_procedures(plan.last_day),
        province=province,
        clock=clock,
        days=days,
        mean_rate=mean_rate,
        formats=chosen,
        behaviour=behaviour,
        delivery=faults.plant_delivery(plan.seed, chosen, spared, len(days), plan.faults),
    )


def _days(clock: WorkClock, first: date, last: date) -> Times:
    days = clock.days[(clock.days >= day_start(first) // DAY) & (clock.days <= day_start(last) // DAY)]
    if not len(days):
        raise SampleError(
            f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y} không có ngày làm việc nào. Hãy chọn khoảng dài hơn."
        )
    return days
