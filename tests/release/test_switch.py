"""Readers query without pause, in threads and in processes, while releases come out one after another."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from orchestration.home import Home
from orchestration.release import reader
from orchestration.release.publish import publish

from .conftest import MakeBuild

PUBLICATIONS = 20
THREADS = 3
PROCESSES = 2
WHEN = datetime(2025, 11, 26, 18)
QUERY = "SELECT release_id, min(amount) FROM marts.fact CROSS JOIN meta.release GROUP BY ALL"
READER = """
import json, sys, time
from pathlib import Path
from orchestration.home import Home
from orchestration.release import reader

home, stop, seen = Home(Path(sys.argv[1])), Path(sys.argv[2]), []
print("ready", flush=True)
while not stop.exists():
    began = time.time()
    seen.append([began, *reader.run_sql(home, sys.argv[3]).rows[0]])
print(json.dumps(seen))
"""


def test_no_query_fails_and_none_is_stale(home: Home, make_build: MakeBuild, tmp_path: Path) -> None:
    first = publish(home, make_build(version=0), WHEN).release_id
    published: list[tuple[float, str, int]] = [(time.time(), first, 0)]
    stop = tmp_path / "stop"
    answers: list[tuple[float, str, int]] = []
    failures: list[Exception] = []

    def read() -> None:
        while not stop.exists():
            began = time.time()
            try:
                release_id, amount = reader.run_sql(home, QUERY).rows[0]
                answers.append((began, release_id, amount))
            except Exception as error:
                failures.append(error)
                return

    processes = [
        subprocess.Popen(
            [sys.executable, "-c", READER, str(home.root), str(stop), QUERY],
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    threads = [threading.Thread(target=read) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        for version in range(1, PUBLICATIONS + 1):
            release = publish(home, make_build(version=version), WHEN + timedelta(minutes=version))
            published.append((time.time(), release.release_id, version))
    finally:
        stop.touch()
        for thread in threads:
            thread.join()
        outputs = [process.communicate()[0] for process in processes]

    assert not failures
    assert [process.returncode for process in processes] == [0] * PROCESSES
    for output in outputs:
        answers += [(began, release_id, amount) for began, release_id, amount in json.loads(output)]
    versions = {release_id: version for _, release_id, version in published}
    assert len(versions) == PUBLICATIONS + 1
    for began, release_id, amount in answers:
        assert amount == versions[release_id]
        newest_then = max(version for done, _, version in published if done <= began)
        assert amount >= newest_then
    assert len({amount for _, _, amount in answers}) > PUBLICATIONS / 2


def test_a_query_under_way_finishes_on_its_release(home: Home, make_build: MakeBuild) -> None:
    publish(home, make_build(version=0), WHEN)
    with reader.connect(home) as connection:
        cursor = connection.execute("SELECT amount FROM marts.fact ORDER BY amount")
        first = cursor.fetchone()
        for version in range(1, 6):
            publish(home, make_build(version=version), WHEN + timedelta(minutes=version))
        rest = cursor.fetchall()
        again = connection.execute("SELECT min(amount) FROM marts.fact").fetchone()

    assert [first, *rest] == [(amount,) for amount in range(1000)]
    assert again == (0,)
    assert reader.run_sql(home, "SELECT min(amount) FROM marts.fact").rows == [(5,)]
