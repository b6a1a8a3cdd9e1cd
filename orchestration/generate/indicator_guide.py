"""``docs/indicators.md`` from the seeds: ``make generate``.

A test holds the committed page to what this writes, so that the page cannot fall behind a threshold.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from orchestration.generate.indicator_examples import Example, examples
from orchestration.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"

_INTRODUCTION = """# Indicators

Generated from `dbt_project/seeds/indicator.csv`, `indicator_threshold.csv`, `light_rule.csv` and
`dbt_project.yml` by `make generate`; do not edit by hand. Formulas
stand in `dbt_project/macros/indicators.sql`, the two on-time rules in
`dbt_project/macros/timeliness.sql`.

## Colours

- A value on a threshold has the better colour. A light needs a denominator of at least the minimum.
- Grey says why, the first that holds: `no_data` nothing arrived and nothing is known to have happened,
  `not_applicable` nothing to divide by, `too_early` a running period with too few working days behind it
  (`period_type.csv`), `too_few` a denominator below the minimum.
- A period is judged, whole, by the threshold in force on the last day that it has counted: its own last
  day, or the day of the data while it runs. A rule announced for a later day judges nothing before that
  day has come, and a new rule changes no light of a period that ended before it.
- No pair of thresholds is official: those marked "no" are proposals for the province to decide.
- Ranks are shared and then skipped (1, 2, 2, 4), among the communes that are not grey.
- `value_low` and `value_high` are the 95 % interval of a share (Wilson): what so few dossiers can tell.
- What moved a value most is the part with the largest share of the change, (n1 - v0 d1) / D1 - (n0 - v0
  d0) / D0: of the province the commune, of a commune the field, or the term where fields are not known
  (as in the examples below). Searched in weeks, months, report months, quarters and years.
"""
_LIGHT_OF_ALL = """## One light for a commune

`commune_light` and `province_light` take the first rule that holds. Key indicators: {keys}.

| order | light | rule | valid from | official |
|---|---|---|---|---|"""
_SIGNALS = """## Signal or noise

Weeks, months and report months that are complete and judged are held against the up to {past_periods}
periods of their own before them, at least {least_past_periods} (Laney's p' chart for shares, u' for other
ratios). The centre is the sum of numerators by the sum of denominators. The spread is that of the counts
themselves, or the one seen from period to period if larger, divided by the root of the denominator: few
dossiers, wide limits. `is_signal` is true if

- `outside_limits`: the value lies more than {sigmas} such spreads from the centre, or
- `one_side`: {run} periods in a row lie on one side of the centre of the periods before them, on average
  more than one spread away. Not for indicators that count stocks, which stick from period to period;
  their spread is also that around the centre;

and in both cases if the difference is at least {least_difference} dossiers (or files, ratings). Only
earlier periods count, so a verdict once given stays as long as its data stay. Of independent series in
control, 4 to 11 periods in a thousand are called a signal (simulated: shares of 50 to 98 %, the most at
98 %, 60 dossiers a week; `tests/dbt/test_signals.py` holds a mixture below 10).
"""


def guide(project: Path = PROJECT, worked: Mapping[str, Example] | None = None) -> str:
    """The page as Markdown; ``worked`` are the examples, computed if not given."""
    indicators = _rows(project, "indicator")
    thresholds: dict[str, list[dict[str, str]]] = {}
    for row in _rows(project, "indicator_threshold"):
        thresholds.setdefault(row["indicator_code"], []).append(row)
    shown = examples() if worked is None else worked
    sections = [
        _section(row, thresholds.get(row["indicator_code"], []), shown[row["indicator_code"]])
        for row in indicators
    ]
    return "\n".join([_INTRODUCTION, _light_of_all(project, indicators), _signals(project), *sections])


def _rows(project: Path, seed: str) -> list[dict[str, str]]:
    with (project / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _light_of_all(project: Path, indicators: list[dict[str, str]]) -> str:
    keys = ", ".join(f"`{row['indicator_code']}`" for row in indicators if row["is_key"] == "true")
    rules = sorted(_rows(project, "light_rule"), key=lambda row: (int(row["precedence"]), row["valid_from"]))
    lines = [
        f"| {row['precedence']} | {row['light']} | {row['rule_name']} (`{row['counted']}`{_bounds(row)}) "
        f"| {row['valid_from']} | {_official(row)} |"
        for row in rules
    ]
    return "\n".join([_LIGHT_OF_ALL.format(keys=keys), *lines, ""])


def _bounds(rule: dict[str, str]) -> str:
    low = f" ≥ {rule['at_least']}" if rule["at_least"] else ""
    high = f" ≤ {rule['at_most']}" if rule["at_most"] else ""
    return low + high


def _signals(project: Path) -> str:
    text = (project / "dbt_project.yml").read_text(encoding="utf-8")
    rules: dict[str, Any] = yaml.safe_load(text)["vars"]["signal"]
    return _SIGNALS.format(run=rules["run_before"] + 1, **rules)


def _section(indicator: dict[str, str], thresholds: list[dict[str, str]], example: Example) -> str:
    share = indicator["unit"] == "share"
    sign = "≥" if indicator["direction"] == "higher" else "≤"
    lines = [
        f"## `{indicator['indicator_code']}` {indicator['indicator_name']}",
        "",
        indicator["description"],
        "",
        f"Legal basis: {indicator['legal_basis'] or 'none'}. Source of the formula: {indicator['source']} "
        f"({'checked against it' if indicator['verified'] == 'true' else 'not official'}).",
        "",
        "| valid from | valid to | green | yellow | minimum denominator | official | source |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row['valid_from']} | {row['valid_to']} | {sign} {_shown(row['green_from'], share)} "
        f"| {sign} {_shown(row['yellow_from'], share)} | {row['min_denominator']} "
        f"| {_official(row)} | {row['source']} |"
        for row in thresholds
    ]
    lines += [
        "",
        f"{indicator['numerator_name']} / {indicator['denominator_name']}: {example.numerator}; "
        f"{example.denominator}.",
        "",
        f"> {example.explanation}",
    ]
    return "\n".join([*lines, ""])


def _shown(threshold: str, share: bool) -> str:
    return f"{float(threshold) * 100:g} %" if share else f"{float(threshold):g}"


def _official(row: dict[str, str]) -> str:
    return "yes" if row["verified"] == "true" else "no"
