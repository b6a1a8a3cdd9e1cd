"""Dossiers of simulated provinces as the tables that the at-risk list comes from, without files or landing.

Only what was received and neither withdrawn nor stopped; every commune exports every evening.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa

from orchestration.sample.jobs import cut
from orchestration.sample.lifecycle import Course
from orchestration.sample.province import Ints
from orchestration.sample.simulation import Simulation
from orchestration.sample.worktime import CLOSES, DAY, EPOCH, NEVER, Flags, Times
from tests.support.step_tables import steps_of, timestamps


@dataclass(frozen=True)
class _Told:
    """What exports tell of each dossier at a moment."""

    due: Times
    paused: Flags
    finished: Flags


def risk_tables(simulation: Simulation, now: datetime, minutes_before: int) -> dict[str, pa.Table]:
    """Tables by name as known at ``now``.

    ``minutes_before`` are the warehouse calendar's working minutes up to the start of the sample's clock.
    """
    moment = int((now - datetime.combine(EPOCH, datetime.min.time())).total_seconds())
    setting, every = simulation.setting, simulation.course
    kept = (simulation.arrivals.received <= moment) & (every.withdrawn == NEVER) & (every.stopped == NEVER)
    places: Ints = np.flatnonzero(kept)
    course, arrivals = cut(every, places), cut(simulation.arrivals, places)
    numbers = simulation.numbers.take(places).array
    received = arrivals.received

    def minutes(times: Times) -> Times:
        return minutes_before + setting.clock.worked(times) // 60

    pauses = ((course.supplement_asked, course.supplement_back), (course.payment_asked, course.paid))
    told = _told(course, np.full(len(places), moment))
    stop = np.where(told.finished, np.minimum(course.finished, moment), moment)
    spans = [(minutes(np.minimum(begin, stop)), minutes(np.minimum(end, stop))) for begin, end in pauses]
    spent = minutes(stop) - minutes(received) - sum(end - begin for begin, end in spans)
    procedures = setting.procedures
    codes = np.array([each.code for each in setting.province.communes])
    of_branch = course.branch_in < NEVER
    branches = np.array(setting.province.branches)[setting.province.branch[arrivals.commune]]
    late = course.finished // DAY > told.due // DAY
    timeliness = np.where(late, "late", "on_time")
    dossier = pa.table(
        {
            "dossier_code": numbers,
            "commune_code": codes[arrivals.commune],
            "procedure_code": np.array([each.code for each in procedures])[arrivals.procedure],
            "field_code": np.array([each.field_code for each in procedures])[arrivals.procedure],
            "resolving_unit_type": np.where(of_branch, "vpdk", "xa"),
            "resolving_unit": np.where(of_branch, branches, codes[arrivals.commune]),
            "received_at": timestamps(received),
            "received_on": _days(received),
            "due_at": timestamps(told.due),
            "finished_at": pa.array(timestamps(course.finished), mask=~told.finished),
            "closed_on": pa.array(_days(course.finished), mask=~told.finished),
            "state": _states(told),
            "is_open": ~told.finished,
            "is_overdue": ~told.finished & ~told.paused & (told.due // DAY < moment // DAY),
            "timeliness": pa.array(timeliness, mask=~told.finished),
            "working_hours_spent": np.maximum(spent, 0) / 60,
        }
    )
    history = {
        "dossier_code": numbers,
        "first_seen_on": _days(received),
        "first_seen_closed_on": pa.array(_days(course.finished_seen), mask=~told.finished),
    }
    span = [
        {
            "case_key": numbers.take(pa.array(np.flatnonzero(end > begin))),
            "began_minute": begin[end > begin],
            "ended_minute": end[end > begin],
        }
        for begin, end in spans
    ]
    return {
        "marts.fct_dossier": dossier,
        "marts.fct_step": _numbered(steps_of(simulation, now)),
        "intermediate.int_dossier_history": pa.table(history),
        "intermediate.int_dossier_version": _versions(course, received, numbers, moment),
        "intermediate.int_dossier_pause_span": pa.concat_tables(pa.table(each) for each in span),
    }


def _told(course: Course, at: Times) -> _Told:
    due = course.due
    for change in course.due_changes:
        due = np.where(change.at <= at, change.due, due)
    paused = ((course.supplement_asked <= at) & (at < course.supplement_back)) | (
        (course.payment_asked <= at) & (at < course.paid)
    )
    return _Told(due, paused, course.finished_seen <= at)


def _states(told: _Told) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    return np.where(told.finished, "finished", np.where(told.paused, "paused", "in_process"))


def _versions(course: Course, received: Times, numbers: pa.Array, moment: int) -> pa.Table:
    """A version per event that an export shows, as it stood that evening."""
    events = [
        received,
        course.supplement_asked,
        course.supplement_back,
        course.payment_asked,
        course.paid,
        *(change.at for change in course.due_changes),
        course.finished_seen,
    ]
    parts: list[pa.Table] = []
    for order, event in enumerate(events):
        told = _told(course, event // DAY * DAY + CLOSES)
        there = np.flatnonzero(event <= moment)
        parts.append(
            pa.table(
                {
                    "dossier_code": numbers.take(pa.array(there)),
                    "version_key": (event // DAY * len(events) + order)[there],
                    "export_date": _days(event[there]),
                    "due_at": timestamps(told.due[there]),
                    "state": _states(told)[there],
                }
            )
        )
    return pa.concat_tables(parts)


def _numbered(steps: pa.Table) -> pa.Table:
    """The steps with their places in each dossier's order of beginning."""
    ordered = steps.sort_by([("dossier_code", "ascending"), ("started_at", "ascending")])
    codes = np.array(ordered["dossier_code"].to_pylist())
    first = np.flatnonzero(np.concatenate([[True], codes[1:] != codes[:-1]]))
    begins = np.repeat(first, np.diff(np.append(first, len(codes))))
    return ordered.append_column("step_position", pa.array(np.arange(len(codes)) - begins + 1))


def _days(times: Times) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return np.minimum(times // DAY, 40_000).astype("datetime64[D]")
