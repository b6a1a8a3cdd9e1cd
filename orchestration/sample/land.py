"""The way of a land dossier: commune, land-registry branch, tax office, payment, branch, commune.

Branches and tax offices are real queues (``queueing.py``), so dossiers of neighbouring communes wait for
each other. Land procedures that are done the same day do not come here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.plan import Bottleneck, SamplePlan
from orchestration.sample.province import Ints
from orchestration.sample.queueing import Server, departures
from orchestration.sample.setting import Setting
from orchestration.sample.streams import stream
from orchestration.sample.worktime import DAY, HOUR, NEVER, SAME_DAY_UNTIL, WORKDAY, Flags, Times, day_start


@dataclass(frozen=True)
class Intake:
    """Land dossiers as they come in; arrays are per land dossier. ``limit`` in working seconds."""

    received: Times
    commune: Ints
    limit: Times
    supplemented: Flags


@dataclass(frozen=True)
class LandCourse:
    """Times per land dossier; NEVER where a stage does not occur."""

    branch_in: Times
    examined: Times
    supplement_asked: Times
    supplement_back: Times
    tax_in: Times
    tax_out: Times
    paid: Times
    finished: Times


@dataclass(frozen=True)
class Service:
    """A kind of unit that dossiers queue at: how many, how fully used, how much work inherited, in days."""

    units: int
    use: float
    use_spread: float
    backlog_days: float
    bottleneck: Bottleneck | None


def bottleneck_start(plan: SamplePlan, bottleneck: Bottleneck) -> int:
    """Midnight of the Monday on which ``bottleneck`` begins, or of the sample's first day."""
    monday = day_start(plan.first_day) - plan.first_day.weekday() * DAY + (bottleneck.from_week - 1) * 7 * DAY
    return max(monday, day_start(plan.first_day))


def process(setting: Setting, intake: Intake) -> LandCourse:
    """Send land dossiers through the queues."""
    land, clock, province = setting.parameters.land, setting.clock, setting.province
    rng = stream(setting.plan.seed, "land")
    size = len(intake.received)
    branch = province.branch[intake.commune]
    after_three = intake.received % DAY > SAME_DAY_UNTIL
    handed_over = np.where(after_three, clock.workday_after(intake.received, 1), intake.received)
    branch_in = clock.later(handed_over, land.commune_hours * HOUR * rng.uniform(0.4, 1.4, size))
    branches = Service(
        len(province.branches),
        land.branch_use,
        land.branch_use_spread,
        land.branch_backlog_days,
        setting.plan.branch_loss,
    )
    examined = _serve(setting, branch_in, branch, branches, rng)
    asked = np.where(intake.supplemented, clock.later(examined, 2 * HOUR), NEVER)
    back = citizens_answer(setting, asked, rng)
    waits_for_ever = intake.supplemented & (back == NEVER)
    own = land.handling * intake.limit * np.exp(rng.normal(0, land.handling_sigma, size))
    is_complex = rng.random(size) < land.complex
    own += np.where(is_complex, rng.exponential(land.complex_days_mean, size) * WORKDAY, 0)
    go_on = np.where(back < NEVER, back, examined)
    handled = clock.later(go_on, own)
    duty = rng.random(size) < land.tax_share
    offices = Service(
        len(province.tax_offices),
        land.tax_use,
        land.tax_use_spread,
        land.tax_backlog_days,
        setting.plan.tax_stall,
    )
    tax_out = np.full(size, NEVER)
    tax_out[duty] = _serve(setting, handled[duty], province.tax_of_branch[branch[duty]], offices, rng)
    days_to_pay = rng.exponential(land.payment_days_mean, size)
    paid = np.where(duty, _answered(setting, tax_out, days_to_pay), NEVER)
    signing = land.signing_hours * HOUR * rng.lognormal(-0.1, 0.5, size)
    signed = clock.later(np.where(duty, paid, handled), signing)

    def unless_stuck(times: Times) -> Times:
        return np.where(waits_for_ever, NEVER, times)

    return LandCourse(
        branch_in=branch_in,
        examined=examined,
        supplement_asked=asked,
        supplement_back=back,
        tax_in=unless_stuck(np.where(duty, handled, NEVER)),
        tax_out=unless_stuck(tax_out),
        paid=unless_stuck(paid),
        finished=unless_stuck(signed),
    )


def citizens_answer(setting: Setting, asked: Times, rng: np.random.Generator) -> Times:
    """When a supplement that was asked for comes; NEVER where none was asked or none comes."""
    course = setting.parameters.course
    back = _answered(setting, asked, rng.exponential(course.supplement_days_mean, len(asked)))
    comes = rng.random(len(asked)) >= course.supplement_never
    return np.where((asked < NEVER) & comes, back, NEVER)


def _answered(setting: Setting, asked: Times, days: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Times:
    """So many calendar days later, when the office works."""
    return setting.clock.later(asked + (days * DAY).astype(np.int64) + HOUR, 60)


def _serve(setting: Setting, times: Times, unit: Ints, service: Service, rng: np.random.Generator) -> Times:
    """Through the queues of all units: when each dossier leaves."""
    plan, clock, units = setting.plan, setting.clock, service.units
    worked = clock.worked(times).astype(np.float64)
    effort = rng.gamma(2.0, 0.5, len(times))
    use = np.clip(service.use + service.use_spread * rng.standard_normal(units), 0.6, 0.97)
    backlog = service.backlog_days * rng.gamma(2.0, 0.5, units)
    start = float(clock.worked(np.array([day_start(plan.first_day)]))[0])
    left = np.empty(len(times), dtype=np.int64)
    for place in range(units):
        mine = unit == place
        if not mine.any():
            continue
        slow_from, slow = float("inf"), 1.0
        if service.bottleneck and service.bottleneck.unit % units == place:
            slow_from = float(clock.worked(np.array([bottleneck_start(plan, service.bottleneck)]))[0])
            slow = service.bottleneck.capacity
        capacity = max(float(mine.sum()) / len(setting.days) / float(use[place]), 0.5)
        server = Server(capacity, start + float(backlog[place]) * WORKDAY, slow_from, slow)
        left[mine] = departures(worked[mine], effort[mine], server)
    return clock.at(left)
