"""What a query may take, and that others are answered meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests

from orchestration.dashboards.bundle import DATABASE_NAME
from orchestration.home import Home
from orchestration.release.guard import RefusedStatementError
from orchestration.spill import clear_leftovers, leftovers, spill_config
from orchestration.superset_app import limits
from orchestration.superset_app.limits import LimitedConnection, Limits, Places, QueryLimitError, free_file
from tests.dashboards.installation import Client, Installation

ENDLESS = (
    "select count(*) from range(1000000) a, range(1000000) b, range(1000000) c "
    "where a.range * b.range = c.range - 1"
)
WIDE = "select repeat('x', 1000000) as wide, range from range(1000)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    (home.releases / "r1").mkdir()
    with duckdb.connect(home.releases / "r1" / "warehouse.duckdb") as database:
        database.execute("create table t as select range as i from range(10)")
    home.current.symlink_to("releases/r1")
    return home


def connection(home: Home, seconds: float = 30, *, free: bool = False, places: int = 1) -> LimitedConnection:
    raw = duckdb.connect(home.current_file.resolve(), read_only=True, config={"threads": "1"})
    return LimitedConnection(raw, Limits(seconds), Places(home.superset / "places", places) if free else None)


def test_a_query_ends_in_time_with_a_sentence_in_any_thread(home: Home) -> None:
    said: list[str] = []

    def run() -> None:
        with pytest.raises(QueryLimitError) as caught:
            connection(home, 0.5).cursor().execute(ENDLESS)
        said.append(str(caught.value))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert len(said) == 1
    assert "nên đã được dừng" in said[0]


def test_a_connection_goes_on_after_a_query_that_was_stopped(home: Home) -> None:
    cursor = connection(home, 0.5).cursor()
    with pytest.raises(QueryLimitError):
        cursor.execute(ENDLESS)
    cursor.execute("select i from t order by i")
    assert cursor.fetchmany(3) == [(0,), (1,), (2,)]
    assert cursor.fetchmany() == [(3,)]
    assert len(cursor.fetchall()) == 6
    assert cursor.fetchall() == []


def test_a_result_is_bounded_by_bytes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_BYTES", 5_000_000)
    for read in ("fetchall", "fetchmany"):
        cursor = connection(home).cursor()
        cursor.execute(WIDE)
        with pytest.raises(QueryLimitError, match="MB"):
            cursor.fetchall() if read == "fetchall" else cursor.fetchmany(1_000)


def test_who_looks_at_a_page_reads_no_sql_who_wrote_it_does(home: Home) -> None:
    with pytest.raises(QueryLimitError) as caught:
        connection(home).cursor().execute("select nothing from t")
    assert "nothing" not in str(caught.value)
    with pytest.raises(duckdb.BinderException, match="nothing"):
        connection(home, free=True).cursor().execute("select nothing from t")


def test_only_plain_queries_pass_wherever_they_come_from(home: Home) -> None:
    """Not only where Superset asks its mutator: the streaming export does not."""
    cursor = connection(home, free=True).cursor()
    for statement in ("call enable_logging()", "set threads = 8", "create table x as select 1"):
        with pytest.raises(RefusedStatementError):
            cursor.execute(statement)


def test_a_few_run_a_few_wait_the_others_are_told_at_once(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_WAIT_SECONDS", 60.0)
    first = connection(home, free=True)
    first.cursor().execute("select 1")
    waiting = [threading.Thread(target=_ask, args=(home,)) for _ in range(2)]
    for thread in waiting:
        thread.start()
    while sum("waiting" in path.name for path in (home.superset / "places").iterdir()) < 2:
        time.sleep(0.01)
    time.sleep(0.2)
    with pytest.raises(QueryLimitError, match="câu truy vấn khác chạy"):
        _ask(home)
    first.close()
    for thread in waiting:
        thread.join(60)
        assert not thread.is_alive()
    _ask(home)


def _ask(home: Home) -> None:
    asking = connection(home, free=True)
    asking.cursor().execute("select 1")
    asking.close()


def test_a_process_that_dies_gives_its_place_back(home: Home) -> None:
    code = (
        "import sys, time; from pathlib import Path; from orchestration.superset_app.limits import Places; "
        "Places(Path(sys.argv[1]), 1).take(); print('taken', flush=True); time.sleep(600)"
    )
    folder = home.superset / "places"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        holder.kill()
    places = Places(folder, 1)
    places.take()
    places.give_back()


def test_somebodys_own_sql_runs_on_a_path_of_its_own_and_only_of_this_release(home: Home) -> None:
    path = free_file(home, "r1")
    source = home.releases / "r1" / "warehouse.duckdb"
    assert path.name == source.name
    assert path.stat().st_ino == source.stat().st_ino
    (home.superset / "sql" / "r0").mkdir()
    (home.releases / "r2").mkdir()
    (home.releases / "r2" / "warehouse.duckdb").write_bytes(source.read_bytes())
    free_file(home, "r2")
    assert {folder.name for folder in (home.superset / "sql").iterdir()} == {"r1", "r2"}
    with (
        duckdb.connect(path, read_only=True, config={"threads": "1"}) as free,
        duckdb.connect(source, read_only=True, config={"threads": "2"}) as pages,
    ):
        (one,), (two,) = (
            each.execute("select current_setting('threads')").fetchone() for each in (free, pages)
        )  # type: ignore[misc]
        assert (one, two) == (1, 2)


def test_what_a_killed_process_spilled_is_seen_and_cleared(home: Home) -> None:
    spilling = (
        "import os, signal, sys; from pathlib import Path; from orchestration.home import Home; import "
        "duckdb; "
        "from orchestration.spill import spill_config; home = Home(Path(sys.argv[1])); "
        "config = {**spill_config(home, 'sql', '1GB'), 'memory_limit': '50MB', 'threads': '1'}; "
        "database = duckdb.connect(home.current_file.resolve(), read_only=True, config=config); "
        'database.execute("create temp table t as select hash(range)::varchar as h from range(3000000)"); '
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", spilling, str(home.root)], check=False)
    spill_config(home, "mine", "1GB")
    own = home.scratch / "spill" / f"{os.getpid()}-mine"
    own.mkdir()
    (home.releases / "r1" / "warehouse.duckdb.tmp").mkdir()
    found = leftovers(home)
    assert len(found) == 2
    assert own not in found
    assert [path.name for path in home.releases.glob("r1/*")] == ["warehouse.duckdb", "warehouse.duckdb.tmp"]
    clear_leftovers(home)
    assert leftovers(home) == []
    assert own.exists()


def run_sql(client: Client, database: int, sql: str, rows: int = 1_000) -> requests.Response:
    body: dict[str, Any] = {"database_id": database, "sql": sql, "schema": "marts", "queryLimit": rows}
    return client.post("/api/v1/sqllab/execute/", {**body, "runAsync": False})


def message(answer: requests.Response) -> str:
    """What the analyst reads."""
    return str(answer.json()["errors"][0]["message"])


@pytest.fixture(scope="module")
def analyst(running_superset: Installation) -> tuple[Client, int]:
    client = running_superset.client("phan.tich")
    found = client.get("/api/v1/database/")["result"]
    return client, next(item["id"] for item in found if item["database_name"] == DATABASE_NAME)


def test_the_worst_query_ends_with_a_sentence_and_pages_answer_meanwhile(
    superset: Installation, analyst: tuple[Client, int]
) -> None:
    client, database = analyst
    leader = superset.client("lanh.dao")
    ended = threading.Event()
    answers: list[requests.Response] = []

    def worst() -> None:
        answers.append(run_sql(client, database, ENDLESS))
        ended.set()

    thread = threading.Thread(target=worst)
    thread.start()
    meanwhile = 0
    while not ended.is_set():
        assert leader.session.get(f"{superset.url}/api/v1/dashboard/", timeout=60).status_code == 200
        meanwhile += not ended.is_set()
    thread.join()
    assert answers[0].status_code >= 400
    assert f"quá {superset.settings.sql_seconds} giây" in message(answers[0])
    # None had to wait for the query's end.
    assert meanwhile >= 1


def test_nine_worst_queries_leave_room_for_others_and_nothing_in_the_release(
    superset: Installation, analyst: tuple[Client, int]
) -> None:
    """At the start commit these froze the server for everybody, and filled the release's folder."""
    client, database = analyst
    release = superset.settings.paths.current.resolve()
    before = sorted(release.rglob("*"))
    heavy = "select max(h) from (select md5(a.range::varchar) h from range(30000000) a order by h)"
    said: list[str] = []
    threads = [
        threading.Thread(target=lambda sql=sql: said.append(message(run_sql(client, database, sql))))
        for sql in [ENDLESS, heavy, WIDE] * 3
    ]
    for thread in threads:
        thread.start()
    leader = superset.client("lanh.dao")
    while any(thread.is_alive() for thread in threads):
        assert leader.session.get(f"{superset.url}/api/v1/dashboard/", timeout=60).status_code == 200
        assert sorted(release.rglob("*")) == before
    assert len(said) == 9
    assert [
        text for text in said if not any(told in text for told in ("nên đã được dừng", "khác chạy", "MB"))
    ] == []
    assert run_sql(client, database, "select 1 as one").status_code == 200
