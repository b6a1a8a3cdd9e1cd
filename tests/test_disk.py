"""A full disk is told as one, wherever it shows."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from orchestration.disk import full_disk_explained, is_full, require_space
from orchestration.errors import UnavailableError


def write_to_full_device() -> None:
    with Path("/dev/full").open("w") as device:
        device.write("x")


def test_a_write_that_finds_no_room(tmp_path: Path) -> None:
    with pytest.raises(UnavailableError, match=f"{tmp_path} đã đầy"), full_disk_explained(tmp_path):
        write_to_full_device()


def test_a_cause_deep_below_counts() -> None:
    error = RuntimeError("step failed")
    error.__cause__ = OSError(28, "")

    assert is_full(error)


def test_errors_that_caused_each_other_have_an_end() -> None:
    first, second = RuntimeError("one"), RuntimeError("other")
    first.__cause__, second.__cause__ = second, first

    assert not is_full(first)


@pytest.mark.parametrize(
    "error",
    [
        duckdb.IOException("IO Error: Could not write file: No space left on device"),
        "Runtime Error in model fct_dossier: No space left on device",
        Exception("(sqlite3.OperationalError) database or disk is full"),
    ],
)
def test_texts_of_others_are_known(error: Exception | str) -> None:
    assert is_full(error)


def test_other_troubles_pass(tmp_path: Path) -> None:
    assert not is_full(PermissionError(13, "Permission denied"))
    with pytest.raises(PermissionError), full_disk_explained(tmp_path):
        raise PermissionError(13, "Permission denied")


def test_what_cannot_fit_is_refused_beforehand(tmp_path: Path) -> None:
    require_space(tmp_path, 1)
    with pytest.raises(UnavailableError, match="cần"):
        require_space(tmp_path, 2**62)
