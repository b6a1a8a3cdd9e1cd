"""From a plan to a simulated province: every dossier's way, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.sample.arrivals import Arrivals, arrive
from orchestration.sample.details import Details, describe, numbers
from orchestration.sample.lifecycle import Course, run
from orchestration.sample.plan import SamplePlan
from orchestration.sample.setting import Setting, prepare
from orchestration.sample.states import schedule
from orchestration.sample.streams import stream
from orchestration.sample.text import Text


@dataclass(frozen=True)
class Simulation:
    """A simulated province; per-dossier arrays are ordered by commune.

    ``state_at`` tells when states are exported, communes by days.
    """

    setting: Setting
    arrivals: Arrivals
    course: Course
    details: Details
    numbers: Text
    state_at: npt.NDArray[np.int64]

    def span(self, place: int) -> slice:
        """The dossiers of the commune at ``place``."""
        begin, end = np.searchsorted(self.arrivals.commune, [place, place + 1])
        return slice(int(begin), int(end))


def simulate(plan: SamplePlan) -> Simulation:
    """Simulate the province of ``plan``.

    Raises:
        SampleError: when the plan has no working day or names an unknown province.
    """
    setting = prepare(plan)
    arrivals = arrive(setting)
    return Simulation(
        setting=setting,
        arrivals=arrivals,
        course=run(setting, arrivals),
        details=describe(setting, arrivals),
        numbers=numbers(setting, arrivals),
        state_at=schedule(len(setting.province.communes), setting.days, stream(plan.seed, "exports")),
    )
