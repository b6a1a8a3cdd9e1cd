"""How long a sign-in counts: as long as the account's password and the number of its sign-outs stay.

Superset's sessions and tokens are signed and kept by whoever holds them, so nothing ends them before
their time. Each therefore carries a mark of the account as it was when it signed in, compared at every
request. The number of sign-outs lies in one SQLite file that all worker processes share.
"""

from __future__ import annotations

import hmac
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

# Where Superset's configuration keeps the one instance, and sessions and tokens their mark.
EPOCHS = "MOTCUA_EPOCHS"
MARK = "motcua_mark"


class Epochs:
    """Marks of accounts, made with ``secret``."""

    def __init__(self, path: Path, secret: str) -> None:
        self._path = path
        self._secret = secret.encode()

    def mark(self, account: int, password_hash: str | None) -> str:
        """What a session or token of ``account`` must carry to count now."""
        with self._open() as connection:
            row = connection.execute("select number from epoch where account = ?", (account,)).fetchone()
        told = f"{account}|{password_hash or ''}|{row[0] if row else 0}"
        return hmac.new(self._secret, told.encode(), sha256).hexdigest()

    def end(self, account: int) -> None:
        """End every session and token that ``account`` has now."""
        with self._open() as connection:
            connection.execute(
                "insert into epoch values (?, 1) on conflict (account) do update set number = number + 1",
                (account,),
            )

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute(
                "create table if not exists epoch (account integer primary key, number integer)"
            )
            yield connection
