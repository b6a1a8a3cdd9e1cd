"""Counting failed sign-ins, in one SQLite file that all worker processes share.

Only failures count, so that an office behind one address can sign in at eight o'clock. Three counts
stand side by side: one person at one address, one address, one person at all addresses. An address that
fails much, as a proxy does behind which somebody guesses, leaves each person there fewer tries, never
none. A browser in which the person has signed in before is told by its cookie and counted for itself:
whoever guesses elsewhere does not lock it out.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

WINDOW_SECONDS = 15 * 60
# Where Superset's configuration keeps the one instance.
FAILED_SIGN_INS = "MOTCUA_FAILED_SIGN_INS"


@dataclass(frozen=True)
class Limits:
    """Failures within the window after which no further password is looked at.

    ``address`` is where an address is tired: from there on a person has ``person_at_tired_address`` tries.
    """

    person_at_address: int = 10
    person_at_tired_address: int = 3
    address: int = 50
    person: int = 100


class FailedSignIns:
    """The failures of the last ``WINDOW_SECONDS``; names are kept as digests only.

    ``username`` is the account's own name, by whatever it was called; ``device`` is what tells a browser
    in which it has signed in before, else empty.
    """

    def __init__(self, path: Path, limits: Limits = Limits(), now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._limits = limits
        self._now = now

    def refused(self, username: str, address: str, device: str = "") -> bool:
        """Whether to turn this attempt away unseen."""
        limits, (pair, place, person) = self._limits, _keys(username, address)
        with self._open() as connection:
            if device:
                return self._count(connection, _device_key(username, device)) >= limits.person_at_address
            is_tired = self._count(connection, place) >= limits.address
            tries = limits.person_at_tired_address if is_tired else limits.person_at_address
            return self._count(connection, pair) >= tries or self._count(connection, person) >= limits.person

    def note(self, username: str, address: str, device: str = "") -> None:
        """Record a failure."""
        keys = (_device_key(username, device),) if device else _keys(username, address)
        with self._open() as connection:
            connection.execute("delete from failure where at < ?", (self._now() - WINDOW_SECONDS,))
            connection.executemany(
                "insert into failure (key, at) values (?, ?)", [(key, self._now()) for key in keys]
            )

    def forget(self, username: str, address: str, device: str = "") -> None:
        """A success clears what this person missed at this address, and in this browser."""
        pair, *_ = _keys(username, address)
        with self._open() as connection:
            connection.executemany(
                "delete from failure where key = ?", [(pair,), (_device_key(username, device),)]
            )

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


def _keys(username: str, address: str) -> tuple[str, str, str]:
    """What an attempt counts under: the person there, the place, the person."""
    person = sha256(username.strip().casefold().encode()).hexdigest()
    return f"{person}@{address}", f"@{address}", person


def _device_key(username: str, device: str) -> str:
    return f"{sha256(username.strip().casefold().encode()).hexdigest()}#{device}"
