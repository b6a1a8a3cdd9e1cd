"""Where DuckDB may put what does not fit into memory while people read a release, and who clears it away.

Left to itself DuckDB writes beside the database, into the release's own folder, without a bound, and
leaves it there when its process is killed. Each process has a folder of its own: two that shared one would
overwrite one another.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import psutil

from orchestration.home import Home

_FOLDER = "spill"
# Beside a release: from before this module, or from a tool that opened it without our settings.
_BESIDE = "*/*.duckdb.tmp"


def spill_config(home: Home, purpose: str, most: str) -> dict[str, str]:
    """DuckDB's settings for this process, for one of its instances; ``most`` as DuckDB writes sizes."""
    folder = home.scratch / _FOLDER / f"{os.getpid()}-{purpose}"
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"temp_directory": str(folder), "max_temp_directory_size": most}


def leftovers(home: Home) -> list[Path]:
    """Folders whose process is gone, oldest first by name."""
    spilled = (home.scratch / _FOLDER).glob("*-*")
    return [*(path for path in sorted(spilled) if not _is_alive(path)), *sorted(home.releases.glob(_BESIDE))]


def clear_leftovers(home: Home) -> None:
    """Remove them."""
    for path in leftovers(home):
        shutil.rmtree(path, ignore_errors=True)


def size_of(paths: list[Path]) -> int:
    """Bytes below ``paths``."""
    return sum(file.stat().st_size for path in paths for file in path.rglob("*") if file.is_file())


def _is_alive(folder: Path) -> bool:
    number = folder.name.partition("-")[0]
    return number.isdecimal() and psutil.pid_exists(int(number))
