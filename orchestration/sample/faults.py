"""Which faults are planted where. Planting is drawn from the seed; what follows from it is ``truth.py``.

Two sorts: behaviour, which changes what communes do (they move due dates, close in bulk, enter late), and
delivery, which changes what arrives (silence, lateness, broken files and rows).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from orchestration.sample.formats import Format
from orchestration.sample.streams import stream, whole
from orchestration.sample.worktime import CLOSES, DAY, HOUR, Flags, Times


class Broken(IntEnum):
    """How a file is broken."""

    SOUND = 0
    EMPTY = 1
    TRUNCATED = 2
    ERROR_PAGE = 3
    SHIFTED = 4


@dataclass(frozen=True)
class Behaviour:
    """Communes that act oddly, as places among the communes; None where nobody does."""

    moves_due: int | None = None
    moved_share: float = 0.75
    closes_in_bulk: int | None = None
    bulk_share: float = 0.7
    enters_late: int | None = None
    late_entry_share: float = 0.45
    empty_channel: int | None = None
    empty_share: float = 0.3
    unknown_procedure: int | None = None
    unknown_share: float = 0.04


@dataclass(frozen=True)
class Delivery:
    """What goes wrong with files. Tables are communes by export days.

    ``mtime`` are the files' modification times (seconds of local time), ``late`` those after the cut-off.
    ``resent`` marks broken files that come again whole under another name the next working day.
    """

    sent: Flags
    late: Flags
    broken: npt.NDArray[np.int64]
    resent: Flags
    doubled: Flags
    part: Flags
    bad_rows: Flags
    silent_stretch: tuple[int, ...]
    silent_for_good: tuple[int, ...]
    often_late: tuple[int, ...]


@dataclass(frozen=True)
class Plight:
    """What goes wrong with one commune's files; arrays per export day, as in ``Delivery``."""

    late: Flags
    broken: npt.NDArray[np.int64]
    resent: Flags
    doubled: Flags
    part: Flags
    bad_rows: Flags
    mtime: Times


UNKNOWN_PROCEDURE = "9.999901"
BAD_DATE = "31/02/2025 08:00"
LATE_SHARE = 0.012
OFTEN_LATE_SHARE = 0.35


def _order(seed: int, candidates: npt.NDArray[np.int64]) -> list[int]:
    return [int(place) for place in stream(seed, "faults").permutation(candidates)]


def plant_behaviour(seed: int, formats: list[Format], spared: set[int], active: bool) -> Behaviour:
    """Choose the communes that act oddly; ``spared`` ones never do."""
    order = [place for place in _order(seed, np.arange(len(formats))) if place not in spared]
    if not active or len(order) < 5:
        return Behaviour()
    moves, closes, late, empty, unknown = order[-5:]
    return Behaviour(
        moves_due=moves,
        closes_in_bulk=closes,
        enters_late=late,
        empty_channel=empty,
        unknown_procedure=unknown,
    )


def plant_delivery(seed: int, formats: list[Format], spared: set[int], days: int, active: bool) -> Delivery:
    """Choose the silent, the late and the broken among ``days`` exports of every commune."""
    communes = len(formats)
    shape = (communes, days)
    sent = np.ones(shape, dtype=np.bool_)
    late, resent, doubled, part, bad_rows = (np.zeros(shape, dtype=np.bool_) for _ in range(5))
    broken = np.zeros(shape, dtype=np.int64)
    order = [
        place
        for place in _order(seed, np.arange(communes))
        if place not in spared and not formats[place].province_file
    ]
    if not active or days < 4 or len(order) < 4:
        return Delivery(sent, late, broken, resent, doubled, part, bad_rows, (), (), ())
    rng = stream(seed, "delivery")
    few, many = max(1, communes // 80), max(1, communes // 40)
    stretch, gone, often = order[:many], order[many : many + few], order[many + few : 2 * many + few]
    for place in stretch:
        length = int(whole(rng, 2, min(7, days - 1), 1)[0])
        start = int(whole(rng, 1, days - length, 1)[0])
        sent[place, start : start + length] = False
    for place in gone:
        sent[place, int(whole(rng, days // 2, days - 1, 1)[0]) :] = False
    late[order] = rng.random((len(order), days)) < LATE_SHARE
    late[often] = rng.random((len(often), days)) < OFTEN_LATE_SHARE
    late[:, -1] = False
    plain = [place for place in order if formats[place].kind == "csv"]
    for table, share in ((doubled, 0.002), (part, 0.003), (bad_rows, 0.004)):
        _scatter(table, plain or order, share, rng)
    for kind, places in (
        (Broken.EMPTY, order),
        (Broken.TRUNCATED, [place for place in order if formats[place].gzip or formats[place].kind != "csv"]),
        (Broken.ERROR_PAGE, order),
        (Broken.SHIFTED, plain),
    ):
        if places:
            hit = np.zeros(shape, dtype=np.bool_)
            _scatter(hit, places, 0.0004, rng)
            broken[hit] = kind
    resent[:, :-1] = (broken[:, :-1] > 0) & (rng.random((communes, days - 1)) < 0.4)
    broken[~sent] = 0
    for table in (late, resent, doubled, part, bad_rows):
        table[~sent] = False
    for table in (doubled, part, bad_rows):
        table[broken > 0] = False
    bad_rows[doubled | part] = False
    return Delivery(
        sent, late, broken, resent, doubled, part, bad_rows, tuple(stretch), tuple(gone), tuple(often)
    )


def _scatter(table: Flags, places: list[int], share: float, rng: np.random.Generator) -> None:
    """Mark about ``share`` of the cells of ``places``, at least one."""
    count = max(1, round(share * len(places) * table.shape[1]))
    table[rng.choice(places, count), whole(rng, 0, table.shape[1], count)] = True


def modification_times(
    delivery: Delivery, at: npt.NDArray[np.int64], days: Times, seed: int
) -> npt.NDArray[np.int64]:
    """When each file was written: minutes after its state was taken; late ones that evening or later."""
    rng = stream(seed, "mtimes")
    shape = at.shape
    punctual = np.minimum(at + whole(rng, 30, 300, shape), days[None, :] * DAY + CLOSES + HOUR - 60)
    evening = days[None, :] * DAY + CLOSES + HOUR + whole(rng, 600, 4 * HOUR, shape)
    following = np.concatenate([days[1:], days[-1:]])
    morning = following[None, :] * DAY + 7 * HOUR + whole(rng, 1800, 2 * HOUR, shape)
    overdue = np.where(rng.random(shape) < 0.6, evening, morning)
    return np.where(delivery.late, overdue, punctual)
