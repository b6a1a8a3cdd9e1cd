"""The truth about a sample: what really happened, what the files let anyone see, and every planted fault.

Written beside the inbox, never inside it, and without personal values. Tests of the whole system compare
against it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.columns import Source
from orchestration.sample.states import (
    FINISHED,
    PAYMENT,
    REFUSED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
    Exports,
    Rows,
    State,
)
from orchestration.sample.states import state as state_of
from orchestration.sample.worktime import DAY, NEVER, Flags, Times

ONLINE = 2
PAUSED = (SUPPLEMENT, PAYMENT, STOPPED)


@dataclass(frozen=True)
class Totals:
    """Counts of dossiers of one commune at the last export.

    Early, on time and late compare the day of finishing with the due day (form II.06); no due date counts
    as on time. Open is received and neither finished nor withdrawn; paused is open with status 5, 6 or 8;
    overdue is open, not paused and due before the last day.
    """

    dossiers: int
    received: int
    received_online: int
    resolved: int
    resolved_early: int
    resolved_on_time: int
    resolved_late: int
    withdrawn: int
    refused: int
    open_at_end: int
    paused_at_end: int
    overdue_at_end: int
    due_moved: int


def count(
    received: Times, channel: Times, status: Times, finished: Times, due: Times, moved: Flags, last_day: int
) -> Totals:
    """Totals of dossiers in a known state; times as in ``worktime``."""
    there = received < NEVER
    resolved = there & np.isin(status, (FINISHED, RETURNED))
    early = resolved & (finished // DAY < due // DAY)
    late = resolved & (finished // DAY > due // DAY)
    pending = there & ~resolved & (status != WITHDRAWN) & (status != REFUSED)
    paused = pending & np.isin(status, PAUSED)
    overdue = pending & ~paused & (due // DAY < last_day)
    return Totals(
        dossiers=len(status),
        received=int(there.sum()),
        received_online=int((there & (channel == ONLINE)).sum()),
        resolved=int(resolved.sum()),
        resolved_early=int(early.sum()),
        resolved_on_time=int((resolved & ~early & ~late).sum()),
        resolved_late=int(late.sum()),
        withdrawn=int((there & (status == WITHDRAWN)).sum()),
        refused=int((status == REFUSED).sum()),
        open_at_end=int(pending.sum()),
        paused_at_end=int(paused.sum()),
        overdue_at_end=int(overdue.sum()),
        due_moved=int((there & moved).sum()),
    )


def in_truth(source: Source, exports: Exports) -> Totals:
    """What really was the case at the last export's time, whether or not it was exported."""
    known = np.flatnonzero(source.arrivals.submitted <= exports.at[-1])
    rows = Rows(known, np.full(len(known), len(exports.days) - 1), np.full(len(known), exports.at[-1]))
    everything = np.ones(len(known), dtype=np.bool_)
    return as_delivered(source, rows, state_of(source.arrivals, source.course, rows), everything, exports)


def as_delivered(source: Source, rows: Rows, state: State, readable: Flags, exports: Exports) -> Totals:
    """What can be known from the readable rows: each dossier as its last one shows it."""
    places = np.flatnonzero(readable)
    last = np.full(len(source.arrivals.commune), -1)
    last[rows.dossier[places]] = places  # rows are ordered by export, so the newest stays
    place = last[last >= 0]
    dossier, at = rows.dossier[place], rows.at[place]
    received = source.arrivals.received[dossier]
    finished = np.where(source.course.finished_seen[dossier] <= at, source.course.finished[dossier], NEVER)
    return count(
        received=np.where(received <= at, received, NEVER),
        channel=source.details.channel[dossier],
        status=state.status[place],
        finished=finished,
        due=state.due[place],
        moved=state.previous_due[place] < NEVER,
        last_day=int(exports.days[-1]),
    )
