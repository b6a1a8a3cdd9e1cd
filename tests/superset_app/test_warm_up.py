"""A new release is warm before people come back, with what they asked on the last one."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from orchestration.home import Home
from orchestration.superset_app.viewers import sees_everything, sees_nothing
from orchestration.superset_app.warm_up import REMEMBERED, Questions, questions_file
from tests.dashboards.installation import Client, Installation
from tests.dashboards.tiny_release import publish

RELEASE = "20251121T200000-01"
WAIT_SECONDS = 120
DATASET = "Tệp hồ sơ của từng xã, phường trong 20 ngày phải gửi gần nhất"


def test_a_question_is_remembered_once_and_the_oldest_are_forgotten(tmp_path: Path) -> None:
    questions = Questions(tmp_path / "questions.db")
    for number in range(REMEMBERED + 5):
        questions.note("lanh.dao", f'{{"n": {number}}}'.encode())
    questions.note("trung.tam", b'{"n": 7}')
    asked = questions.newest()
    assert len(asked) <= REMEMBERED
    assert asked[0] == ("trung.tam", {"n": 7})
    assert [body["n"] for _, body in asked].count(7) == 1
    assert {"n": 0} not in [body for _, body in asked]


def test_a_release_is_warmed_by_one(tmp_path: Path) -> None:
    one, other = (Questions(tmp_path / "questions.db") for _ in range(2))
    assert [one.claim("r1"), other.claim("r1"), other.claim("r2")] == [True, False, True]
    one.finish("r1")
    assert (other.finished("r1"), other.finished("r2")) == (True, False)


def test_without_grants_nobody_sees_everything(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not sees_everything(home, "r1", "lanh.dao")
    publish(home, "r2", communes=1, days=2)
    assert sees_everything(home, "r2", "lanh.dao")
    assert not sees_everything(home, "r2", "xa.mot")


def test_only_a_release_that_can_be_read_says_that_somebody_sees_nothing(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not sees_nothing(home, "r1", "xa.moi")
    publish(home, "r2", communes=1, days=2)
    assert sees_nothing(home, "r2", "xa.moi")
    assert not any(sees_nothing(home, "r2", username) for username in ("xa.mot", "lanh.dao"))


@pytest.fixture
def clients(superset: Installation) -> dict[str, Client]:
    return {name: superset.client(name) for name in ("lanh.dao", "trung.tam", "xa.mot")}


def ask(superset: Installation, client: Client) -> requests.Response:
    admin = superset.client()
    charts = admin.get("/api/v1/chart/?q=(page_size:500)")["result"]
    chart = next(found["id"] for found in charts if found["slice_name"].startswith("Tệp hồ sơ của từng xã"))
    body: dict[str, Any] = {
        "datasource": {"id": admin.dataset_id(DATASET), "type": "table"},
        "form_data": {"slice_id": chart, "dashboardId": admin.dashboard_ids()["du-lieu-gui-ve"]},
        "queries": [{"columns": ["commune_code"], "metrics": [], "row_limit": 555}],
        "result_format": "json",
        "result_type": "full",
    }
    answer = client.post("/api/v1/chart/data", body)
    answer.raise_for_status()
    return answer


def test_what_one_asked_is_there_for_all_who_see_the_same(
    superset: Installation, clients: dict[str, Client]
) -> None:
    first = ask(superset, clients["lanh.dao"]).json()["result"][0]
    assert first["rowcount"] == 166
    own = ask(superset, clients["xa.mot"]).json()["result"][0]
    assert (own["is_cached"], own["rowcount"]) == (None, 1)
    home = superset.settings.paths
    shutil.rmtree(home.releases / RELEASE, ignore_errors=True)
    publish(home, RELEASE, communes=150)
    requests.get(f"{superset.url}/health", timeout=30).raise_for_status()
    questions, deadline = Questions(questions_file(home)), time.monotonic() + WAIT_SECONDS
    while not questions.finished(RELEASE) and time.monotonic() < deadline:
        time.sleep(0.2)
    again = ask(superset, clients["trung.tam"]).json()["result"][0]
    assert (again["is_cached"], again["rowcount"]) == (True, 150)
