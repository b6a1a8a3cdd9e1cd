"""Which dossiers come in: commune, procedure, channel, when submitted and when received.

The rhythm of weekdays, seasons and hours is here. What becomes of a dossier is ``lifecycle.py`` and
``land.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from orchestration.sample.catalogue import Procedure
from orchestration.sample.parameters import Parameters
from orchestration.sample.province import Floats, Ints, Province
from orchestration.sample.streams import stream
from orchestration.sample.worktime import (
    BACK,
    CLOSES,
    DAY,
    HOUR,
    LUNCH,
    NEVER,
    OPENS,
    Flags,
    Times,
    WorkClock,
    to_date,
)

COUNTER, ONLINE, POST = 1, 2, 3
SEEN_AHEAD = 2
"""Working days simulated beyond the last, for dossiers that are submitted but not yet received at its end."""


@dataclass(frozen=True)
class Arrivals:
    """Dossiers ordered by commune, then submission. Times as in ``worktime``; arrays are per dossier.

    ``received`` is NEVER and ``refused`` set where reception was refused.
    """

    commune: Ints
    procedure: Ints
    channel: Ints
    submitted: Times
    received: Times
    refused: Times
    ministry: Flags


def arrive(
    province: Province,
    procedures: list[Procedure],
    parameters: Parameters,
    clock: WorkClock,
    days: Times,
    mean_rate: float,
    seed: int,
) -> Arrivals:
    """Dossiers received on ``days`` (working days since 1970), and those submitted by their end."""
    rng = stream(seed, "arrivals")
    expected = _expected(province, parameters, clock, days, rng)
    total = round(mean_rate * len(province.communes) * len(days))
    counts = rng.multinomial(total, (expected / expected.sum()).ravel()).reshape(expected.shape)
    extra = rng.poisson(expected * total / expected.sum() * parameters.channels.not_received)
    position = int(np.searchsorted(clock.days, days[-1])) + 1
    ahead_days = clock.days[position : position + SEEN_AHEAD]
    ahead = rng.poisson(np.repeat(province.rate[:, None], SEEN_AHEAD, axis=1))
    commune, day, refused = (
        np.concatenate(parts)
        for parts in zip(
            _spread(counts, days, False),
            _spread(extra, days, True),
            _spread(ahead, ahead_days, False),
            strict=True,
        )
    )
    size = len(commune)
    channel = _channels(province.online[commune], parameters, rng)
    channel[refused] = ONLINE
    handled = day * DAY + _office_seconds(size, rng)
    submitted = _submitted(handled, channel, parameters, clock, days[0], rng)
    procedure = _procedures(province.land[commune], procedures, rng)
    order = np.lexsort((handled, submitted, commune))
    return Arrivals(
        commune=commune[order],
        procedure=procedure[order],
        channel=channel[order],
        submitted=submitted[order],
        received=np.where(refused, NEVER, handled)[order],
        refused=np.where(refused, handled, NEVER)[order],
        ministry=(rng.random(size) < parameters.course.ministry_system)[order],
    )


def _expected(
    province: Province, parameters: Parameters, clock: WorkClock, days: Times, rng: np.random.Generator
) -> Floats:
    """Expected dossiers per commune (rows) and day (columns), up to a constant."""
    volume = parameters.volume
    dates = [to_date(int(day) * DAY) for day in days]
    rhythm = np.array([volume.weekday[date.weekday()] * volume.month[date.month - 1] for date in dates])
    previous = clock.days[np.maximum(np.searchsorted(clock.days, days) - 1, 0)]
    rhythm *= np.where(days - previous > 3, volume.after_holiday, 1.0)
    noise = np.exp(rng.normal(0, volume.day_sigma, (len(province.communes), len(days))))
    return province.rate[:, None] * rhythm[None, :] * noise


def _spread(counts: npt.NDArray[np.int64], days: Times, refused: bool) -> tuple[Ints, Times, Flags]:
    """One entry per dossier from a table of counts."""
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    return cells // counts.shape[1], days[cells % counts.shape[1]], np.full(len(cells), refused)


def _office_seconds(size: int, rng: np.random.Generator) -> Times:
    """Second of the day of reception: peaks at nine and at half past two, nothing outside office hours."""
    morning = rng.random(size) < 0.6
    early = OPENS + 600 + (LUNCH - OPENS - 900) * rng.beta(1.7, 1.9, size)
    late = BACK + 300 + (CLOSES - BACK - 600) * rng.beta(1.5, 2.2, size)
    return np.where(morning, early, late).astype(np.int64)


def _channels(online: Floats, parameters: Parameters, rng: np.random.Generator) -> Ints:
    draw = rng.random(len(online))
    post = online + (1 - online) * (1 - parameters.channels.post_of_rest)
    return np.where(draw < online, ONLINE, np.where(draw < post, COUNTER, POST)).astype(np.int64)


def _submitted(
    received: Times,
    channel: Ints,
    parameters: Parameters,
    clock: WorkClock,
    first_day: int,
    rng: np.random.Generator,
) -> Times:
    """Counter and post: at reception. Online: minutes to hours before, or out of hours before the day began."""
    size = len(received)
    minutes = np.minimum(rng.lognormal(3.2, 1.1, size) * 60, received % DAY - 6 * HOUR).astype(np.int64)
    previous = clock.workday_after(received, -1) + CLOSES
    gap = received // DAY * DAY + OPENS - previous
    overnight = previous + (gap * rng.beta(1.1, 2.2, size)).astype(np.int64)
    outside = (rng.random(size) < parameters.channels.overnight) & (received // DAY > first_day)
    online = np.where(outside, overnight, received - minutes)
    return np.where(channel == ONLINE, online, received)


def _procedures(land_share: Floats, procedures: list[Procedure], rng: np.random.Generator) -> Ints:
    size = len(land_share)
    is_land = rng.random(size) < land_share
    chosen = np.empty(size, dtype=np.int64)
    for land in (False, True):
        places = [place for place, procedure in enumerate(procedures) if (procedure.route == "vpdk") == land]
        shares = np.array([procedures[place].share for place in places])
        mask = is_land == land
        chosen[mask] = rng.choice(np.array(places), size=int(mask.sum()), p=shares / shares.sum())
    return chosen
