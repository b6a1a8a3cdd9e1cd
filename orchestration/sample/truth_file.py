"""The truth file: totals of every commune and every planted fault with what is to be expected of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from orchestration.sample.commune_export import FileFault, Written
from orchestration.sample.faults import UNKNOWN_PROCEDURE
from orchestration.sample.feedback import Feedback
from orchestration.sample.land import bottleneck_start
from orchestration.sample.plan import Bottleneck
from orchestration.sample.punctuality import month_ends
from orchestration.sample.simulation import Simulation
from orchestration.sample.steps import StepsWritten
from orchestration.sample.worktime import DAY, to_date

EXPECTED = {
    "silent_stretch": "no file on these days; delivery status missing; the next file catches up",
    "silent_for_good": "no file from the first of these days on; delivery status missing",
    "late_file": "file accepted, but written after the cut-off: delivery status late",
    "broken_empty": "delivery rejected: empty file",
    "broken_truncated": "delivery rejected: unreadable",
    "broken_error_page": "delivery rejected: no usable head",
    "broken_shifted": "delivery rejected whole: values stand one column left of their heads",
    "resent_file": "the content of the broken file, whole, under another name: accepted",
    "duplicate_rows": "file accepted; the repeated rows change no figure",
    "repeated_part": "second file of the day accepted; its repeated rows change no figure",
    "bad_rows": "file accepted with rejects: these rows carry a date that does not exist",
    "moves_due": "most late dossiers get a new due date past their finish: high due_moved_rate, few late",
    "closes_in_bulk": "most of what is open is closed within minutes as the month's last working day ends",
    "enters_late": "many finishes are entered days after they happened: high late_update_rate",
    "empty_channel": "about a third of the dossiers have no channel: flagged, counted as counter",
    "unknown_procedure": "some dossiers carry a procedure code that no catalogue has: flagged",
    "branch_loss": "the branch's queue grows from this day on",
    "tax_stall": "the tax office's queue grows from this day on",
}


def describe(
    simulation: Simulation, written: Sequence[Written], steps: Sequence[StepsWritten], feedback: Feedback
) -> dict[str, object]:
    """The truth as JSON.

    ``communes`` holds totals in ``truth`` (what happened) and as ``delivered`` (what the readable files
    show), ``units`` branches and tax offices, ``faults`` what was planted where.
    """
    plan, province = simulation.setting.plan, simulation.setting.province
    return {
        "plan": {
            "province": plan.province,
            "first_day": plan.first_day.isoformat(),
            "last_day": plan.last_day.isoformat(),
            "communes": len(province.communes),
            "seed": plan.seed,
        },
        "export_days": [_iso(day) for day in simulation.setting.days],
        "communes": [
            {
                "commune_code": commune.code,
                "commune_name": commune.name,
                "format": simulation.setting.formats[place].kind,
                "branch": int(province.branch[place]),
                "rows": each.rows,
                "truth": asdict(each.truth) if each.truth else None,
                "delivered": asdict(each.delivered) if each.delivered else None,
            }
            for place, (commune, each) in enumerate(zip(province.communes, written, strict=True))
        ],
        "step_rows": sum(each.rows for each in steps),
        "feedback": asdict(feedback),
        "units": {
            "branches": list(province.branches),
            "tax_offices": list(province.tax_offices),
            "tax_office_of_branch": province.tax_of_branch.tolist(),
        },
        "faults": [
            *_silences(simulation),
            *_files(written),
            *_behaviours(simulation),
            *_bottlenecks(simulation),
        ],
    }


def _iso(day: int) -> str:
    return to_date(int(day) * DAY).isoformat()


def _fault(kind: str, **facts: object) -> dict[str, object]:
    return {"kind": kind, **facts, "expected": EXPECTED[kind]}


def _silences(simulation: Simulation) -> Iterator[dict[str, object]]:
    delivery, communes = simulation.setting.delivery, simulation.setting.province.communes
    for kind, places in (
        ("silent_stretch", delivery.silent_stretch),
        ("silent_for_good", delivery.silent_for_good),
    ):
        for place in places:
            days = [_iso(day) for day in simulation.setting.days[~delivery.sent[place]]]
            yield _fault(kind, commune_code=communes[place].code, days=days)


def _files(written: Sequence[Written]) -> Iterator[dict[str, object]]:
    def entry(code: str, fault: FileFault) -> dict[str, object]:
        return _fault(
            fault.kind,
            commune_code=code,
            days=[fault.day],
            file=fault.file,
            rows_read=fault.rows_read,
            rows=fault.rows,
        )

    for each in written:
        yield from (entry(each.code, fault) for fault in each.faults)


def _behaviours(simulation: Simulation) -> Iterator[dict[str, object]]:
    behaviour = simulation.setting.behaviour
    for kind in ("moves_due", "closes_in_bulk", "enters_late", "empty_channel", "unknown_procedure"):
        place: int | None = getattr(behaviour, kind)
        if place is None:
            continue
        facts: dict[str, object] = {"commune_code": simulation.setting.province.communes[place].code}
        if kind == "closes_in_bulk":
            facts["days"] = [_iso(day) for day in month_ends(simulation.setting.days)]
        if kind == "unknown_procedure":
            facts["procedure_code"] = UNKNOWN_PROCEDURE
        yield _fault(kind, **facts)


def _bottlenecks(simulation: Simulation) -> Iterator[dict[str, object]]:
    plan, province = simulation.setting.plan, simulation.setting.province

    def entry(kind: str, bottleneck: Bottleneck, units: Sequence[str]) -> dict[str, object]:
        start = bottleneck_start(plan, bottleneck)
        unit = units[bottleneck.unit % len(units)]
        return _fault(kind, unit=unit, days=[to_date(start).isoformat()], capacity=bottleneck.capacity)

    if plan.branch_loss:
        yield entry("branch_loss", plan.branch_loss, province.branches)
    if plan.tax_stall:
        yield entry("tax_stall", plan.tax_stall, province.tax_offices)
