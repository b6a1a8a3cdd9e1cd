"""What somebody with SQL Lab can do: read the release, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import requests

from orchestration.dashboards.bundle import DATABASE_NAME
from tests.dashboards.installation import FULL_RELEASE, Client, Installation


@pytest.fixture(scope="module")
def client(running_superset: Installation) -> Client:
    return running_superset.client()


@pytest.fixture(scope="module")
def database_id(client: Client) -> int:
    found = client.get("/api/v1/database/")["result"]
    return next(item["id"] for item in found if item["database_name"] == DATABASE_NAME)


def run(client: Client, database_id: int, sql: str) -> tuple[int, str]:
    answer = client.post(
        "/api/v1/sqllab/execute/",
        {"database_id": database_id, "sql": sql, "schema": "marts", "runAsync": False, "queryLimit": 10},
    )
    return answer.status_code, answer.text


def test_the_release_can_be_read(superset: Installation, client: Client, database_id: int) -> None:
    status, text = run(client, database_id, "select release_id from meta.release")
    assert status == 200
    assert FULL_RELEASE in text


@pytest.mark.parametrize(
    "sql",
    [
        "select content from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd', sep=':')",
        "select * from '{outside}/secret.csv'",
        "select * from glob('{outside}/*')",
        "copy (select 1 as a) to '{outside}/written.csv'",
        "copy marts.province_day to '{outside}/written.parquet'",
        "export database '{outside}/written'",
        "attach '{outside}/other.duckdb' as other",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set memory_limit = '20GB'",
        "pragma enable_profiling",
        "call enable_logging(storage = 'file', storage_path = '{outside}/log')",
        "select * from enable_logging(storage = 'file', storage_path = '{outside}/log')",
        "select * from query('select * from marts.province_day')",
        "create table marts.mine as select 1 as a",
        "delete from marts.province_day",
        "drop table marts.province_day",
        "select 1; copy (select 1 as a) to '{outside}/written.csv'",
    ],
)
def test_everything_else_is_refused(
    superset: Installation, client: Client, database_id: int, tmp_path: Path, sql: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("bi_mat\n42\n", encoding="utf-8")
    status, text = run(client, database_id, sql.replace("{outside}", str(tmp_path)))
    assert status != 200
    assert "bi_mat" not in text
    assert "root:" not in text
    assert list(tmp_path.iterdir()) == [secret]


@pytest.mark.parametrize("way", ["whole", "streamed"])
def test_an_export_is_for_excel(superset: Installation, client: Client, database_id: int, way: str) -> None:
    sql = "select '=1+1' as formula, 'Thọ Phú' as name, 1.5::double as share"
    query = {"database_id": database_id, "sql": sql, "runAsync": False, "client_id": f"excel{way[:6]}"}
    client.post("/api/v1/sqllab/execute/", query).raise_for_status()
    if way == "whole":
        content = client.session.get(f"{client.url}/api/v1/sqllab/export/{query['client_id']}/").content
    else:
        asked = {"client_id": query["client_id"]}
        content = client.session.post(f"{client.url}/api/v1/sqllab/export_streaming/", data=asked).content
    assert content.decode().splitlines() == ["\ufeffformula;name;share", "'=1+1;Thọ Phú;1,5"]


def test_a_refusal_says_what_is_allowed(superset: Installation, client: Client, database_id: int) -> None:
    _, text = run(client, database_id, "set threads = 8")
    assert "chỉ để đọc bằng SELECT" in json.loads(text)["errors"][0]["message"]


def test_a_stranger_gets_nothing(superset: Installation) -> None:
    stranger = Client(superset.url, requests.Session())
    refused = (400, 401)
    query = {"database_id": 1, "sql": "select 1"}
    assert stranger.post("/api/v1/sqllab/execute/", query).status_code in refused
    assert (
        stranger.post("/api/v1/chart/data", {"datasource": {"id": 1, "type": "table"}}).status_code in refused
    )
    for path in ("/api/v1/dashboard/", "/api/v1/dataset/", "/api/v1/database/"):
        assert stranger.session.get(f"{superset.url}{path}", timeout=60).status_code == 401
