"""One Superset for the tests that need it whole: prepared in a scratch home, served, asked over HTTP."""

from __future__ import annotations

import csv
import os
import re
import socket
import sqlite3
import subprocess
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from orchestration.access.users import users_file
from orchestration.dashboards.importer import first_passwords_file
from orchestration.services.spec import ServiceSpec
from orchestration.services.superset_services import FirstLogin, initialise_superset, superset_specs
from orchestration.settings import Settings
from tests.dashboards.tiny_release import COMMUNES, publish

# One person per role, two communes, and somebody whom the release does not know yet.
USERS = f"""username,full_name,role,commune_code
trung.tam,Trần Thị Tâm,trung_tam,
lanh.dao,Lê Văn Lãnh,lanh_dao,*
phan.tich,Phan Thị Tích,phan_tich,
xa.mot,Xa Thị Một,xa,{COMMUNES[0]}
xa.hai,Xa Văn Hai,xa,{COMMUNES[1]}
xa.moi,Xa Thị Mới,xa,{COMMUNES[2]}
"""

FULL_RELEASE = "20251121T182100-01"
# Enough for every query of the pages on a busy machine; what is to be stopped runs on for ever.
SQL_SECONDS = 5
START_SECONDS = 180
STOP_SECONDS = 30
SIGNED_IN = 302


@dataclass(frozen=True)
class Installation:
    """A running Superset, the account that came with it and the passwords of all accounts."""

    settings: Settings
    login: FirstLogin
    url: str
    passwords: dict[str, str]

    def client(self, username: str | None = None) -> Client:
        """Somebody who has signed in as in a browser, the administrator unless another is named."""
        username = username or self.login.username
        session, answer = self.sign_in(username, self.passwords[username])
        assert answer.status_code == SIGNED_IN, username
        token = session.get(f"{self.url}/api/v1/security/csrf_token/", timeout=60)
        token.raise_for_status()
        session.headers.update({"X-CSRFToken": token.json()["result"], "Referer": self.url})
        return Client(self.url, session)

    def sign_in(self, username: str, password: str) -> tuple[requests.Session, requests.Response]:
        """Send the form of the sign-in page; the answer says where it leads."""
        session = requests.Session()
        page = session.get(f"{self.url}/login/", timeout=60)
        token = re.search(r'id="csrf_token"\s+value="([^"]+)"', page.text)
        assert token is not None
        form = {"username": username, "password": password, "csrf_token": token[1]}
        answer = session.post(
            f"{self.url}/login/",
            data=form,
            headers={"Accept": "text/html", "Referer": self.url},
            timeout=60,
            allow_redirects=False,
        )
        return session, answer


@dataclass(frozen=True)
class Client:
    """Calls to Superset's API in one session."""

    url: str
    session: requests.Session

    def get(self, path: str) -> Any:
        """The JSON answer to a GET."""
        answer = self.session.get(f"{self.url}{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: dict[str, Any]) -> requests.Response:
        """The raw answer to a POST, whatever its status."""
        return self.session.post(f"{self.url}{path}", json=body, timeout=60)

    def dashboard_ids(self) -> dict[str, int]:
        """Identifiers of the dashboards that this session is offered, by slug."""
        found = self.get("/api/v1/dashboard/?q=(page_size:100)")["result"]
        return {item["slug"]: item["id"] for item in found}

    def dataset_id(self, name: str) -> int:
        """Identifier of the dataset called ``name``."""
        found = self.get("/api/v1/dataset/?q=(page_size:500)")["result"]
        return next(item["id"] for item in found if item["table_name"] == name)

    def rows(self, dataset: int, columns: list[str]) -> list[dict[str, Any]]:
        """Rows of a dataset, by the way that charts take."""
        answer = self.post(
            "/api/v1/chart/data",
            {
                "datasource": {"id": dataset, "type": "table"},
                "queries": [{"columns": columns, "metrics": [], "row_limit": 100}],
                "result_format": "json",
                "result_type": "full",
            },
        )
        answer.raise_for_status()
        return answer.json()["result"][0]["data"]


def commune_datasets(installation: Installation) -> dict[int, dict[str, int]]:
    """Datasets with a commune's code on the page of the communes, each with a chart there that shows it."""
    database = installation.settings.paths.superset / "superset.db"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        rows = connection.execute(
            """
            select slices.datasource_id, min(slices.id), min(dashboards.id)
            from slices
            join dashboard_slices on dashboard_slices.slice_id = slices.id
            join dashboards on dashboards.id = dashboard_slices.dashboard_id
            join table_columns on table_columns.table_id = slices.datasource_id
            where dashboards.slug = 'xa-phuong' and table_columns.column_name = 'commune_code'
            group by 1
            order by 1
            """
        ).fetchall()
    return {dataset: {"slice_id": chart, "dashboardId": page} for dataset, chart, page in rows}


def prepare(home: Path, **settings: Any) -> Settings:
    """Settings for a scratch home on a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return Settings(home=home, superset_port=port, **settings)


@contextmanager
def installation(home: Path) -> Generator[Installation]:
    """Prepare a made-up release and people of every role, serve, and stop again."""
    settings = prepare(home, sql_seconds=SQL_SECONDS)
    settings.paths.prepare()
    publish(settings.paths, FULL_RELEASE)
    users_file(settings).write_text(USERS, encoding="utf-8")
    with serve(settings) as running:
        yield running


@contextmanager
def serve(settings: Settings) -> Generator[Installation]:
    """Prepare Superset for what lies in the home, serve, and stop again."""
    login = initialise_superset(settings)
    assert login is not None
    with first_passwords_file(settings).open(encoding="utf-8", newline="") as file:
        passwords = dict(csv.reader(file))
    (spec,) = superset_specs(settings)
    with serving(spec):
        yield Installation(
            settings,
            login,
            f"http://{settings.host}:{settings.superset_port}",
            {**passwords, login.username: login.password},
        )


@contextmanager
def serving(spec: ServiceSpec) -> Generator[None]:
    """Run the service while the block lasts; it has to end by itself when asked to."""
    with spec.log_file.open("ab") as log:
        process = subprocess.Popen(spec.argv, env={**os.environ, **spec.env}, stdout=log, stderr=log)
        try:
            _wait_until_healthy(spec, process)
            yield
        finally:
            process.terminate()
            try:
                code = process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
    assert code == 0


def _wait_until_healthy(spec: ServiceSpec, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if spec.health_url and requests.get(spec.health_url, timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.2)
    raise RuntimeError(f"Superset did not come up:\n{spec.log_file.read_text(encoding='utf-8')[-4000:]}")
