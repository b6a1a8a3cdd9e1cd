"""Queues against a dossier-by-dossier simulation, and planted bottlenecks where they were planted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.sample import Bottleneck, SamplePlan
from orchestration.sample.land import bottleneck_start
from orchestration.sample.queueing import Server, departures
from orchestration.sample.simulation import Simulation, simulate
from orchestration.sample.worktime import NEVER, WORKDAY, to_date


def slow_departures(arrivals: list[float], effort: list[float], server: Server) -> list[float]:
    """One by one: a server that does ``capacity`` a day, and less after it slows."""

    def work(start: float, amount: float) -> float:
        rate = server.capacity / WORKDAY
        if start < server.slow_from:
            possible = (server.slow_from - start) * rate
            if amount <= possible:
                return start + amount / rate
            return server.slow_from + (amount - possible) / (rate * server.slow)
        return start + amount / (rate * server.slow)

    free = server.busy_until
    left = [0.0] * len(arrivals)
    for place in sorted(range(len(arrivals)), key=lambda number: arrivals[number]):
        free = work(max(free, arrivals[place]), effort[place])
        left[place] = free
    return left


@given(
    st.lists(st.tuples(st.integers(0, 30 * WORKDAY), st.floats(0.05, 4)), min_size=1, max_size=60),
    st.floats(0.5, 20),
    st.floats(0, 3 * WORKDAY),
    st.floats(0, 20 * WORKDAY),
    st.floats(0.1, 1),
)
def test_departures_equal_a_slow_queue(
    dossiers: list[tuple[int, float]], capacity: float, busy: float, slow_from: float, slow: float
) -> None:
    arrivals = [float(at) for at, _ in dossiers]
    effort = [each for _, each in dossiers]
    for server in (Server(capacity, busy), Server(capacity, busy, slow_from, slow)):
        fast = departures(np.array(arrivals), np.array(effort), server)
        assert fast == pytest.approx(slow_departures(arrivals, effort, server), abs=1.5)


PLAN = SamplePlan(
    "38", date(2025, 7, 1), date(2025, 10, 31), communes=40, seed=2, dossiers_per_commune_day=20, faults=False
)


def waits_by_unit(simulation: Simulation, branch: bool, since: int) -> dict[int, float]:
    """Mean working days at each branch or tax office of dossiers that arrive after ``since``."""
    course, province = simulation.course, simulation.setting.province
    begins, ends = (course.branch_in, course.examined) if branch else (course.tax_in, course.payment_asked)
    unit = province.branch[simulation.arrivals.commune]
    unit = unit if branch else province.tax_of_branch[unit]
    worked = simulation.setting.clock.worked
    there = (begins >= since) & (begins < NEVER) & (ends < NEVER)
    return {
        int(each): float(
            (worked(ends[there & (unit == each)]) - worked(begins[there & (unit == each)])).mean()
        )
        / WORKDAY
        for each in np.unique(unit[there])
    }


@pytest.mark.parametrize("branch", [True, False], ids=["branch", "tax"])
def test_a_planted_bottleneck_shows_at_its_unit_from_its_week_on_only(branch: bool) -> None:
    loss = Bottleneck(from_week=10, capacity=0.4, unit=1)
    planted = replace(PLAN, branch_loss=loss) if branch else replace(PLAN, tax_stall=loss)
    start = bottleneck_start(planted, loss)
    assert to_date(start) == date(2025, 9, 1)
    before, after = (waits_by_unit(simulate(plan), branch, start) for plan in (PLAN, planted))
    assert after[1] > before[1] + 5
    # The others are served as before; what reaches the tax offices late through it is little.
    assert all(after[unit] < before[unit] + 1 for unit in before if unit != 1)


def test_nothing_changes_before_the_bottleneck() -> None:
    planted = replace(PLAN, branch_loss=Bottleneck(from_week=10, unit=0))
    start = bottleneck_start(planted, Bottleneck(from_week=10, unit=0))
    calm, troubled = simulate(PLAN).course, simulate(planted).course
    early = calm.examined < start
    assert early.any()
    assert np.array_equal(calm.examined[early], troubled.examined[early])
