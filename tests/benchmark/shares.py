"""Where the time of a dbt build went, by its own record of it."""

from __future__ import annotations

import json
from pathlib import Path

CHECKS, SEEDS = "checks", "seeds"
_SHARES = {"test": CHECKS, "unit_test": CHECKS, "seed": SEEDS}


def seconds_by_share(target: Path) -> dict[str, float]:
    """Seconds of the last build, over all threads: of models by schema, of seeds, of checks."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds: dict[str, float] = {}
    for result in results:
        node = manifest["nodes"].get(result["unique_id"], {})
        share = node["schema"] if node.get("resource_type") == "model" else None
        share = share or _SHARES.get(result["unique_id"].partition(".")[0])
        if share is not None:  # exposures take no time
            seconds[share] = seconds.get(share, 0.0) + result["execution_time"]
    return seconds


def seconds_below(target: Path, prefixes: tuple[str, ...]) -> float:
    """Seconds of the models whose names begin so and of all that reads them, checks included."""
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
    found = {
        key
        for key, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node["name"].startswith(prefixes)
    }
    waiting = list(found)
    while waiting:
        below = [key for key in manifest["child_map"].get(waiting.pop(), []) if key not in found]
        found.update(below)
        waiting += below
    return sum(result["execution_time"] for result in results if result["unique_id"] in found)
