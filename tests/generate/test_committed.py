"""Nothing that is committed though a program writes it is stale."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from orchestration.generate.committed import COMMITTED
from orchestration.settings import PROJECT_ROOT


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: path.name)
def test_the_committed_file_is_what_its_sources_say(path: Path) -> None:
    """If this fails: ``make generate``, and look at the difference."""
    assert path.read_bytes().decode("utf-8") == COMMITTED[path]()


def test_what_says_that_it_is_generated_is_held_to_it() -> None:
    said = subprocess.run(
        ["git", "grep", "-l", "-e", "`make generate`", "--", "dbt_project/models", "docs"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    pages = {path.relative_to(PROJECT_ROOT).as_posix() for path in COMMITTED}
    prose = {"docs/architecture.md", "docs/decisions.md", "docs/operations.md"}
    assert set(said) - prose <= pages
