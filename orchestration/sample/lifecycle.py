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

PACE_SIGMA = 0.6
"""Spread of the share of its limit that an own dossier takes, log-normal about its procedure's speed."""


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


@dataclass(frozen=True)
class _Waits:
    """What a dossier waits for, and its due time first, after a supplement, and after payment too."""

    land: LandCourse
    queued: Flags
    asked: Times
    back: Times
    first_due: Times
    after_supplement: Times
    due: Times
    allowed: Times
    used: Times


def run(setting: Setting, arrivals: Arrivals) -> Course:
    """Simulate every dossier's way."""
    rng = stream(setting.plan.seed, "lifecycle")
    clock, there, start = setting.clock, arrivals.there, arrivals.handled
    waits = _waits(setting, arrivals, rng)
    finished = _finishes(setting, arrivals, waits, rng)
    moved_at, moved_due = reappoint(setting, arrivals, waits.due, finished, rng)
    turn = clock.later(start, waits.allowed * rng.uniform(0.1, 0.9, len(start)))
    withdrawn, stopped = _broken_off(setting, there, turn, finished, rng)
    end = np.minimum(withdrawn, stopped)
    finished = _until(finished, end)
    finished_seen, returned, returned_seen = _after_finish(setting, arrivals, finished, rng)
    stop = np.minimum(end, finished)
    taken_up = clock.later(start, np.minimum(rng.uniform(60, HOUR, len(start)), waits.used / 3))
    handover = np.where(waits.allowed > 2 * WORKDAY, clock.later(start, waits.allowed * 0.25), NEVER)

    def way(times: Times) -> Times:
        return _until(np.where(there, times, NEVER), stop)

    return Course(
        due=np.where(there, waits.first_due, NEVER),
        due_changes=(
            DueChange(way(waits.back), waits.after_supplement, reappointed=False),
            DueChange(way(waits.land.paid), waits.due, reappointed=False),
            DueChange(way(moved_at), moved_due, reappointed=True),
        ),
        taken_up=way(taken_up),
        handover=way(handover),
        branch_in=way(waits.land.branch_in),
        examined=way(waits.land.examined),
        tax_in=way(waits.land.tax_in),
        supplement_asked=way(waits.asked),
        supplement_back=way(waits.back),
        payment_asked=way(waits.land.tax_out),
        paid=way(waits.land.paid),
        finished=finished,
        finished_seen=finished_seen,
        returned=returned,
        returned_seen=returned_seen,
        withdrawn=withdrawn,
        stopped=stopped,
        upkeep=_upkeep(setting, returned_seen, rng),
    )


def _waits(setting: Setting, arrivals: Arrivals, rng: np.random.Generator) -> _Waits:
    """Due times and pauses: land dossiers by their queues, the others by their own pace."""
    clock, start, size = setting.clock, arrivals.handled, len(arrivals.commune)
    limit = setting.of_procedure("limit", arrivals.procedure).astype(np.int64) * HOUR
    same_day = setting.of_procedure("same_day", arrivals.procedure) > 0
    supplemented = rng.random(size) < setting.of_procedure("supplement", arrivals.procedure)
    first_due = clock.due(start, limit, same_day)
    allowed = np.maximum(clock.worked(first_due) - clock.worked(start), HOUR // 4)
    queued = arrivals.there & ~same_day & np.isin(arrivals.procedure, _of_branches(setting))
    intake = Intake(start[queued], arrivals.commune[queued], limit[queued], supplemented[queued])
    land = _scattered(process(setting, intake), queued)
    speed = setting.of_procedure("speed", arrivals.procedure)
    used = allowed * np.clip(speed * np.exp(rng.normal(0, PACE_SIGMA, size)), 0.02, 0.97)
    asked = np.where(supplemented, clock.later(start, used * rng.uniform(0.2, 0.7, size)), NEVER)
    asked = np.where(queued, land.supplement_asked, asked)
    back = np.where(queued, land.supplement_back, citizens_answer(setting, asked, rng))
    after_supplement = _extended(clock, first_due, asked, back)
    return _Waits(
        land=land,
        queued=queued,
        asked=asked,
        back=back,
        first_due=first_due,
        after_supplement=after_supplement,
        due=_extended(clock, after_supplement, land.tax_out, land.paid),
        allowed=allowed,
        used=used.astype(np.int64),
    )


def _finishes(setting: Setting, arrivals: Arrivals, waits: _Waits, rng: np.random.Generator) -> Times:
    """When dossiers are finished, NEVER where a supplement never comes."""
    clock, there, queued = setting.clock, arrivals.there, waits.queued
    own = clock.later(arrivals.handled, waits.used + _pause(clock, waits.asked, waits.back))
    finished = np.where(queued, waits.land.finished, own)
    possible = there & ((waits.asked == NEVER) | (waits.back < NEVER))
    finished = np.where(possible, finished, NEVER)
    land_late = queued & is_late(finished, waits.due)
    late = draw_late(setting, arrivals, land_late, there & ~queued, rng)
    finished = np.where(late & (finished < NEVER), late_finish(setting, waits.due, rng), finished)
    return close_in_bulk(setting, arrivals, finished, rng)


def _of_branches(setting: Setting) -> Ints:
    """The procedures that land-registry branches resolve, as places."""
    return np.array([place for place, each in enumerate(setting.procedures) if each.route == "vpdk"])


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
