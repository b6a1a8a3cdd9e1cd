"""Servers of remote inboxes, started for the tests on this machine, and installations that read them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pydantic import SecretStr

from orchestration.remote.line import Patience
from orchestration.settings import Settings

from .sftp_server import PASSWORD, SftpServer

QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02, answer=10, settle=0.05)
BUCKET = "tiep-nhan"
ALWAYS = date(2020, 1, 1), date(2030, 1, 1)

Make = Callable[..., Settings]


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[SftpServer]:
    """A server whose inbox is the folder ``den``."""
    (tmp_path / "server" / "den").mkdir(parents=True)
    server = SftpServer(tmp_path / "server")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def from_sftp(sftp: SftpServer, tmp_path: Path) -> Make:
    """Settings of an installation that reads ``sftp``; ``changes`` by name."""
    known_hosts = tmp_path / "known_hosts"
    known_hosts.write_text(sftp.known_hosts_line(), encoding="utf-8")

    def make(**changes: Any) -> Settings:
        values: dict[str, Any] = {
            "home": tmp_path / "home",
            "inbox": sftp.url(),
            "sftp_password": SecretStr(PASSWORD),
            "sftp_known_hosts": known_hosts,
        }
        return Settings(**values | changes)

    return make


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of an S3 store."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str) -> Iterator[Any]:
    """A client of the store, whose bucket is new."""
    client = boto3.client(
        "s3",
        endpoint_url=s3_server,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    client.create_bucket(Bucket=BUCKET)
    yield client
    for item in client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        client.delete_object(Bucket=BUCKET, Key=item["Key"])
    client.delete_bucket(Bucket=BUCKET)
    client.close()


@pytest.fixture
def from_s3(s3_server: str, tmp_path: Path) -> Make:
    """Settings of an installation that reads the bucket."""

    def make(**changes: Any) -> Settings:
        values: dict[str, Any] = {
            "home": tmp_path / "home",
            "inbox": f"s3://{BUCKET}/den",
            "s3_endpoint": s3_server,
            "s3_key": SecretStr("test"),
            "s3_secret": SecretStr("test"),
        }
        return Settings(**values | changes)

    return make
