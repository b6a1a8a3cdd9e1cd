"""Kill -9 at each step of a publication: readers keep the earlier release, the next publication is clean."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.home import Home
from orchestration.release import reader
from orchestration.release.manifest import current_manifest, read_manifest
from orchestration.release.publish import publish
from orchestration.warehouse.record import record_build

from .conftest import MakeBuild

WHEN = datetime(2025, 11, 26, 18)
# Where the process dies: before the named function of the named module, or right after it.
POINTS = [
    "before retention.remove_leftovers",
    "before copying.attach",
    "after copying.attach",
    "after copying.copy_tables",
    "after copying.copy_macros",
    "before meta.write_release",
    "after copying.write_parquet",
    "before publish.write_manifest",
    "after publish.write_manifest",
    "before publish.seal",
    "after publish.seal",
    "before publish._switch",
    "after publish._switch",
    "after retention.remove_expired",
]
CHILD = """
import importlib, os, signal, sys
from datetime import datetime
from pathlib import Path
from orchestration.home import Home
from orchestration.release.publish import publish
from orchestration.warehouse.record import finished_build

home, when, module_name, name = Home(Path(sys.argv[1])), *sys.argv[2:]
module = importlib.import_module("orchestration.release." + module_name)
original = getattr(module, name)

def dying(*args, **options):
    if when == "after":
        original(*args, **options)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, name, dying)
publish(home, finished_build(home), datetime(2025, 11, 26, 19))
"""


def die(home: Home, point: str) -> None:
    when, _, where = point.partition(" ")
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(home.root), when, *where.split(".")], check=False
    )
    assert child.returncode == -signal.SIGKILL


@pytest.mark.parametrize("point", POINTS)
def test_killed(home: Home, make_build: MakeBuild, point: str) -> None:
    before = publish(home, make_build(version=0), WHEN)
    build = make_build(version=1)
    record_build(home, build)

    die(home, point)

    now = current_manifest(home)
    assert now is not None
    switched = point in ("after publish._switch", "after retention.remove_expired")
    assert (now == before) is not switched
    smallest = reader.run_sql(home, "SELECT min(amount) FROM marts.fact").rows
    assert smallest == [(1 if switched else 0,)]

    after = publish(home, build, WHEN.replace(hour=20))

    assert current_manifest(home) == after
    assert reader.run_sql(home, "SELECT min(amount) FROM marts.fact").rows == [(1,)]
    assert [path.name for path in home.releases.glob(".*") if path.name != ".lock"] == []
    assert list(home.root.glob(".current*")) == []
    for directory in visible(home):
        read_manifest(directory)


def visible(home: Home) -> list[Path]:
    return [path for path in home.releases.iterdir() if not path.name.startswith(".")]
