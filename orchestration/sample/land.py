"""The way of a land dossier: commune, land-registry branch, tax office, the citizen's payment, branch, commune.

Branches and tax offices are real queues (``queueing.py``), so dossiers of neighbouring communes wait for
each other. Land procedures that are done the same day do not come here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.parameters import Parameters
from orchestration.sample.plan import Bottleneck, SamplePlan
from orchestration.sample.province import Floats, Ints, Province
from orchestration.sample.queueing import Server, departures
from orchestration.sample.streams import stream
from orchestration.sample.worktime import (
    DAY,
    HOUR,
    NEVER,
    SAME_DAY_UNTIL,
    WORKDAY,
    Flags,
    Times,
    WorkClock,
    day_start,
)


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


def bottleneck_start(plan: SamplePlan, bottleneck: Bottleneck) -> int:
    """Midnight of the Monday on which ``bottleneck`` begins, or of the sample's first day."""
    monday = day_start(plan.first_day) - plan.first_day.weekday() * DAY + (bottleneck.from_week - 1) * 7 * DAY
    return max(monday, day_start(plan.first_day))


def process(
    plan: SamplePlan,
    province: Province,
    parameters: Parameters,
    clock: WorkClock,
    received: Times,
    commune: Ints,
    limit_hours: Ints,
    supplemented: Flags,
    working_days: int,
) -> LandCourse:
    """Send land dossiers through the queues. ``working_days`` is the length of the sample."""
    land = parameters.land
    rng = stream(plan.seed, "land")
    size = len(received)
    branch = province.branch[commune]
    handed_over = np.where(received % DAY > SAME_DAY_UNTIL, clock.workday_after(received, 1), received)
    branch_in = clock.later(handed_over, land.commune_hours * HOUR * rng.uniform(0.4, 1.4, size))
    examined = _serve(
        clock, branch_in, branch, len(province.branches), land.branch_use, plan, plan.branch_loss, working_days,
        land.initial_backlog_days, land.branch_use_spread, rng,
    )  # fmt: skip
    asked = np.where(supplemented, clock.later(examined, 2 * HOUR), NEVER)
    back, never = citizens_answer(clock, asked, parameters, rng)
    go_on = np.where(supplemented, back, examined)
    own = land.handling * limit_hours * HOUR * np.exp(rng.normal(0, land.handling_sigma, size))
    own += np.where(
        rng.random(size) < land.complex, rng.exponential(land.complex_days_mean, size) * WORKDAY, 0
    )
    handled = clock.later(go_on, own)
    duty = rng.random(size) < land.tax_share
    tax_in = np.where(duty, handled, NEVER)
    tax_out = np.full(size, NEVER)
    tax_out[duty] = _serve(
        clock, handled[duty], province.tax_of_branch[branch[duty]], len(province.tax_offices), land.tax_use, plan,
        plan.tax_stall, working_days, 0.5, 0.02, rng,
    )  # fmt: skip
    paid = np.where(duty, _office(clock, tax_out + _days(rng, land.payment_days_mean, size)), NEVER)
    signed = clock.later(
        np.where(duty, paid, handled), land.signing_hours * HOUR * rng.lognormal(-0.1, 0.5, size)
    )
    gone = never[:, None]
    tax_in, tax_out, paid, finished = (
        np.where(gone, NEVER, np.stack([tax_in, tax_out, paid, signed], axis=1)).T
    )  # fmt: skip
    return LandCourse(
        branch_in, examined, asked, np.where(never, NEVER, back), tax_in, tax_out, paid, finished
    )


def citizens_answer(
    clock: WorkClock, asked: Times, parameters: Parameters, rng: np.random.Generator
) -> tuple[Times, Flags]:
    """When a supplement that was asked for comes, and whether it never does."""
    course, size = parameters.course, len(asked)
    back = _office(clock, asked + _days(rng, course.supplement_days_mean, size))
    never = (rng.random(size) < course.supplement_never) & (asked < NEVER)
    return np.where(asked < NEVER, back, NEVER), never


def _days(rng: np.random.Generator, mean: float, size: int) -> Times:
    return (rng.exponential(mean, size) * DAY).astype(np.int64) + HOUR


def _office(clock: WorkClock, times: Times) -> Times:
    """The same time, or the next one at which the office works."""
    return clock.later(times, 60)


def _serve(
    clock: WorkClock,
    times: Times,
    unit: Ints,
    units: int,
    use: float,
    plan: SamplePlan,
    bottleneck: Bottleneck | None,
    working_days: int,
    backlog_days: float,
    use_spread: float,
    rng: np.random.Generator,
) -> Times:
    """Through the queues of all units: when each dossier leaves."""
    worked = clock.worked(times).astype(np.float64)
    effort = rng.gamma(2.0, 0.5, len(times))
    uses = np.clip(use + use_spread * rng.standard_normal(units), 0.6, 0.99)
    backlog = backlog_days * rng.gamma(2.0, 0.5, units)
    start = float(clock.worked(np.array([day_start(plan.first_day)]))[0])
    left = np.empty(len(times), dtype=np.int64)
    for place in range(units):
        mask = unit == place
        if not mask.any():
            continue
        slowed = bottleneck is not None and bottleneck.unit % units == place
        server = Server(
            capacity=max(mask.sum() / working_days / uses[place], 0.5),
            busy_until=start + backlog[place] * WORKDAY,
            slow_from=float(clock.worked(np.array([bottleneck_start(plan, bottleneck)]))[0])
            if bottleneck and slowed
            else float("inf"),
            slow=bottleneck.capacity if bottleneck and slowed else 1.0,
        )
        left[mask] = departures(worked[mask], effort[mask], server)
    return clock.at(left)


def share_late(finished: Times, due: Times) -> Floats:
    """1.0 where the finish day is after the due day (the rule of form II.06)."""
    return (finished // DAY > due // DAY).astype(np.float64)
