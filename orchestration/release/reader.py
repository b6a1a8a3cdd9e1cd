"""Reading the current release: read-only, and shut off from files, other databases and settings.

Read-only alone is no sandbox: a plain SELECT could still read or write any file of this user (design 8).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.guard import QueryError, refuse_functions
from orchestration.release.soundness import damaged, require_sound
from orchestration.spill import spill_config

_SANDBOX: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
_MOST_SPILLED = "8GB"
_ATTEMPTS = 3
_QUERIES = (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN)


@dataclass(frozen=True)
class QueryResult:
    """Column names and rows, in the order of the query."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def connect_file(home: Home, database: Path) -> duckdb.DuckDBPyConnection:
    """Open the release file ``database`` of ``home`` inside the sandbox."""
    spill = spill_config(home, "reader", _MOST_SPILLED)
    return duckdb.connect(database, read_only=True, config={**_SANDBOX, **spill})


def connect(home: Home) -> duckdb.DuckDBPyConnection:
    """Open the current release inside the sandbox.

    The link is resolved once, so that the connection stays on one release. A release that is removed
    between resolving and opening has two successors by then: resolve again.

    Raises:
        UnavailableError: nothing has been published yet.
        DamagedReleaseError: what is published cannot be opened.
    """
    require_sound(home)
    for _ in range(_ATTEMPTS):
        try:
            database = home.current_file.resolve(strict=True)
        except FileNotFoundError:
            continue
        try:
            return connect_file(home, database)
        except duckdb.Error as error:
            # A lock or a shortage is no damage; a release that was just removed has a successor.
            if database.exists() and "Could not set lock" not in str(error):
                raise damaged(home, database.parent.name) from error
    raise UnavailableError(
        f"Chưa có bản số liệu nào được công bố trong {home.root}. Hãy chạy `motcua run` trước."
    )


def run_sql(home: Home, statement: str) -> QueryResult:
    """Run one ``statement`` on the current release.

    Raises:
        UnavailableError: nothing has been published yet.
        QueryError: the statement is empty, wrong, or reaches outside the release.
    """
    with connect(home) as connection:
        try:
            _require_query(connection.extract_statements(statement))
            refuse_functions(statement)
            result = connection.execute(statement)
            return QueryResult(tuple(str(column[0]) for column in result.description), result.fetchall())
        except (duckdb.PermissionException, duckdb.InvalidInputException) as error:
            raise _refused(_first_line(error)) from error
        except duckdb.IOException as error:
            raise damaged(home, home.current.resolve().name) from error
        except duckdb.Error as error:
            raise QueryError(
                f"Câu lệnh SQL không chạy được: {_first_line(error)}. "
                "Tên bảng và cột xem trong meta.data_dictionary."
            ) from error


def _require_query(statements: list[duckdb.Statement]) -> None:
    """Let one query through. PIVOT counts as one, though DuckDB splits off the temporary types it makes."""
    kinds = [statement.type for statement in statements]
    if not kinds:
        raise QueryError('Câu lệnh trống. Ví dụ: motcua sql "select * from meta.release".')
    for kind in (*(kind for kind in kinds[:-1] if kind != duckdb.StatementType.CREATE), kinds[-1]):
        if kind not in _QUERIES:
            raise _refused(kind.name)
    if any(kind in _QUERIES for kind in kinds[:-1]):
        raise QueryError("Mỗi lần chỉ chạy một câu lệnh. Hãy tách các câu lệnh ra và chạy từng câu.")


def _refused(what: str) -> QueryError:
    return QueryError(
        "Câu lệnh bị từ chối: bản công bố chỉ để đọc bằng SELECT, không đọc hay ghi tệp, không gắn cơ sở "
        f"dữ liệu khác, không cài tiện ích, không đổi cấu hình ({what})."
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0].rstrip(".")
