"""``make fuzz``: the fuzz test again and again for some minutes, in guarded processes.

Each round runs in a new process under a limit of memory and of time; a traceback, a hang or a death ends the
whole with the example that led there. Keep such an example in the corpus or beside the test.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time

from tests.landing.fuzzing.rounds import ROUND_EXAMPLES, run_round

ROUND_SECONDS = 900


def main() -> int:
    """Run rounds until the time is up; 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="make fuzz")
    parser.add_argument("--minutes", type=float, default=8)
    minutes = parser.parse_args().minutes
    began, rounds = time.monotonic(), 0
    context = multiprocessing.get_context("spawn")
    while time.monotonic() - began < minutes * 60:
        process = context.Process(target=run_round)
        process.start()
        process.join(ROUND_SECONDS)
        if process.is_alive():
            process.kill()
            process.join()
            print(f"round {rounds + 1} hung for {ROUND_SECONDS} s", file=sys.stderr)
            return 1
        if process.exitcode != 0:
            print(f"round {rounds + 1} ended with {process.exitcode}", file=sys.stderr)
            return 1
        rounds += 1
    print(f"{rounds} rounds of {ROUND_EXAMPLES} examples in {time.monotonic() - began:.0f} s, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
