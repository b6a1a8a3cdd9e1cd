"""A queue served in order of arrival at a given capacity, on arrays.

One server per unit, in working time; its speed may drop once. That is all a branch or a tax office is
here: lateness follows from arrivals and capacity and is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.province import Floats
from orchestration.sample.worktime import WORKDAY, Times


@dataclass(frozen=True)
class Server:
    """Capacity in dossiers per working day; from ``slow_from`` (working seconds) on only ``slow`` of it.

    ``busy_until`` is when the inherited backlog is worked off, in working seconds.
    """

    capacity: float
    busy_until: float
    slow_from: float = float("inf")
    slow: float = 1.0


def departures(arrivals: Floats, effort: Floats, server: Server) -> Times:
    """When each dossier leaves, in working seconds, for ``arrivals`` in working seconds, in any order.

    ``effort`` is each dossier's work relative to the mean.
    """
    order = np.argsort(arrivals, kind="stable")
    service = effort[order] * (WORKDAY / server.capacity)
    done = np.cumsum(service)
    # A dossier starts when it is there and the one before is done: with the work done before taken out,
    # the start is a running maximum. Slowness is a change of the time axis.
    ready = _effective(arrivals[order], server) - (done - service)
    ready[:1] = np.maximum(ready[:1], _effective(np.array([server.busy_until]), server))
    left = np.empty(len(arrivals), dtype=np.int64)
    left[order] = np.ceil(_actual(np.maximum.accumulate(ready) + done, server)).astype(np.int64)
    return left


def _effective(worked: Floats, server: Server) -> Floats:
    if server.slow_from == float("inf"):
        return worked.astype(np.float64)
    return np.where(
        worked < server.slow_from, worked, server.slow_from + (worked - server.slow_from) * server.slow
    )


def _actual(effective: Floats, server: Server) -> Floats:
    if server.slow_from == float("inf"):
        return effective
    return np.where(
        effective < server.slow_from,
        effective,
        server.slow_from + (effective - server.slow_from) / server.slow,
    )
