"""Wall time, processor time and peak memory of one call in a fresh process."""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Measurement(Generic[Result]):
    """What a call took: ``seconds`` of wall time, ``processor_seconds`` of all its threads and children,
    ``peak_mb`` of resident memory; and its result.
    """

    seconds: float
    processor_seconds: float
    peak_mb: float
    result: Result


def measured(call: Callable[..., Result], *arguments: object) -> Measurement[Result]:
    """Run ``call(*arguments)`` in a new process and measure it there, imports of its own included."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_measure_here, call, *arguments).result()


def _measure_here(call: Callable[..., Result], *arguments: object) -> Measurement[Result]:
    # The waste of imports would be collected during the call, by chance on either side.
    gc.collect()
    gc.freeze()
    began, worked = time.perf_counter(), _processor_seconds()
    result = call(*arguments)
    seconds, worked = time.perf_counter() - began, _processor_seconds() - worked
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Measurement(seconds, worked, peak_kb / 1024, result)


def _processor_seconds() -> float:
    """Of this process and of its children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system
