"""Worked examples of the indicators: one made-up commune in two weeks, judged by the warehouse's own SQL.

Here: the counts of that commune, and what the models make of them. Not here: the page (``indicator_guide``).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from orchestration.settings import Settings
from orchestration.warehouse.compiled import ModelBench
from orchestration.warehouse.macros import ProjectMacros
from orchestration.warehouse.project import DbtProject

COMMUNE = "14797"
WEEK, WEEK_BEFORE = date(2025, 11, 10), date(2025, 11, 3)
_NOW = datetime(2025, 11, 24, 18)
_MODELS = (
    "int_period_indicator",
    "int_unit_indicator",
    "int_unit_indicator_change",
    "int_unit_indicator_explained",
)
_SEEDS = ("period_type", "indicator", "indicator_threshold")
# This week, the week before. A new measure needs a row here.
_COUNTS: dict[str, tuple[int, int]] = {
    "received": (210, 200),
    "received_online": (200, 188),
    "fee_dossiers": (120, 110),
    "fee_dossiers_paid_online": (103, 99),
    "components": (400, 380),
    "components_digitised": (330, 300),
    "dossiers_digitised": (190, 184),
    "dossiers_supplemented": (14, 9),
    "dossiers_due_moved": (3, 2),
    "resolved": (200, 190),
    "resolved_early": (130, 128),
    "resolved_on_time": (55, 54),
    "resolved_late": (15, 8),
    "resolved_late_with_apology": (9, 7),
    "resolved_with_e_result": (150, 139),
    "resolved_with_known_lag": (195, 186),
    "resolved_updated_late": (6, 7),
    "resolved_in_bulk": (3, 0),
    "resolved_by_jump": (5, 2),
    "resolved_returned": (180, 171),
    "resolved_returned_before": (1, 0),
    "resolved_beyond_a_day": (90, 84),
    "resolved_at_once": (2, 1),
    "withdrawn_or_refused": (4, 3),
    "closed_on_time_portal": (180, 178),
    "petitions_due": (8, 6),
    "petitions_on_time": (7, 6),
    "ratings": (40, 36),
    "ratings_satisfied": (37, 33),
    "exports_expected": (5, 5),
    "exports_on_time": (4, 5),
    "exports_arrived": (5, 5),
    "rows_read": (900, 870),
    "rows_rejected": (4, 6),
    "open_at_end": (60, 54),
    "overdue_at_end": (5, 3),
    "overdue_with_apology_at_end": (2, 1),
    "on_time_portal_at_end": (52, 49),
    "criteria_green": (14, 13),
    "criteria_applying": (16, 16),
    "resolved_last_20_working_days": (780, 770),
}


@dataclass(frozen=True)
class Example:
    """One indicator: its two terms as measures and as counts, and what the light says."""

    numerator: str
    denominator: str
    explanation: str


@cache
def examples() -> Mapping[str, Example]:
    """An example per indicator code, of the later of the two weeks.

    Raises:
        UnavailableError: the dbt project is broken.
    """
    with tempfile.TemporaryDirectory(prefix="motcua-examples-") as home:
        bench = ModelBench(DbtProject(Settings(home=Path(home))), _NOW, _MODELS)
        _fill(bench)
        rows = {
            row["indicator_code"]: row
            for row in bench.result("int_unit_indicator_explained")
            if row["period_start"] == WEEK
        }
    return {
        code: Example(
            _counted(terms["numerator"], terms.get("times")),
            _counted(terms["denominator"]),
            rows[code]["explanation"],
        )
        for code, terms in ProjectMacros().value("indicator_terms").items()
    }


def _counted(measures: Sequence[str], times: int | None = None) -> str:
    """A term as its measures and factor, and as what each comes to in the example."""
    factor = f" * {times}" if times else ""
    counts = (str(_COUNTS[measure][0]) for measure in measures)
    return f"`{' + '.join(measures)}{factor}` = {' + '.join(counts)}{factor}"


def _fill(bench: ModelBench) -> None:
    for seed in _SEEDS:
        bench.seed(seed)
    periods = [(WEEK_BEFORE, None), (WEEK, WEEK_BEFORE)]
    bench.put(
        "intermediate.int_period",
        [
            {
                "period_type": "week",
                "period_start": start,
                "period_end": date.fromordinal(start.toordinal() + 6),
                "counted_to": date.fromordinal(start.toordinal() + 6),
                "previous_start": before,
                "is_complete": True,
                "is_latest": False,
                "is_too_early": False,
            }
            for start, before in periods
        ],
    )
    week: dict[str, Any] = {"unit_code": COMMUNE, "period_type": "week"}
    bench.put(
        "intermediate.int_unit_period",
        [
            {**week, "period_start": start, **{name: counts[place] for name, counts in _COUNTS.items()}}
            for place, (start, _) in enumerate(reversed(periods))
        ],
    )
    bench.put("intermediate.int_commune_spine", [{"commune_code": COMMUNE, "commune_name": "Xã Ví Dụ"}])
    bench.put("intermediate.int_field", [{"field_code": "dat_dai", "field_name": "Đất đai"}])
    for model in ("int_period_indicator", "int_unit_indicator", "int_unit_indicator_change"):
        bench.keep(model)
    # Eight weeks and the fields of each would be needed to say more.
    nobody = {"unit_code": "", "period_type": "", "period_start": WEEK, "indicator_code": ""}
    bench.put("intermediate.int_unit_main_contributor", [{**nobody, "part_code": ""}])
    limits = dict.fromkeys(("limit_low", "limit_centre", "limit_high"), "double")
    bench.put("intermediate.int_unit_control_limit", [nobody], **limits, signal_rule="varchar")
