"""Is the province like the real ones? Against the figures that the parameters were taken from."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import numpy as np
import pytest

from orchestration.sample import SamplePlan
from orchestration.sample.jobs import source_of
from orchestration.sample.simulation import Simulation, simulate
from orchestration.sample.states import Exports, change_rows, events
from orchestration.sample.truth import in_truth
from orchestration.sample.worktime import DAY, HOUR, NEVER

PLAN = SamplePlan(
    "38", date(2025, 7, 1), date(2025, 12, 3), seed=4, dossiers_per_commune_day=12, faults=False
)
Totals = dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]


@pytest.fixture(scope="module")
def simulation() -> Simulation:
    return simulate(PLAN)


@pytest.fixture(scope="module")
def totals(simulation: Simulation) -> Totals:
    setting = simulation.setting
    every_day = np.ones(len(setting.days), dtype=np.bool_)
    communes = [
        asdict(in_truth(source_of(simulation, place), Exports(setting.days, at, every_day)))
        for place, at in enumerate(simulation.state_at)
    ]
    return {name: np.array([commune[name] for commune in communes]) for name in communes[0]}


def test_thanh_hoa_as_published(totals: Totals) -> None:
    """All 166 communes, 1/7-3/12/2025: 96.62 % online, 2.2 % open."""
    received = totals["received"].sum()
    assert len(totals["received"]) == 166
    assert received == 12 * 166 * 110
    assert totals["received_online"].sum() / received == pytest.approx(0.9662, abs=0.003)
    assert totals["open_at_end"].sum() / received == pytest.approx(0.022, abs=0.006)
    share = totals["received_online"] / totals["received"]
    assert np.quantile(share, 0.05) > 0.93
    assert np.quantile(share, 0.95) < 1


def test_on_time_shares_spread_like_phu_thos_148_communes(totals: Totals) -> None:
    on_time = 1 - totals["resolved_late"] / totals["resolved"]
    for quantile, published in ((0.1, 0.8883), (0.25, 0.9145), (0.5, 0.9451), (0.75, 0.9592), (0.9, 0.9704)):
        assert np.quantile(on_time, quantile) == pytest.approx(published, abs=0.015)
    assert 0.76 < on_time.min() < 0.86
    assert np.corrcoef(np.log(totals["received"]), on_time)[0, 1] == pytest.approx(-0.37, abs=0.15)


def test_volumes_are_log_normal_with_busy_wards(simulation: Simulation, totals: Totals) -> None:
    volume = np.log(totals["received"])
    assert volume.std() == pytest.approx(0.54, abs=0.06)
    ward = np.array([commune.kind == "phuong" for commune in simulation.setting.province.communes])
    assert totals["received"][ward].mean() > 1.3 * totals["received"][~ward].mean()


def test_most_results_are_early_some_on_the_day(totals: Totals) -> None:
    """Thọ Phú resolved 76 % early and 22 % on the day."""
    resolved = totals["resolved"].sum()
    assert 0.6 < totals["resolved_early"].sum() / resolved < 0.8
    assert 0.15 < totals["resolved_on_time"].sum() / resolved < 0.35


def test_procedures_come_in_their_shares(simulation: Simulation) -> None:
    codes = [procedure.code for procedure in simulation.setting.procedures]
    own = np.array([procedure.route == "xa" for procedure in simulation.setting.procedures])
    counts = np.bincount(simulation.arrivals.procedure, minlength=len(codes))
    total_share = sum(p.share for p in simulation.setting.procedures if p.route == "xa")
    copies = counts[codes.index("2.000815")] / counts[own].sum()
    assert copies == pytest.approx(33.8 / total_share, abs=0.01)
    assert counts[~own].sum() / counts.sum() == pytest.approx(0.12, abs=0.015)


def test_land_takes_longest_and_is_late_most(simulation: Simulation) -> None:
    course, arrivals = simulation.course, simulation.arrivals
    queued = course.branch_in < NEVER
    done = course.finished < NEVER
    days = (course.finished - arrivals.received) / DAY
    assert 9 < days[queued & done].mean() < 16  # Phú Thọ's land department: 12.7
    assert days[~queued & done].mean() < 3
    share_paid = (course.paid[queued & done] < NEVER).mean()
    assert share_paid == pytest.approx(simulation.setting.parameters.land.tax_share, abs=0.05)


def test_nobody_receives_at_night_or_on_days_off(simulation: Simulation) -> None:
    received = simulation.arrivals.received[simulation.arrivals.there]
    clock = simulation.setting.clock
    assert clock.working[received // DAY - clock.first].all()
    second = received % DAY
    assert ((second >= 7 * HOUR) & (second <= 17 * HOUR)).all()
    assert not ((second > 11.5 * HOUR) & (second < 13.5 * HOUR)).any()
    hours = np.bincount(second // HOUR, minlength=24)
    assert hours[8:11].sum() > hours[13:16].sum() > 0


def test_mondays_are_busier_than_fridays(simulation: Simulation) -> None:
    received = simulation.arrivals.received[simulation.arrivals.there]
    weekday = (received // DAY + 3) % 7  # 1970 began on a Thursday
    counts = np.bincount(weekday, minlength=7)
    assert counts[0] > 1.1 * counts[4]
    assert counts[5:].sum() == 0


def test_each_dossier_shows_in_about_five_exports(simulation: Simulation) -> None:
    """The change rows that the engine notes were measured with: 4.75 per dossier."""
    setting = simulation.setting
    every_day = np.ones(len(setting.days), dtype=np.bool_)
    rows = dossiers = 0
    for place in range(0, 166, 15):
        source = source_of(simulation, place)
        exports = Exports(setting.days, simulation.state_at[place], every_day)
        rows += len(change_rows(events(source.arrivals, source.course), exports).dossier)
        dossiers += len(source.arrivals.commune)
    assert 4.2 < rows / dossiers < 5.2
