"""What a query may take: time, memory, places at once, bytes. As connections that Superset uses like its own.

Two lanes. The dashboards' queries are many and small. What somebody wrote (SQL Lab, expressions in
Explore) runs apart: on another instance of DuckDB with one thread and less memory, in one of a few
places that all processes share, so that whatever it does, pages of others are answered meanwhile. No
Superset import: its configuration loads this first.
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import duckdb
from duckdb_engine import ConnectionWrapper, CursorWrapper
from flask import Flask, g, has_app_context, request

from orchestration.errors import MotcuaError
from orchestration.home import Home
from orchestration.release.guard import guard
from orchestration.spill import spill_config

# Requests that carry SQL of somebody's own.
FREE_PATHS = ("/api/v1/sqllab/", "/superset/sqllab", "/api/v1/query/")
# More than the largest table that a page can show; an answer is also held as JSON, several times over.
MOST_BYTES = 64 * 2**20
_WAITING = 2
_WAIT_SECONDS, _POLL_SECONDS = 10.0, 0.05
# A download may go on while somebody reads it slowly, but not for ever.
_CONNECTION_FACTOR = 4
_FREE = {"memory_limit": "512MB", "threads": "1"}
_MOST_SPILLED = "1GB"
# Said by SQLAlchemy itself.
_PLAIN = frozenset({"begin", "commit", "rollback"})


_LOG = logging.getLogger(__name__)
_FAILED = (
    "Không lấy được số liệu của biểu đồ này. Hãy tải lại trang; nếu vẫn vậy, báo quản trị viên xem nhật ký "
    "Superset."
)


class QueryLimitError(MotcuaError):
    """A query took more than it may."""


@dataclass(frozen=True)
class Limits:
    """For one installation: seconds a query, and how many free ones at once."""

    seconds: float
    places: int = max(1, (os.cpu_count() or 1) // 2)


def adapt_limits(app: Flask) -> None:
    """Let requests that carry SQL take the slow lane."""

    def choose() -> None:
        if request.path.startswith(FREE_PATHS):
            take_free_lane()

    app.before_request(choose)


def take_free_lane() -> None:
    """What the present request asks from here on is somebody's own SQL."""
    g.motcua_free = True


def in_free_lane() -> bool:
    """Whether it is."""
    return has_app_context() and bool(g.get("motcua_free"))


def opener(home: Home, release: str, config: dict[str, Any], limits: Limits) -> Callable[[], Any]:
    """How SQLAlchemy is to connect to ``release`` for the present request (its ``creator``)."""
    free = in_free_lane()

    def connect() -> LimitedConnection:
        lane = "sql" if free else "pages"
        path = free_file(home, release) if free else home.releases / release / home.current_file.name
        settings = {**config, **spill_config(home, lane, _MOST_SPILLED), **(_FREE if free else {})}
        places = Places(home.superset / "places", limits.places) if free else None
        return LimitedConnection(duckdb.connect(path, read_only=True, config=settings), limits, places)

    return connect


def free_file(home: Home, release: str) -> Path:
    """The release's database under a second path: DuckDB has one instance, with one configuration, per path.

    A hard link, so it takes no room; of other releases none is kept but the one that readers see.
    """
    folder = home.superset / "sql" / release
    path = folder / home.current_file.name
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        source = home.releases / release / path.name
        try:
            with suppress(FileExistsError):
                os.link(source, path)
        except OSError:  # another disk
            aside = folder / f".{os.getpid()}"
            shutil.copyfile(source, aside)
            aside.replace(path)
        kept = {release, home.current.resolve().name}
        for other in folder.parent.iterdir():
            if other.name not in kept:
                shutil.rmtree(other, ignore_errors=True)
    return path


class Places:
    """A few places that all processes share; the kernel gives a place back when its process dies."""

    def __init__(self, folder: Path, count: int) -> None:
        self._folder = folder
        self._count = count
        self._held: TextIO | None = None

    def take(self) -> None:
        """Take a place, after a short wait if few others wait.

        Raises:
            QueryLimitError: all are taken.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._held = self._any("place", self._count)
        if self._held is not None:
            return
        queued = self._any("waiting", _WAITING)
        deadline = time.monotonic() + (_WAIT_SECONDS if queued else 0)
        try:
            while self._held is None and time.monotonic() < deadline:
                time.sleep(_POLL_SECONDS)
                self._held = self._any("place", self._count)
        finally:
            if queued is not None:
                queued.close()
        if self._held is None:
            raise QueryLimitError(
                f"Đang có {self._count} câu truy vấn khác chạy, là số nhiều nhất cùng lúc. Hãy đợi một "
                f"lát rồi chạy "
                "lại."
            )

    def give_back(self) -> None:
        """Let the next one in."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _any(self, name: str, count: int) -> TextIO | None:
        for number in range(count):
            file = (self._folder / f"{name}-{number}").open("a")
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.close()
            else:
                return file
        return None


