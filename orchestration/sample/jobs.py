"""Units of work cut from a simulation, each with all it needs, so that they can run in any process."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

import numpy as np

from orchestration.sample.columns import Source
from orchestration.sample.faults import Plight, modification_times
from orchestration.sample.formats import Format
from orchestration.sample.province import Ints
from orchestration.sample.simulation import Simulation
from orchestration.sample.states import Exports

Record = TypeVar("Record")


@dataclass(frozen=True)
class CommuneJob:
    """One commune's ``hoso`` files."""

    source: Source
    exports: Exports
    plight: Plight
    form: Format
    out: Path
    seed: int


def cut(record: Record, places: Ints) -> Record:
    """A record of arrays, cut to ``places``; arrays within tuples and records too."""

    def inner(value: Any) -> Any:
        if isinstance(value, np.ndarray):
            return cast(Any, value)[places]
        if isinstance(value, tuple):
            return tuple(inner(each) for each in cast(tuple[Any, ...], value))
        return inner_record(value) if is_dataclass(value) else value

    def inner_record(value: Any) -> Any:
        return type(value)(**{field.name: inner(getattr(value, field.name)) for field in fields(value)})

    return cast(Record, inner_record(record))


def source_of(simulation: Simulation, place: int) -> Source:
    """What is known about the dossiers of the commune at ``place``."""
    setting, span = simulation.setting, simulation.span(place)
    places: Ints = np.arange(span.start, span.stop, dtype=np.int64)
    province = setting.province
    return Source(
        commune=province.communes[place],
        province=setting.plan.province,
        branch=province.branches[int(province.branch[place])],
        procedures=setting.procedures,
        arrivals=cut(simulation.arrivals, places),
        course=cut(simulation.course, places),
        details=cut(simulation.details, places),
        numbers=simulation.numbers.take(places),
    )


def commune_jobs(simulation: Simulation, out: Path) -> Iterator[CommuneJob]:
    """A job per commune, in the communes' order."""
    setting = simulation.setting
    delivery, seed = setting.delivery, setting.plan.seed
    mtimes = modification_times(delivery, simulation.state_at, setting.days, seed)
    for place in range(len(setting.province.communes)):
        yield CommuneJob(
            source=source_of(simulation, place),
            exports=Exports(setting.days, simulation.state_at[place], delivery.sent[place]),
            plight=Plight(
                late=delivery.late[place],
                broken=delivery.broken[place],
                resent=delivery.resent[place],
                doubled=delivery.doubled[place],
                part=delivery.part[place],
                bad_rows=delivery.bad_rows[place],
                mtime=mtimes[place],
            ),
            form=setting.formats[place],
            out=out,
            seed=seed,
        )
