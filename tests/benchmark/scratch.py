"""A place to measure in, and word of what is going on. Nothing that measures."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def scratch_home() -> Generator[Path]:
    """A home of its own that is removed afterwards; the user's settings do not reach it."""
    for name in [name for name in os.environ if name.startswith("MOTCUA_")]:
        del os.environ[name]
    root = Path(tempfile.mkdtemp(prefix="motcua-bench-"))
    os.environ["MOTCUA_HOME"] = str(root / "home")
    try:
        yield root
    finally:
        shutil.rmtree(root, ignore_errors=True)


def tell(what: str) -> None:
    """Progress, on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {what} ...", file=sys.stderr, flush=True)