class LimitedConnection(ConnectionWrapper):
    """A connection whose queries end in time. ``places`` only in the free lane."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, limits: Limits, places: Places | None) -> None:
        super().__init__(raw)
        self.raw = raw
        self.free = places is not None
        self._limits = limits
        self._places = places
        self._is_placed = False
        self._until = time.monotonic() + limits.seconds * _CONNECTION_FACTOR

    def cursor(self) -> LimitedCursor:
        """A cursor under the same limits."""
        return LimitedCursor(self.raw, self)

    def close(self) -> None:
        """Close, and let the next one in."""
        super().close()
        if self._places is not None:
            self._places.give_back()

    @contextmanager
    def timed(self) -> Generator[None]:
        """Interrupt what runs in the block once its time is over.

        Raises:
            QueryLimitError: it was, or there is no place for it.
        """
        if self._places is not None and not self._is_placed:
            self._places.take()
            self._is_placed = True
        seconds = min(self._limits.seconds, self._until - time.monotonic())
        timer = threading.Timer(max(seconds, 0.0), self.raw.interrupt)
        timer.daemon = True
        timer.start()
        try:
            yield
        except duckdb.InterruptException as error:
            raise QueryLimitError(
                f"Câu truy vấn chạy quá {self._limits.seconds:.0f} giây nên đã được dừng. Hãy lọc bớt dữ "
                f"liệu, hoặc "
                "xem lại điều kiện nối các bảng."
            ) from error
        except duckdb.Error as error:
            if not isinstance(error, duckdb.OutOfMemoryException):
                if self.free:
                    raise
                # Whoever looks at a page did not write the query and need not read it.
                _LOG.exception("a page's query failed")
                raise QueryLimitError(_FAILED) from error
            raise QueryLimitError(
                "Câu truy vấn cần quá nhiều bộ nhớ nên đã được dừng. Hãy lọc bớt dữ liệu, hoặc chia nhỏ "
                "câu truy vấn."
            ) from error
        finally:
            timer.cancel()


class LimitedCursor(CursorWrapper):
    """A cursor that runs and reads within the limits of its connection."""

    def __init__(self, raw: duckdb.DuckDBPyConnection, connection: LimitedConnection) -> None:
        super().__init__(raw, connection)
        self._raw = raw
        self._connection = connection
        self._bytes = 0

    def execute(self, statement: str, parameters: Any = None, context: Any = None) -> None:
        """Run ``statement``; in the free lane only if it is a plain query."""
        if self._connection.free and statement.strip().rstrip(";").lower() not in _PLAIN:
            guard(statement)
        with self._connection.timed():
            super().execute(statement, parameters, context)

    def fetchall(self) -> list[Any]:
        """All rows."""
        return self._rows(sys.maxsize)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """The next ``size`` rows, one if none is given."""
        return self._rows(1 if size is None else size)

    def _rows(self, wanted: int) -> list[Any]:
        """Rows in growing pieces, so that large ones are noticed before they fill the memory."""
        found: list[Any] = []
        piece = 1
        with self._connection.timed():
            while len(found) < wanted:
                rows = self._raw.fetchmany(min(piece, wanted - len(found)))
                if not rows:
                    break
                found += rows
                size = sum(_size(value) for row in rows for value in row)
                self._bytes += size
                if self._bytes > MOST_BYTES:
                    raise QueryLimitError(
                        f"Kết quả lớn hơn {MOST_BYTES // 2**20} MB nên không lấy tiếp. Hãy chọn ít cột "
                        f"hơn, hoặc lọc "
                        "bớt dòng."
                    )
                room = (MOST_BYTES - self._bytes) * len(rows) // max(size, 1)
                piece = max(1, min(piece * 4, 4_096, room))
        return found


def _size(value: Any) -> int:
    """About what the value takes; nested ones by what they show."""
    return sys.getsizeof(value) if isinstance(value, str | bytes | int | float) else len(repr(value))


def adapt_first_query(app: Flask) -> None:
    """Bind Celery's tasks before the first request is answered.

    Superset runs people's SQL as a task even within the request, and Celery binds tasks when first called,
    unguarded: of two first queries at once, one found its task half bound and failed.
    """
    lock, bound = threading.Lock(), threading.Event()

    def bind_tasks() -> None:
        if bound.is_set():
            return
        from superset.extensions import celery_app

        with lock:
            if not bound.is_set():
                celery_app.finalize()
                bound.set()

    app.before_request(bind_tasks)
