"""What becomes of each dossier: due dates, pauses, finish, hand-over, withdrawal, later upkeep.

Own dossiers of a commune are drawn so that its on-time share meets its character; land dossiers come
from the queues of ``land.py``. Visible state at a given export is ``states.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.catalogue import Procedure
from orchestration.sample.faults import Behaviour
from orchestration.sample.land import LandCourse, citizens_answer, process, share_late
from orchestration.sample.parameters import Parameters
from orchestration.sample.plan import SamplePlan
from orchestration.sample.province import Floats, Ints, Province
from orchestration.sample.streams import stream
from orchestration.sample.worktime import CLOSES, DAY, HOUR, NEVER, WORKDAY, Flags, Times, WorkClock


@dataclass(frozen=True)
class DueChange:
    """From ``at`` on the due time is ``due``; ``reappointed`` where it is a new appointment, not a pause."""

    at: Times
    due: Times
    reappointed: bool


@dataclass(frozen=True)
class Course:
    """Times per dossier, NEVER where nothing happens.

    ``*_seen`` is when the system knew, ``finished`` and ``returned`` what it was told. ``branch_in`` to
    ``tax_in`` are stages of dossiers that went through a branch's queue.
    """

    due: Times
    due_changes: tuple[DueChange, ...]
    taken_up: Times
    handover: Times
    branch_in: Times
    examined: Times
    tax_in: Times
    supplement_asked: Times
    supplement_back: Times
    payment_asked: Times
    paid: Times
    finished: Times
    finished_seen: Times
    returned: Times
    returned_seen: Times
    withdrawn: Times
    stopped: Times
    upkeep: tuple[Times, ...]


def _until(times: Times, end: Times) -> Times:
    """NEVER from ``end`` on."""
    return np.where(times < end, times, NEVER)


def run(
    plan: SamplePlan,
    arrivals: Arrivals,
    province: Province,
    procedures: list[Procedure],
    parameters: Parameters,
    clock: WorkClock,
    days: Times,
    behaviour: Behaviour,
) -> Course:
    """Simulate every dossier's way. ``days`` are the working days of the sample, as days since 1970."""
    rng = stream(plan.seed, "lifecycle")
    size = len(arrivals.received)
    there = arrivals.received < NEVER
    received = np.where(there, arrivals.received, arrivals.refused)
    limit = np.array([procedure.limit for procedure in procedures])[arrivals.procedure]
    same_day = np.array([procedure.same_day for procedure in procedures])[arrivals.procedure]
    queued = np.array([p.route == "vpdk" and not p.same_day for p in procedures])[arrivals.procedure] & there
    supplemented = rng.random(size) < np.array([p.supplement for p in procedures])[arrivals.procedure]
    first_due = clock.due(received, limit, same_day)

    land = np.flatnonzero(queued)
    way = process(
        plan, province, parameters, clock, received[land], arrivals.commune[land], limit[land], supplemented[land],
        len(days),
    )  # fmt: skip
    allowed = np.maximum(clock.worked(first_due) - clock.worked(received), HOUR // 4)
    speed = np.array([procedure.speed for procedure in procedures])[arrivals.procedure]
    used = np.clip(speed * np.exp(rng.normal(0, 0.6, size)), 0.02, 0.97)
    asked = clock.later(received, allowed * used * rng.uniform(0.2, 0.7, size))
    asked = np.where(supplemented, asked, NEVER)
    back, never = citizens_answer(clock, asked, parameters, rng)
    asked[land], back[land] = way.supplement_asked, way.supplement_back
    never[land] = supplemented[land] & (way.supplement_back == NEVER)
    back = np.where(never, NEVER, back)
    payment = np.full(size, NEVER)
    paid = np.full(size, NEVER)
    payment[land], paid[land] = way.tax_out, way.paid

    after_supplement = _extended(clock, first_due, asked, back)
    due = _extended(clock, after_supplement, payment, paid)
    changes = [DueChange(back, after_supplement, False), DueChange(paid, due, False)]

    finished = clock.later(received, allowed * used + np.where(back < NEVER, _pause(clock, asked, back), 0))
    finished[land] = way.finished
    late = _late(arrivals, province, procedures, finished, due, queued, there, rng)
    overdue_days = rng.geometric(1 / parameters.timeliness.days_late_mean, size)
    office = 8 * HOUR + (rng.beta(1.3, 1.5, size) * 8.5 * HOUR).astype(np.int64)
    finished = np.where(late, _snap(clock, clock.workday_after(due, overdue_days) + office), finished)
    finished = np.where(never | ~there, NEVER, finished)
    finished = _closed_in_bulk(finished, received, arrivals, clock, days, behaviour, rng)

    changes.append(_reappointments(clock, due, finished, arrivals, parameters, behaviour, rng))
    return _assemble(
        plan, arrivals, province, parameters, clock, rng,
        due=first_due, changes=tuple(changes), asked=asked, back=back, payment=payment, paid=paid,
        finished=finished, allowed=allowed, land=land, way=way,
    )  # fmt: skip


def _pause(clock: WorkClock, start: Times, end: Times) -> Times:
    return np.where(end < NEVER, clock.worked(end) - clock.worked(np.minimum(start, end)), 0)


def _extended(clock: WorkClock, due: Times, start: Times, end: Times) -> Times:
    return np.where(end < NEVER, clock.later(due, _pause(clock, start, end)), due)


def _snap(clock: WorkClock, times: Times) -> Times:
    return clock.later(times, 60)


def _late(
    arrivals: Arrivals,
    province: Province,
    procedures: list[Procedure],
    finished: Times,
    due: Times,
    queued: Flags,
    there: Flags,
    rng: np.random.Generator,
) -> Flags:
    """Which own dossiers become late, so that each commune meets its share with its land dossiers counted."""
    communes = len(province.communes)
    weight = np.array([procedure.late_weight for procedure in procedures])[arrivals.procedure]
    weight = np.where(queued | ~there, 0.0, weight)

    def per_commune(values: Floats) -> Floats:
        return np.bincount(arrivals.commune, values, communes)

    land_late = per_commune(np.where(queued, share_late(finished, due), 0.0))
    wanted = np.maximum((1 - province.on_time) * per_commune(there.astype(np.float64)) - land_late, 0)
    factor = wanted / np.maximum(per_commune(weight), 1e-9)
    for _ in range(12):  # the cap takes from some, so the rest is raised until the sum fits
        drawn = per_commune(np.minimum(factor[arrivals.commune] * weight, 0.85))
        factor *= np.where(drawn > 0, wanted / np.maximum(drawn, 1e-9), 1)
    return rng.random(len(weight)) < np.minimum(factor[arrivals.commune] * weight, 0.85)


def _closed_in_bulk(
    finished: Times,
    received: Times,
    arrivals: Arrivals,
    clock: WorkClock,
    days: Times,
    behaviour: Behaviour,
    rng: np.random.Generator,
) -> Times:
    """The commune that closes most of what is open within the last hour of each month."""
    if behaviour.closes_in_bulk is None:
        return finished
    mine = arrivals.commune == behaviour.closes_in_bulk
    for day in month_ends(days):
        moment = day * DAY + CLOSES - HOUR // 2
        open_then = mine & (received < moment) & (finished > moment) & (finished < NEVER)
        closed = open_then & (rng.random(len(finished)) < behaviour.bulk_share)
        finished = np.where(closed, moment + rng.integers(0, 600, len(finished)), finished)
    return finished


def month_ends(days: Times) -> Times:
    """The last working day of each month of the sample that is over, as days since 1970."""
    months = (days.astype("datetime64[D]")).astype("datetime64[M]")
    return days[:-1][months[:-1] != months[1:]]


def _reappointments(
    clock: WorkClock,
    due: Times,
    finished: Times,
    arrivals: Arrivals,
    parameters: Parameters,
    behaviour: Behaviour,
    rng: np.random.Generator,
) -> DueChange:
    """One new appointment for some late dossiers; the moving commune moves most, past the finish."""
    size = len(due)
    late = (finished < NEVER) & (finished // DAY > due // DAY)
    mover = arrivals.commune == (-1 if behaviour.moves_due is None else behaviour.moves_due)
    share = np.where(mover, behaviour.moved_share, parameters.course.reappointed)
    moved = late & (rng.random(size) < share)
    eve = clock.workday_after(due, -1) + 9 * HOUR + rng.integers(0, 6 * HOUR, size)
    eve = np.maximum(eve, arrivals.submitted + HOUR)
    honest = clock.workday_after(due, rng.integers(1, 4, size)) + CLOSES
    moved_due = np.where(
        mover, clock.workday_after(np.minimum(finished, clock.days[-1] * DAY), 1) + CLOSES, honest
    )
    return DueChange(np.where(moved, eve, NEVER), moved_due, True)


def _assemble(
    plan: SamplePlan,
    arrivals: Arrivals,
    province: Province,
    parameters: Parameters,
    clock: WorkClock,
    rng: np.random.Generator,
    *,
    due: Times,
    changes: tuple[DueChange, ...],
    asked: Times,
    back: Times,
    payment: Times,
    paid: Times,
    finished: Times,
    allowed: Times,
    land: Ints,
    way: LandCourse,
) -> Course:
    """Add the ends and everything that merely touches a dossier, and cut off what an end prevents."""
    course, size = parameters.course, len(finished)
    there = arrivals.received < NEVER
    received = np.where(there, arrivals.received, arrivals.refused)
    fate = rng.random(size)
    turn = clock.later(received, allowed * rng.uniform(0.1, 0.9, size))
    withdrawn = np.where(there & (fate < course.withdrawn) & (turn < finished), turn, NEVER)
    stopped = np.where(there & (fate > 1 - course.stopped) & (turn < finished), turn, NEVER)
    end = np.minimum(withdrawn, stopped)
    finished = _until(finished, end)
    done = finished < NEVER
    lagged = done & (rng.random(size) < province.late_entry[arrivals.commune])
    lag = np.where(lagged, rng.uniform(1.5, 8, size) * WORKDAY, 1)
    finished_seen = np.where(lagged, clock.later(np.where(done, finished, received), lag), finished)
    at_once = rng.random(size) < course.returned_same_day
    wait = np.where(
        at_once, rng.uniform(60, HOUR, size), rng.exponential(course.returned_days_mean, size) * WORKDAY
    )
    returned = np.where(done, clock.later(np.where(done, finished, received), wait), NEVER)
    returned_seen = np.where(done, np.maximum(returned, finished_seen), NEVER)
    upkeep: list[Times] = []
    before = returned_seen
    for share, mean in course.upkeep:
        touched = (before < NEVER) & (rng.random(size) < share)
        later = clock.later(np.where(touched, before, received), rng.exponential(mean, size) * WORKDAY)
        before = np.where(touched, later, NEVER)
        upkeep.append(before)
    stop = np.minimum(end, finished)
    taken_up = np.where(there, clock.later(received, rng.uniform(60, HOUR, size)), NEVER)
    handover = np.where(there & (allowed > 2 * WORKDAY), clock.later(received, allowed * 0.25), NEVER)
    stages = [np.full(size, NEVER) for _ in range(3)]
    for stage, times in zip(stages, (way.branch_in, way.examined, way.tax_in), strict=True):
        stage[land] = times
    return Course(
        due=np.where(there, due, NEVER),
        due_changes=tuple(
            DueChange(_until(change.at, stop), change.due, change.reappointed) for change in changes
        ),
        taken_up=_until(taken_up, stop),
        handover=_until(handover, stop),
        branch_in=_until(stages[0], stop),
        examined=_until(stages[1], stop),
        tax_in=_until(stages[2], stop),
        supplement_asked=_until(np.where(there, asked, NEVER), stop),
        supplement_back=_until(np.where(there, back, NEVER), stop),
        payment_asked=_until(payment, stop),
        paid=_until(paid, stop),
        finished=finished,
        finished_seen=finished_seen,
        returned=returned,
        returned_seen=returned_seen,
        withdrawn=withdrawn,
        stopped=stopped,
        upkeep=tuple(upkeep),
    )
