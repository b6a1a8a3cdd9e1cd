"""Asking the current release, which may not be there yet, or be older than the question."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import duckdb

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.reader import connect

_Answer = TypeVar("_Answer")


def ask(home: Home, question: Callable[[duckdb.DuckDBPyConnection], _Answer]) -> _Answer | None:
    """What ``question`` learns from the release; None if nothing is published, or not with these columns."""
    try:
        with connect(home) as connection:
            return question(connection)
    except (UnavailableError, duckdb.CatalogException, duckdb.BinderException):
        return None
