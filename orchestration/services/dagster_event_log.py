"""Dagster's SQLite event log, made fit for a run that reports some hundred tables and checks.

Dagster opens, compiles, commits to disk and closes anew for every event, which is 30 ms each; a daily run
tells 350. Here connections and compiled statements stay, and a commit does not wait for the disk: what a
power cut may lose is the log's last lines, never its integrity, and nothing is computed from the log.
Files and tables are Dagster's own, so its stock class reads them too.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

# Every run has a file of its own; the web pages may look at many.
_OPEN_FILES = 16


class WarmSqliteEventLogStorage(SqliteEventLogStorage):
    """The stock storage with its connections kept warm. Named in ``dagster.yaml``."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        super().__init__(base_dir, inst_data)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Mapping[str, Any]) -> WarmSqliteEventLogStorage:
        """Called by Dagster with the configuration in ``dagster.yaml``."""
        return cls(inst_data=inst_data, **config_value)

    @contextmanager
    def _connect(self, shard: str) -> Generator[Connection]:
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            # One transaction, committed at the end of the block.
            with engine.begin() as connection:
                yield connection

    def _engine(self, shard: str) -> Engine:
        engine = self._engines.pop(shard, None) or _warm_engine(self.conn_string_for_shard(shard))
        self._engines[shard] = engine
        if len(self._engines) > _OPEN_FILES:
            self._engines.popitem(last=False)[1].dispose()
        return engine

    def dispose(self) -> None:
        """Close all files."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
        super().dispose()


def _warm_engine(url: str) -> Engine:
    engine: Any = create_engine(
        url,
        poolclass=QueuePool,
        connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False},
    )

    def set_up(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous = NORMAL")

    event.listen(engine, "connect", set_up)
    return engine
