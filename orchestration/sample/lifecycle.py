"""What becomes of each dossier: due dates, pauses, finish, hand-over, withdrawal, later upkeep.

Own dossiers of a commune are drawn so that its on-time share meets its character; land dossiers come
from the queues of ``land.py``. Visible state at a given export is ``states.py``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.land import Intake, LandCourse, citizens_answer, process
from orchestration.sample.province import Ints
from orchestration.sample.punctuality import close_in_bulk, draw_late, is_late, late_finish, reappoint
from orchestration.sample.setting import Setting
from orchestration.sample.streams import stream
from orchestration.sample.worktime import HOUR, NEVER, WORKDAY, Flags, Times, WorkClock


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


def run(setting: Setting, arrivals: Arrivals) -> Course:
    """Simulate every dossier's way."""
    rng = stream(setting.plan.seed, "lifecycle")
    clock, there, start = setting.clock, arrivals.there, arrivals.handled
    size = len(start)
    limit = setting.of_procedure("limit", arrivals.procedure).astype(np.int64) * HOUR
    same_day = setting.of_procedure("same_day", arrivals.procedure) > 0
    supplemented = rng.random(size) < setting.of_procedure("supplement", arrivals.procedure)
    first_due = clock.due(start, limit, same_day)
    allowed = np.maximum(clock.worked(first_due) - clock.worked(start), HOUR // 4)
    queued = there & ~same_day & np.isin(arrivals.procedure, _of_branches(setting))
    land = _scattered(
        process(setting, _cut(Intake(start, arrivals.commune, limit, supplemented), queued)), queued
    )

    speed = setting.of_procedure("speed", arrivals.procedure)
    used = allowed * np.clip(speed * np.exp(rng.normal(0, 0.6, size)), 0.02, 0.97)
    asked = np.where(supplemented, clock.later(start, used * rng.uniform(0.2, 0.7, size)), NEVER)
    asked = np.where(queued, land.supplement_asked, asked)
    back = np.where(queued, land.supplement_back, citizens_answer(setting, asked, rng))
    after_supplement = _extended(clock, first_due, asked, back)
    due = _extended(clock, after_supplement, land.tax_out, land.paid)

    finished = np.where(queued, land.finished, clock.later(start, used + _pause(clock, asked, back)))
    finished = np.where(there & ((asked == NEVER) | (back < NEVER)), finished, NEVER)
    late = draw_late(setting, arrivals, queued & is_late(finished, due), there & ~queued, rng)
    finished = np.where(late & (finished < NEVER), late_finish(setting, due, rng), finished)
    finished = close_in_bulk(setting, arrivals, finished, rng)
    moved_at, moved_due = reappoint(setting, arrivals, due, finished, rng)

    turn = clock.later(start, allowed * rng.uniform(0.1, 0.9, size))
    withdrawn, stopped = _broken_off(setting, there, turn, finished, rng)
    end = np.minimum(withdrawn, stopped)
    finished = _until(finished, end)
    finished_seen, returned, returned_seen = _after_finish(setting, arrivals, finished, rng)
    stop = np.minimum(end, finished)
    taken_up = clock.later(start, np.minimum(rng.uniform(60, HOUR, size), used / 3))
    handover = np.where(allowed > 2 * WORKDAY, clock.later(start, allowed * 0.25), NEVER)

    def way(times: Times) -> Times:
        return _until(np.where(there, times, NEVER), stop)

    return Course(
        due=np.where(there, first_due, NEVER),
        due_changes=(
            DueChange(way(back), after_supplement, reappointed=False),
            DueChange(way(land.paid), due, reappointed=False),
            DueChange(way(moved_at), moved_due, reappointed=True),
        ),
        taken_up=way(taken_up),
        handover=way(handover),
        branch_in=way(land.branch_in),
        examined=way(land.examined),
        tax_in=way(land.tax_in),
        supplement_asked=way(asked),
        supplement_back=way(back),
        payment_asked=way(land.tax_out),
        paid=way(land.paid),
        finished=finished,
        finished_seen=finished_seen,
        returned=returned,
        returned_seen=returned_seen,
        withdrawn=withdrawn,
        stopped=stopped,
        upkeep=_upkeep(setting, returned_seen, rng),
    )


def _of_branches(setting: Setting) -> Ints:
    """The procedures that land-registry branches resolve, as places."""
    return np.array([place for place, each in enumerate(setting.procedures) if each.route == "vpdk"])


def _cut(intake: Intake, mask: Flags) -> Intake:
    return Intake(intake.received[mask], intake.commune[mask], intake.limit[mask], intake.supplemented[mask])


def _scattered(land: LandCourse, mask: Flags) -> LandCourse:
    """A land course over all dossiers, NEVER for those that do not queue."""

    def over_all(times: Times) -> Times:
        every = np.full(len(mask), NEVER)
        every[mask] = times
        return every

    return LandCourse(**{field.name: over_all(getattr(land, field.name)) for field in fields(land)})


def _until(times: Times, end: Times) -> Times:
    """NEVER from ``end`` on."""
    return np.where(times < end, times, NEVER)


def _pause(clock: WorkClock, start: Times, end: Times) -> Times:
    """Working seconds between ``start`` and ``end``; none where it has no end."""
    return np.where(end < NEVER, clock.worked(end) - clock.worked(np.minimum(start, end)), 0)


def _extended(clock: WorkClock, due: Times, start: Times, end: Times) -> Times:
    """``due`` moved on by the pause."""
    return np.where(end < NEVER, clock.later(due, _pause(clock, start, end)), due)


def _broken_off(
    setting: Setting, there: Flags, turn: Times, finished: Times, rng: np.random.Generator
) -> tuple[Times, Times]:
    """When dossiers are withdrawn or stopped, at ``turn``, unless finished before."""
    course, fate = setting.parameters.course, rng.random(len(turn))
    possible = there & (turn < finished)
    withdrawn = possible & (fate < course.withdrawn)
    stopped = possible & (fate > 1 - course.stopped)
    return np.where(withdrawn, turn, NEVER), np.where(stopped, turn, NEVER)


def _after_finish(
    setting: Setting, arrivals: Arrivals, finished: Times, rng: np.random.Generator
) -> tuple[Times, Times, Times]:
    """When the finish was entered, when the result was handed over, and when that was entered."""
    course, clock, size = setting.parameters.course, setting.clock, len(finished)
    done = finished < NEVER
    from_when = np.where(done, finished, arrivals.handled)
    lagged = done & (rng.random(size) < setting.province.late_entry[arrivals.commune])
    lag = rng.uniform(1.5, 8, size) * WORKDAY
    finished_seen = np.where(lagged, clock.later(from_when, lag), finished)
    at_once = rng.random(size) < course.returned_same_day
    wait = rng.exponential(course.returned_days_mean, size) * WORKDAY
    wait = np.where(at_once, rng.uniform(60, HOUR, size), wait)
    returned = np.where(done, clock.later(from_when, wait), NEVER)
    return finished_seen, returned, np.where(done, np.maximum(returned, finished_seen), NEVER)


def _upkeep(setting: Setting, returned: Times, rng: np.random.Generator) -> tuple[Times, ...]:
    """Later changes, each after the one before."""
    touches: list[Times] = []
    before = returned
    for share, mean in setting.parameters.course.upkeep:
        touched = (before < NEVER) & (rng.random(len(before)) < share)
        gap = rng.exponential(mean, len(before)) * WORKDAY
        before = np.where(touched, setting.clock.later(before, gap), NEVER)
        touches.append(before)
    return tuple(touches)
