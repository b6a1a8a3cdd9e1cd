"""``docs/indicators.md`` from the seeds: ``python -m orchestration.reports.indicator_guide``.

A test holds the committed page to what this writes, so that the page cannot fall behind a threshold.
"""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.settings import PROJECT_ROOT, SEEDS

PAGE = PROJECT_ROOT / "docs" / "indicators.md"

_INTRODUCTION = """# Indicators

Generated from `dbt_project/seeds/indicator.csv` and `indicator_threshold.csv` by
`python -m orchestration.reports.indicator_guide`; do not edit by hand. Formulas stand in
`dbt_project/macros/indicators.sql`, the two on-time rules in `dbt_project/macros/timeliness.sql`.

A light needs a denominator of at least the minimum; below it the commune is grey (`too_few`). A value on a
threshold has the better colour. Thresholds are valid from a date on and never rewrite what was before it.
No pair of thresholds is official: those marked "no" are proposals for the province to decide.
"""


def guide(seeds: Path = SEEDS) -> str:
    """The page as Markdown."""
    thresholds: dict[str, list[dict[str, str]]] = {}
    for row in _rows(seeds / "indicator_threshold.csv"):
        thresholds.setdefault(row["indicator_code"], []).append(row)
    sections = [
        _section(row, thresholds.get(row["indicator_code"], [])) for row in _rows(seeds / "indicator.csv")
    ]
    return "\n".join([_INTRODUCTION, *sections])


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _section(indicator: dict[str, str], thresholds: list[dict[str, str]]) -> str:
    share = indicator["unit"] == "share"
    sign = "≥" if indicator["direction"] == "higher" else "≤"
    lines = [
        f"## `{indicator['indicator_code']}` {indicator['indicator_name']}",
        "",
        indicator["description"],
        "",
        f"Legal basis: {indicator['legal_basis'] or 'none'}. Source of the formula: {indicator['source']}.",
        "",
        "| valid from | green | yellow | minimum denominator | official | source |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['valid_from']} | {sign} {_shown(row['green_from'], share)} "
        f"| {sign} {_shown(row['yellow_from'], share)} | {row['min_denominator']} "
        f"| {'yes' if row['verified'] == 'true' else 'no'} | {row['source']} |"
        for row in thresholds
    ]
    return "\n".join([*lines, ""])


def _shown(threshold: str, share: bool) -> str:
    return f"{float(threshold) * 100:g} %" if share else f"{float(threshold):g}"


if __name__ == "__main__":
    PAGE.write_text(guide(), encoding="utf-8")
