"""Who is late, and who makes it look otherwise: late dossiers, new appointments, closing in bulk."""

from __future__ import annotations

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.province import Floats
from orchestration.sample.setting import Setting
from orchestration.sample.streams import whole
from orchestration.sample.worktime import CLOSES, DAY, HOUR, NEVER, Flags, Times

MOST_LATE = 0.85
"""No procedure of a commune is late more often than this."""


def is_late(finished: Times, due: Times) -> Flags:
    """Finished on a later day than due (the rule of form II.06)."""
    return (finished < NEVER) & (finished // DAY > due // DAY)


def draw_late(
    setting: Setting,
    arrivals: Arrivals,
    land_late: Flags,
    drawn: Flags,
    rng: np.random.Generator,
) -> Flags:
    """Which of the ``drawn`` dossiers become late, so that each commune meets its share.

    ``land_late`` are late already, through their branch's queue, and count towards the share.
    """
    commune, count = arrivals.commune, len(setting.province.communes)
    weight = np.where(drawn, setting.of_procedure("late_weight", arrivals.procedure), 0.0)

    def per_commune(values: Floats) -> Floats:
        return np.bincount(commune, values, count).astype(np.float64)

    wanted = (1 - setting.province.on_time) * per_commune(arrivals.there.astype(np.float64))
    wanted = np.maximum(wanted - per_commune(land_late.astype(np.float64)), 0)
    factor = wanted / np.maximum(per_commune(weight), 1e-9)
    for _ in range(12):  # the cap takes from some, so the rest is raised until the sum fits
        reached = per_commune(np.minimum(factor[commune] * weight, MOST_LATE))
        factor *= np.where(reached > 0, wanted / np.maximum(reached, 1e-9), 1)
    return rng.random(len(weight)) < np.minimum(factor[commune] * weight, MOST_LATE)


def late_finish(setting: Setting, due: Times, rng: np.random.Generator) -> Times:
    """A finish some working days after the due day, in office hours."""
    size = len(due)
    days = rng.geometric(1 / setting.parameters.timeliness.days_late_mean, size)
    second = 8 * HOUR + (rng.beta(1.3, 1.5, size) * 8.5 * HOUR).astype(np.int64)
    return setting.clock.later(setting.clock.workday_after(due, days) + second, 60)


def close_in_bulk(setting: Setting, arrivals: Arrivals, finished: Times, rng: np.random.Generator) -> Times:
    """One commune closes most of what is open within the last half hour of each month."""
    behaviour = setting.behaviour
    mine = setting.is_commune(behaviour.closes_in_bulk, arrivals.commune)
    if not mine.any():
        return finished
    for day in month_ends(setting.days):
        moment = day * DAY + CLOSES - HOUR // 2
        open_then = mine & (arrivals.received < moment) & (finished > moment) & (finished < NEVER)
        closed = open_then & (rng.random(len(finished)) < behaviour.bulk_share)
        finished = np.where(closed, moment + whole(rng, 0, 600, len(finished)), finished)
    return finished


def month_ends(days: Times) -> Times:
    """The last working day of each month of the sample that is over, as days since 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]")
    return days[:-1][months[:-1] != months[1:]]


def reappoint(
    setting: Setting, arrivals: Arrivals, due: Times, finished: Times, rng: np.random.Generator
) -> tuple[Times, Times]:
    """When late dossiers get a new appointment (NEVER: none), and for when.

    Ordinary ones are late even so; the moving commune moves most of them past their finish.
    """
    clock, behaviour, size = setting.clock, setting.behaviour, len(due)
    mover = setting.is_commune(behaviour.moves_due, arrivals.commune)
    honest = clock.workday_after(due, whole(rng, 1, 4, size)) + CLOSES
    share = np.where(mover, behaviour.moved_share, setting.parameters.course.reappointed)
    moved = is_late(finished, due) & (rng.random(size) < share) & (mover | is_late(finished, honest))
    last = np.minimum(finished, clock.days[-1] * DAY)
    eve = clock.workday_after(due, -1) + 9 * HOUR + whole(rng, 0, 6 * HOUR, size)
    eve = np.maximum(eve, arrivals.handled + HOUR)
    return np.where(moved, eve, NEVER), np.where(mover, clock.workday_after(last, 1) + CLOSES, honest)
