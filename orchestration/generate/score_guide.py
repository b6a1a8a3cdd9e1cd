"""``docs/score-766.md`` from the seeds: ``make generate``.

A test holds the committed page to what this writes, so that the page cannot fall behind a rule.
"""

from __future__ import annotations

import csv
from pathlib import Path

from orchestration.settings import PROJECT_ROOT
from orchestration.warehouse.macros import ProjectMacros

PROJECT = PROJECT_ROOT / "dbt_project"

_INTRODUCTION = """# The 766 score

Generated from `dbt_project/seeds/score_*.csv` by `make generate`; do not
edit by hand. The formulas stand in `dbt_project/macros/score.sql`, the same for the marts and for
`marts.score_points(profile_code, indicator_code, numerator, denominator)`.

- Points: all from the ratio "full from" on, below it in proportion, never more than the maximum; 100 % is
  the plain linear rule. Group scores are rounded to 2 decimals, and the total is their sum, as on the
  portal.
- Denominator 0: `zero` no points, `full` all points, `none` no rule is known, so no points are known
  either.
- Told by: `exports` is computed from what communes send; `given` comes from `score_given.csv`, for a
  commune or for all of a province. Exports come first. What neither tells is neither had nor lost: it is
  counted in `points_unknown` and named in `unknown_indicators`, so that `score_total` is the least that
  the score can be.
- Inherited groups give every commune the province's points: by the given ratios, or by the group's total
  in `score_inherited.csv`.
- 5.2 to 5.4 are told from the first export of petitions, or the first date in one, on; before it nobody
  knows whether there were none.
- A commune of which nothing is known in a period has no total. Equal totals share a rank (1, 2, 2, 4), as
  the portal's own tie rule is not known.
- A profile counts in periods that end while it is in force; a new one never rewrites what was before.
- `official_score.csv` takes scores as read on the portal; `marts.score_control` shows them beside ours.
"""


def guide(project: Path = PROJECT) -> str:
    """The page as Markdown."""
    sections = [_section(project, profile) for profile in _rows(project, "score_profile")]
    return "\n".join([_INTRODUCTION, *sections])


def _rows(project: Path, seed: str) -> list[dict[str, str]]:
    with (project / "seeds" / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _computed(project: Path) -> frozenset[str]:
    """Codes of the indicators that the exports tell."""
    return frozenset(ProjectMacros(project=project).value("score_terms"))


def _section(project: Path, profile: dict[str, str]) -> str:
    code, computed = profile["profile_code"], _computed(project)

    def own(seed: str) -> list[dict[str, str]]:
        return [row for row in _rows(project, seed) if row["profile_code"] == code]

    lines = [
        f"## `{code}` {profile['profile_name']}",
        "",
        f"In force from {profile['valid_from']}{_until(profile['valid_to'])}. Verified: {_yes(profile)}. "
        f"{profile['source']}.",
        "",
    ]
    for group in own("score_group"):
        inherited = ", inherited from the province" if group["is_inherited"] == "true" else ""
        lines += [
            f"### {group['portal_code']} {group['group_name']} (`{group['group_code']}`): "
            f"{group['max_points']} points{inherited}",
            "",
            "| indicator | points | full from | denominator 0 | told by | verified | source |",
            "|---|---|---|---|---|---|---|",
        ]
        lines += [
            f"| {row['indicator_code']} {row['indicator_name']} | {row['max_points']} "
            f"| {float(row['full_from']) * 100:g} % | {row['zero_policy']} "
            f"| {'exports' if row['indicator_code'] in computed else 'given'} | {_yes(row)} "
            f"| {row['source']} |"
            for row in own("score_indicator")
            if row["group_code"] == group["group_code"]
        ]
        lines.append("")
    lines += ["### Bands", "", "| band | points from | verified | source |", "|---|---|---|---|"]
    lines += [
        f"| {row['band_name']} (`{row['band_code']}`) | {row['points_from']} | {_yes(row)} "
        f"| {row['source']} |"
        for row in own("score_band")
    ]
    return "\n".join([*lines, ""])


def _until(day: str) -> str:
    return f" to {day}" if day else ""


def _yes(row: dict[str, str]) -> str:
    return "yes" if row["verified"] == "true" else "no"
