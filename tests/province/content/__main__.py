"""Part of ``make fuzz``: a province of nonsense, seed by seed, until the time is up or a seed fails."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from orchestration.warehouse.record import failure_sentence
from tests.province.content.inbox import sheets
from tests.province.content.province import judge

ROUNDS = 4


def main() -> int:
    """Build until the time is up; 1 if a build failed or somebody had to be set aside."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    given = parser.parse_args()
    began, seed = time.monotonic(), given.seed
    while time.monotonic() - began < given.minutes * 60:
        with tempfile.TemporaryDirectory(prefix="motcua-content-") as home:
            judged = judge(Path(home), sheets(seed, ROUNDS))
        if not judged.result.ok or judged.aside:
            failed = [failure_sentence(node) for node in judged.result.failed]
            print(f"seed {seed}:", *failed, *judged.aside, sep="\n", file=sys.stderr)
            return 1
        seed += 1
    print(f"{seed - given.seed} provinces in {time.monotonic() - began:.0f} s, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
