"""What else is known of each dossier from the start: number, fee, components, account, site, channel.

Facts that never change over a dossier's life; personal data are ``personal.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.province import Ints
from orchestration.sample.setting import Setting
from orchestration.sample.streams import stream, whole
from orchestration.sample.text import Text, choose, integers, join, padded, texts
from orchestration.sample.worktime import DAY, Flags, Times

# Organisation codes known for provinces; the rest share one that no province has.
ORGANISATIONS = {"19": "H55", "25": "H44", "38": "H56", "40": "H40", "52": "H21", "66": "H15", "75": "H19"}
UNKNOWN_ORGANISATION = "H99"
# A fee is a multiple of the procedure's, for copies and pages; the payment code 1 is the national portal.
FEE_MULTIPLES = np.array([1, 1, 1, 2, 3])
GATEWAYS = np.array([1, 1, 1, 2])
SECOND_SITE_SHARE = 0.4


@dataclass(frozen=True)
class Details:
    """Per dossier. ``channel`` 0 is empty; ``payment`` is the code once paid, 0 never online."""

    channel: Ints
    known_procedure: Flags
    fee: Ints
    payment: Ints
    components: Ints
    digitised: Ints
    reused: Flags
    e_result: Flags
    verified: Flags
    outside: Flags
    apology: Flags
    second_site: Flags


def organisation(province: str) -> str:
    """The province's code in dossier numbers and local procedure codes."""
    return ORGANISATIONS.get(province, UNKNOWN_ORGANISATION)


def describe(setting: Setting, arrivals: Arrivals) -> Details:
    """Draw the details of every dossier."""
    rng = stream(setting.plan.seed, "details")
    course, channels, behaviour = setting.parameters.course, setting.parameters.channels, setting.behaviour
    size = len(arrivals.commune)

    def some(share: float | np.ndarray[tuple[int], np.dtype[np.float64]]) -> Flags:
        return rng.random(size) < share

    usual = setting.of_procedure("components", arrivals.procedure).astype(np.int64)
    components = np.maximum(1, usual + whole(rng, -1, 2, size))
    digital = some(setting.province.digitised[arrivals.commune])
    digitised = np.maximum(1, rng.binomial(components, course.digitised_component))
    charged = some(setting.of_procedure("fee_share", arrivals.procedure))
    fee = setting.of_procedure("fee", arrivals.procedure).astype(np.int64)
    fee = np.where(charged, fee * FEE_MULTIPLES[whole(rng, 0, len(FEE_MULTIPLES), size)], 0)
    gateway = GATEWAYS[whole(rng, 0, len(GATEWAYS), size)]
    blank = setting.is_commune(behaviour.empty_channel, arrivals.commune) & some(behaviour.empty_share)
    unknown = setting.is_commune(behaviour.unknown_procedure, arrivals.commune)
    return Details(
        channel=np.where(blank, 0, arrivals.channel),
        known_procedure=~(unknown & some(behaviour.unknown_share)),
        fee=fee,
        payment=np.where((fee > 0) & some(course.paid_online), gateway, 0),
        components=components,
        digitised=np.where(digital, digitised, 0).astype(np.int64),
        reused=digital & some(course.reused),
        e_result=some(course.e_result),
        verified=some(channels.verified_account),
        outside=some(channels.outside_territory),
        apology=some(setting.parameters.timeliness.apology),
        second_site=some(SECOND_SITE_SHARE),
    )


def numbers(setting: Setting, arrivals: Arrivals) -> Text:
    """Dossier numbers: unit, submission day, sequence.

    Ministry systems count on their own, in seven digits of which the first two tell the ministry.
    """
    day = arrivals.submitted // DAY
    ministry = texts([procedure.ministry for procedure in setting.procedures]).take(arrivals.procedure)
    sequence = _sequence(arrivals, day)
    number = choose(arrivals.ministry, join([ministry, padded(sequence, 5)]), padded(sequence, 4))
    unit = join([organisation(setting.plan.province) + ".", integers(arrivals.commune + 100)])
    return join([unit, padded(_stamp(day), 6), number], "-")


def _sequence(arrivals: Arrivals, day: Times) -> Ints:
    """Running numbers from 1 within commune, system and day."""
    order = np.lexsort((arrivals.submitted, day, arrivals.ministry, arrivals.commune))
    keys = np.stack([arrivals.commune[order], arrivals.ministry[order].astype(np.int64), day[order]])
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = np.any(keys[:, 1:] != keys[:, :-1], axis=0)
    starts = np.flatnonzero(fresh)
    sequence = np.empty(len(order), dtype=np.int64)
    sequence[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order)))) + 1
    return sequence


def _stamp(day: Times) -> Ints:
    """Days since 1970 as yymmdd."""
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    year_of = month.astype("datetime64[Y]").astype(np.int64) + 1970
    month_of = month.astype(np.int64) % 12 + 1
    day_of = (date - month.astype("datetime64[D]")).astype(np.int64) + 1
    return year_of % 100 * 10_000 + month_of * 100 + day_of
