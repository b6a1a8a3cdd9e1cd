"""Which dossiers come in: commune, procedure, channel, when submitted and when received.

The rhythm of weekdays, seasons and hours is here. What becomes of a dossier is ``lifecycle.py`` and
``land.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.province import Floats, Ints
from orchestration.sample.setting import Setting
from orchestration.sample.streams import poisson, stream
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
    to_date,
)

COUNTER, ONLINE, POST = 1, 2, 3
SEEN_AHEAD = 2
"""Working days simulated beyond the last, for dossiers submitted but not yet received at its end."""


@dataclass(frozen=True)
class Arrivals:
    """Dossiers ordered by commune, then submission. Times as in ``worktime``; arrays are per dossier.

    ``received`` is NEVER and ``refused`` set where reception was refused; ``handled`` is either.
    """

    commune: Ints
    procedure: Ints
    channel: Ints
    submitted: Times
    received: Times
    refused: Times
    ministry: Flags

    @property
    def there(self) -> Flags:
        """Where the dossier was received."""
        return self.received < NEVER

    @property
    def handled(self) -> Times:
        """When reception decided."""
        return np.minimum(self.received, self.refused)


def arrive(setting: Setting) -> Arrivals:
    """Dossiers received on the sample's working days, and those submitted by their end."""
    rng = stream(setting.plan.seed, "arrivals")
    channels, days, clock = setting.parameters.channels, setting.days, setting.clock
    expected = _expected(setting, rng)
    total = round(setting.mean_rate * len(setting.province.communes) * len(days))
    share = expected / expected.sum()
    received = _divide(total, share, rng)
    refused = poisson(rng, share * total * channels.not_received)
    ahead_days = clock.days[clock.days > days[-1]][:SEEN_AHEAD]
    ahead = poisson(rng, np.repeat(setting.province.rate[:, None], SEEN_AHEAD, axis=1))
    cells = [_spread(received, days), _spread(refused, days), _spread(ahead, ahead_days)]
    commune = np.concatenate([cell[0] for cell in cells])
    day = np.concatenate([cell[1] for cell in cells])
    turned_away = np.repeat([False, True, False], [len(cell[0]) for cell in cells])
    channel = np.where(turned_away, ONLINE, _channels(setting, setting.province.online[commune], rng))
    handled = day * DAY + _office_seconds(len(day), rng)
    submitted = _submitted(setting, handled, channel, rng)
    procedure = _procedures(setting, setting.province.land[commune], rng)
    ministry = rng.random(len(day)) < setting.parameters.course.ministry_system
    order = np.lexsort((handled, submitted, commune))
    return Arrivals(
        commune=commune[order],
        procedure=procedure[order],
        channel=channel[order],
        submitted=submitted[order],
        received=np.where(turned_away, NEVER, handled)[order],
        refused=np.where(turned_away, handled, NEVER)[order],
        ministry=ministry[order],
    )


def _expected(setting: Setting, rng: np.random.Generator) -> Floats:
    """Expected dossiers per commune (rows) and day (columns), up to a constant."""
    volume, days, clock = setting.parameters.volume, setting.days, setting.clock
    dates = [to_date(int(day) * DAY) for day in days]
    rhythm = np.array([volume.weekday[date.weekday()] * volume.month[date.month - 1] for date in dates])
    previous = clock.days[np.maximum(np.searchsorted(clock.days, days) - 1, 0)]
    rhythm *= np.where(days - previous > 3, volume.after_holiday, 1.0)
    noise = np.exp(rng.normal(0, volume.day_sigma, (len(setting.province.communes), len(days))))
    return setting.province.rate[:, None] * rhythm[None, :] * noise


def _divide(total: int, share: Floats, rng: np.random.Generator) -> Ints:
    """``total`` dossiers over a table of shares."""
    counts: Ints = rng.multinomial(total, share.ravel())
    return counts.reshape(share.shape)


def _spread(counts: Ints, days: Times) -> tuple[Ints, Times]:
    """Commune and day of every dossier, from a table of counts."""
    cells = np.repeat(np.arange(counts.size), counts.ravel())
    return cells // counts.shape[1], days[cells % counts.shape[1]]


def _office_seconds(size: int, rng: np.random.Generator) -> Times:
    """Second of the day of reception: peaks about nine and half past two, nothing outside office hours."""
    morning = rng.random(size) < 0.6
    early = OPENS + 600 + (LUNCH - OPENS - 900) * rng.beta(1.7, 1.9, size)
    late = BACK + 300 + (CLOSES - BACK - 600) * rng.beta(1.5, 2.2, size)
    return np.where(morning, early, late).astype(np.int64)


def _channels(setting: Setting, online: Floats, rng: np.random.Generator) -> Ints:
    draw = rng.random(len(online))
    counter = online + (1 - online) * (1 - setting.parameters.channels.post_of_rest)
    return np.where(draw < online, ONLINE, np.where(draw < counter, COUNTER, POST)).astype(np.int64)


def _submitted(setting: Setting, handled: Times, channel: Ints, rng: np.random.Generator) -> Times:
    """Counter and post: at reception. Online: minutes to hours before, or out of hours before that day."""
    size = len(handled)
    minutes = np.minimum(rng.lognormal(3.2, 1.1, size) * 60, handled % DAY - 6 * HOUR).astype(np.int64)
    previous = setting.clock.workday_after(handled, -1) + CLOSES
    gap = handled // DAY * DAY + OPENS - previous
    overnight = previous + (gap * rng.beta(1.1, 2.2, size)).astype(np.int64)
    outside = rng.random(size) < setting.parameters.channels.overnight
    outside &= handled // DAY > setting.days[0]  # before the first day there was no sample
    return np.where(channel == ONLINE, np.where(outside, overnight, handled - minutes), handled)


def _procedures(setting: Setting, land_share: Floats, rng: np.random.Generator) -> Ints:
    is_land = rng.random(len(land_share)) < land_share
    chosen = np.empty(len(land_share), dtype=np.int64)
    for land in (False, True):
        places = [at for at, each in enumerate(setting.procedures) if (each.route == "vpdk") == land]
        shares = np.array([setting.procedures[place].share for place in places])
        mask = is_land == land
        chosen[mask] = np.array(places)[
            rng.choice(len(places), size=int(mask.sum()), p=shares / shares.sum())
        ]
    return chosen
