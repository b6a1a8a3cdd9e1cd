"""What else is known of each dossier from the start: number, fee, components, account, site, channel as exported.

Facts that never change over a dossier's life; personal data are ``personal.py``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from orchestration.sample.arrivals import Arrivals
from orchestration.sample.catalogue import Procedure
from orchestration.sample.faults import Behaviour
from orchestration.sample.parameters import Parameters
from orchestration.sample.province import Ints, Province
from orchestration.sample.streams import stream
from orchestration.sample.text import Text, choose, integers, join, padded, replace, texts
from orchestration.sample.worktime import DAY, Flags

# Organisation codes known for provinces; the rest share one that no province has.
ORGANISATIONS = {"19": "H55", "25": "H44", "38": "H56", "40": "H40", "52": "H21", "66": "H15", "75": "H19"}
UNKNOWN_ORGANISATION = "H99"


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


def describe(
    arrivals: Arrivals,
    province: Province,
    procedures: list[Procedure],
    parameters: Parameters,
    behaviour: Behaviour,
    seed: int,
) -> Details:
    """Draw the details of every dossier."""
    rng = stream(seed, "details")
    course, size = parameters.course, len(arrivals.commune)
    component_mean = np.array([procedure.components for procedure in procedures])[arrivals.procedure]
    components = np.maximum(1, component_mean + rng.integers(-1, 2, size))
    digital = rng.random(size) < province.digitised[arrivals.commune]
    digitised = np.where(digital, np.maximum(1, rng.binomial(components, course.digitised_component)), 0)
    fee_share = np.array([procedure.fee_share for procedure in procedures])[arrivals.procedure]
    unit_fee = np.array([procedure.fee for procedure in procedures])[arrivals.procedure]
    fee = np.where(rng.random(size) < fee_share, unit_fee * rng.choice([1, 1, 1, 2, 3], size), 0)
    gateway = rng.choice([1, 1, 1, 2], size)
    paid_online = (fee > 0) & (rng.random(size) < course.paid_online)
    blank = arrivals.commune == (-1 if behaviour.empty_channel is None else behaviour.empty_channel)
    unknown = arrivals.commune == (-1 if behaviour.unknown_procedure is None else behaviour.unknown_procedure)
    return Details(
        channel=np.where(blank, 0, arrivals.channel),
        known_procedure=~(unknown & (rng.random(size) < behaviour.unknown_share)),
        fee=fee.astype(np.int64),
        payment=np.where(paid_online, gateway, 0),
        components=components.astype(np.int64),
        digitised=digitised.astype(np.int64),
        reused=digital & (rng.random(size) < course.reused),
        e_result=rng.random(size) < course.e_result,
        verified=rng.random(size) < parameters.channels.verified_account,
        outside=rng.random(size) < parameters.channels.outside_territory,
        apology=rng.random(size) < parameters.timeliness.apology,
        second_site=rng.random(size) < 0.4,
    )


def numbers(arrivals: Arrivals, procedures: list[Procedure], province_code: str) -> Text:
    """Dossier numbers: unit, submission day, sequence; ministry systems count in seven digits of their own."""
    day = arrivals.submitted // DAY
    order = np.lexsort((arrivals.submitted, day, arrivals.ministry, arrivals.commune))
    keys = np.stack([arrivals.commune[order], arrivals.ministry[order].astype(np.int64), day[order]])
    fresh = np.ones(len(order), dtype=np.bool_)
    fresh[1:] = np.any(keys[:, 1:] != keys[:, :-1], axis=0)
    starts = np.flatnonzero(fresh)
    sequence = np.empty(len(order), dtype=np.int64)
    sequence[order] = np.arange(len(order)) - np.repeat(starts, np.diff(np.append(starts, len(order)))) + 1
    date = day.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    stamp = (month.astype("datetime64[Y]").astype(np.int64) + 1970) % 100 * 10_000
    stamp += (
        (month.astype(np.int64) % 12 + 1) * 100 + (date - month.astype("datetime64[D]")).astype(np.int64) + 1
    )
    ministry = texts([procedure.ministry for procedure in procedures]).take(arrivals.procedure)
    unit = join([organisation(province_code) + ".", integers(arrivals.commune + 100)])
    tail = choose(arrivals.ministry, join([ministry, padded(sequence, 5)]), padded(sequence, 4))
    return join([unit, padded(stamp, 6), tail], "-")


def procedure_codes(
    arrivals: Arrivals, details: Details, procedures: list[Procedure], suffix: str, unknown: str
) -> Text:
    """Procedure codes as exported, with the province's ``suffix``; ``unknown`` where the catalogue has none."""
    codes = join([texts([procedure.code for procedure in procedures]).take(arrivals.procedure), suffix])
    return choose(details.known_procedure, codes, unknown)


def quoted(values: Text) -> Text:
    """As a quoted CSV field."""
    return join(['"', replace(values, '"', '""'), '"'])
