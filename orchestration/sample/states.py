"""What each export shows: the dossiers that changed since the commune's last export, in their state then.

Numbers only. How they are written down is ``columns.py``; that a file then goes wrong is ``faults.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.lifecycle import Course
from orchestration.sample.province import Ints
from orchestration.sample.streams import whole
from orchestration.sample.worktime import CLOSES, DAY, NEVER, Flags, Times

REGISTERED, RECEIVED, REFUSED, IN_PROCESS, SUPPLEMENT, PAYMENT, WITHDRAWN, STOPPED, FINISHED, RETURNED = (
    range(1, 11)
)


@dataclass(frozen=True)
class Exports:
    """One commune's exports: days since 1970, when the state is taken, whether a file is sent at all."""

    days: Times
    at: Times
    sent: Flags


@dataclass(frozen=True)
class Rows:
    """Rows of a commune's ``hoso`` exports, ordered by export, then dossier (both as places)."""

    dossier: Ints
    export: Ints
    at: Times


@dataclass(frozen=True)
class State:
    """What stands in a row besides times that merely have or have not come. Times as in ``worktime``."""

    status: Ints
    due: Times
    previous_due: Times
    updated: Times
    supplements: Ints
    reappointed: Flags


def schedule(communes: int, days: Times, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """When states are taken, communes by days: each commune at its own minute after closing."""
    habit = whole(rng, 300, 2400, communes)[:, None]
    wobble = whole(rng, 0, 240, (communes, len(days)))
    return days[None, :] * DAY + CLOSES + habit + wobble


def events(arrivals: Arrivals, course: Course) -> list[Times]:
    """Everything that touches a dossier, when the system came to know of it."""
    return [
        arrivals.submitted,
        arrivals.received,
        arrivals.refused,
        course.taken_up,
        course.handover,
        course.branch_in,
        course.examined,
        course.tax_in,
        course.supplement_asked,
        course.supplement_back,
        course.payment_asked,
        course.paid,
        course.due_changes[-1].at,
        course.finished_seen,
        course.returned_seen,
        course.withdrawn,
        course.stopped,
        *course.upkeep,
    ]


def change_rows(changes: list[Times], exports: Exports) -> Rows:
    """One row per dossier and sent export that follows any of ``changes`` (each per dossier)."""
    count = len(exports.days)
    next_sent = _next_sent(exports.sent)
    columns: list[Ints] = []
    for event in changes:
        place = np.searchsorted(exports.days, event // DAY)
        at = exports.at[np.minimum(place, count - 1)]
        place = np.where((place < count) & (event > at), place + 1, place)
        columns.append(next_sent[place])
    touched = np.sort(np.stack(columns, axis=1).astype(np.int32), axis=1)
    fresh = np.ones(touched.shape, dtype=np.bool_)
    fresh[:, 1:] = touched[:, 1:] != touched[:, :-1]
    dossier, column = np.nonzero(fresh & (touched < count))
    export = touched[dossier, column].astype(np.int64)
    order = np.argsort(export, kind="stable")
    dossier, export = dossier[order], export[order]
    return Rows(dossier, export, exports.at[export])


def _next_sent(sent: Flags) -> Ints:
    """Per export the next one that is sent, the number of exports when none is left."""
    count = len(sent)
    following = np.full(count + 2, count, dtype=np.int64)
    for place in range(count - 1, -1, -1):
        following[place] = place if sent[place] else following[place + 1]
    return following


def state(arrivals: Arrivals, course: Course, rows: Rows) -> State:
    """The state of each row at its export."""
    dossier, at = rows.dossier, rows.at

    def past(times: Times) -> Flags:
        return times[dossier] <= at

    status = np.full(len(dossier), REGISTERED, dtype=np.int64)
    for reached, code in (
        (past(arrivals.received), RECEIVED),
        (past(course.taken_up), IN_PROCESS),
        (past(course.supplement_asked) & ~past(course.supplement_back), SUPPLEMENT),
        (past(course.payment_asked) & ~past(course.paid), PAYMENT),
        (past(course.finished_seen), FINISHED),
        (past(course.returned_seen), RETURNED),
        (past(arrivals.refused), REFUSED),
        (past(course.withdrawn), WITHDRAWN),
        (past(course.stopped), STOPPED),
    ):
        status[reached] = code
    due = np.where(past(arrivals.received), course.due[dossier], NEVER)
    previous = np.full(len(dossier), NEVER)
    reappointed = np.zeros(len(dossier), dtype=np.bool_)
    for change in course.due_changes:
        there = past(change.at)
        if change.reappointed:
            previous = np.where(there, due, previous)
            reappointed = there
        due = np.where(there, change.due[dossier], due)
    updated = np.zeros(len(dossier), dtype=np.int64)
    for times in events(arrivals, course):
        event = times[dossier]
        updated = np.where(event <= at, np.maximum(updated, event), updated)
    supplements = past(course.supplement_asked).astype(np.int64)
    return State(status, due, previous, updated, supplements, reappointed)
