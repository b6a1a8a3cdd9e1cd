"""After a new release the server asks itself what people asked on the last one, before they come back.

Browsers compose a chart's question out of more than the chart (filters, their defaults), so questions are
remembered as they were asked, by whoever sees every commune: their answers are the same (``security``), so
one of them warms for all. Who sees own communes only is few rows away from an answer and is not remembered.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from flask_login import current_user

from orchestration.home import Home
from orchestration.superset_app.serving import NO_RELEASE, current_release, pinned_release
from orchestration.superset_app.viewers import sees_everything

QUESTION_PATH = "/api/v1/chart/data"
# A dozen dashboards of ten charts, and as many again with other filters.
REMEMBERED = 240

_LOG = logging.getLogger(__name__)


class Questions:
    """The last questions and the releases that they were asked again on, in one file for all workers."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, username: str, body: bytes) -> None:
        """Remember a question, or that it was asked again."""
        with self._open() as connection:
            connection.execute(
                "insert or replace into question (key, username, body, number) "
                "values (?, ?, ?, (select coalesce(max(number), 0) + 1 from question))",
                (sha256(body).hexdigest(), username, body),
            )
            connection.execute(
                "delete from question where number <= (select max(number) from question) - ?", (REMEMBERED,)
            )

    def newest(self) -> list[tuple[str, dict[str, Any]]]:
        """Who asked what, the newest first."""
        with self._open() as connection:
            rows = connection.execute("select username, body from question order by number desc").fetchall()
        return [(username, json.loads(body)) for username, body in rows]

    def claim(self, release: str) -> bool:
        """Whether the caller is the first to see ``release``, and so the one to warm it."""
        with self._open() as connection:
            return (
                connection.execute("insert or ignore into warmed (release) values (?)", (release,)).rowcount
                == 1
            )

    def finish(self, release: str) -> None:
        """Remember that everything was asked again on ``release``."""
        with self._open() as connection:
            connection.execute("update warmed set finished = 1 where release = ?", (release,))

    def finished(self, release: str) -> bool:
        """Whether it was."""
        with self._open() as connection:
            found = connection.execute("select finished from warmed where release = ?", (release,)).fetchone()
            return found == (1,)

    @contextmanager
    def _open(self) -> Generator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
            connection.execute(
                "create table if not exists question "
                "(key text primary key, username text, body blob, number integer)"
            )
            connection.execute(
                "create table if not exists warmed (release text primary key, finished integer default 0)"
            )
            yield connection


def questions_file(home: Home) -> Path:
    """Where the questions are kept."""
    return home.superset / "questions.db"


def adapt_warm_up(app: Flask, home: Home) -> None:
    """Remember questions that were answered, and ask them again as soon as a request sees a new release.

    Any request will do; ``motcua run`` makes one after publishing.
    """
    questions = Questions(questions_file(home))
    seen = {current_release(home)}

    def look() -> None:
        release = current_release(home)
        if release in seen:
            return
        seen.add(release)
        if release != NO_RELEASE and questions.claim(release):
            threading.Thread(target=warm, args=(release,), name="warm-up", daemon=True).start()

    def warm(release: str) -> None:
        for username, body in questions.newest():
            try:
                with app.test_request_context(QUESTION_PATH, method="POST", json=body):
                    _ask(username, body)
            except Exception as error:  # a question may be of a chart that is gone; the next ones count
                _LOG.info("not warmed: %s", error)
        questions.finish(release)

    def remember(response: Response) -> Response:
        if request.path == QUESTION_PATH and request.method == "POST" and response.status_code == 200:
            username = str(getattr(current_user, "username", ""))
            if sees_everything(home, pinned_release(home), username):
                questions.note(username, request.get_data())
        return response

    app.before_request(look)
    app.after_request(remember)


def _ask(username: str, body: dict[str, Any]) -> None:
    """Answer as if ``username`` had asked, with every right checked; the answer stays in the cache."""
    from superset.charts.schemas import ChartDataQueryContextSchema
    from superset.commands.chart.data.get_data_command import ChartDataCommand
    from superset.extensions import security_manager
    from superset.utils.core import override_user

    with override_user(security_manager.find_user(username)):
        question: Any = ChartDataQueryContextSchema().load({**body, "force": False})
        command = ChartDataCommand(question)
        command.validate()
        command.run()
