"""Counting failed sign-ins, in one SQLite file that all worker processes share.

Only failures count, so that an office behind one address can sign in at eight o'clock. Three counts
stand side by side: one person at one address, one address, one person at all addresses.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

WINDOW_SECONDS = 15 * 60
# Where Superset's configuration keeps the one instance.
FAILED_SIGN_INS = "MOTCUA_FAILED_SIGN_INS"


@dataclass(frozen=True)
class Limits:
    """Failures within the window after which no further password is looked at."""

    person_at_address: int = 10
    address: int = 50
    person: int = 100


class FailedSignIns:
    """The failures of the last ``WINDOW_SECONDS``; names are kept as digests only."""

    def __init__(self, path: Path, limits: Limits = Limits(), now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._limits = limits
        self._now = now

    def refused(self, username: str, address: str) -> bool:
        """Whether to turn this attempt away unseen."""
        with self._open() as connection:
            return any(self._count(connection, key) >= limit for key, limit in self._keys(username, address))

    def note(self, username: str, address: str) -> None:
        """Record a failure."""
        with self._open() as connection:
            connection.execute("delete from failure where at < ?", (self._now() - WINDOW_SECONDS,))
            connection.executemany(
                "insert into failure (key, at) values (?, ?)",
                [(key, self._now()) for key, _ in self._keys(username, address)],
            )

    def forget(self, username: str, address: str) -> None:
        """A success clears what this person missed at this address."""
        key, _ = next(self._keys(username, address))
        with self._open() as connection:
            connection.execute("delete from failure where key = ?", (key,))

    def _keys(self, username: str, address: str) -> Iterator[tuple[str, int]]:
        """Each key that an attempt counts under, with its limit."""
        person = sha256(username.strip().casefold().encode()).hexdigest()
        yield f"{person}@{address}", self._limits.person_at_address
        yield f"@{address}", self._limits.address
        yield person, self._limits.person

    def _count(self, connection: sqlite3.Connection, key: str) -> int:
        (count,) = connection.execute(
            "select count(*) from failure where key = ? and at >= ?", (key, self._now() - WINDOW_SECONDS)
        ).fetchone()
        return int(count)

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute("create table if not exists failure (key text not null, at real not null)")
            connection.execute("create index if not exists failure_key on failure (key, at)")
            yield connection
