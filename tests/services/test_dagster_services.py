"""Dagster as services: open to nobody else unless a password stands before it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from orchestration.clock import local_now
from orchestration.errors import SettingsError
from orchestration.inbox_address import parse_address
from orchestration.partitions import RANGE_START_TAG
from orchestration.services.dagster_services import dagster_specs
from orchestration.settings import Settings
from tests.landing.tables import csv_bytes, sound_rows
from tests.remote.sftp_server import PASSWORD as PASSWORD_OF_SERVER
from tests.remote.sftp_server import SftpServer

PASSWORD = SecretStr("chin con vit bay ve phuong nam")


def test_opening_supersets_address_does_not_open_dagster(tmp_path: Path) -> None:
    web, _ = dagster_specs(Settings(home=tmp_path, host="0.0.0.0"))
    assert "MOTCUA_DAGSTER_HOST" not in web.env
    assert str(web.health_url).startswith("http://127.0.0.1:")
    assert "0.0.0.0" not in web.argv


@pytest.mark.parametrize(
    ("password", "said"), [(None, "MOTCUA_DAGSTER_PASSWORD"), (SecretStr("admin12345678"), "12 ký tự")]
)
def test_it_is_not_opened_without_a_password_that_holds(
    tmp_path: Path, password: SecretStr | None, said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        dagster_specs(Settings(home=tmp_path, dagster_host="0.0.0.0", dagster_password=password))


def test_with_a_password_it_is_and_is_still_asked_from_here(tmp_path: Path) -> None:
    web, _ = dagster_specs(Settings(home=tmp_path, dagster_host="0.0.0.0", dagster_password=PASSWORD))
    assert web.env["MOTCUA_DAGSTER_HOST"] == "0.0.0.0"
    assert str(web.health_url).startswith("http://127.0.0.1:")
    assert PASSWORD.get_secret_value() not in " ".join(web.argv)


def test_both_are_told_the_settings_whole(tmp_path: Path) -> None:
    """Told the mirror of a remote inbox as the inbox, schedule and sensor would never ask the server."""
    inbox = parse_address("sftp://motcua@may-chu/gui")
    settings = Settings(home=tmp_path, inbox=inbox, sftp_password=PASSWORD, retention_days=7)
    for service in dagster_specs(settings):
        assert service.env.items() >= settings.environment().items()
        assert service.env["MOTCUA_INBOX"] == str(inbox)


LOOK = """
import json
import dagster as dg
from orchestration.definitions import build_defs
from orchestration.settings import load_settings

defs = build_defs(settings=load_settings())
(sensor,), (schedule,) = defs.sensors, defs.schedules
with dg.instance_for_test() as instance:
    asked = [
        *sensor.evaluate_tick(dg.build_sensor_context(instance=instance, definitions=defs)).run_requests,
        *schedule.evaluate_tick(dg.build_schedule_context(instance=instance)).run_requests,
    ]
print(json.dumps([request.tags for request in asked]))
"""


@pytest.mark.slow
def test_sensor_and_schedule_of_the_daemon_see_what_lies_on_the_server(tmp_path: Path) -> None:
    day = local_now().date()  # the sensor watches the last month only
    folder = tmp_path / "server" / "den" / day.isoformat()
    folder.mkdir(parents=True)
    (folder / f"hoso_14797_{day:%Y%m%d}.csv").write_bytes(csv_bytes(sound_rows(3)))
    server = SftpServer(tmp_path / "server")
    server.start()
    try:
        known_hosts = tmp_path / "known_hosts"
        known_hosts.write_text(server.known_hosts_line(), encoding="utf-8")
        settings = Settings(
            home=tmp_path / "home",
            inbox=server.url(),  # pyright: ignore[reportArgumentType]  as written in the environment
            sftp_password=SecretStr(PASSWORD_OF_SERVER),
            sftp_known_hosts=known_hosts,
        )
        settings.paths.prepare()
        _, daemon = dagster_specs(settings)
        told = subprocess.run(
            [sys.executable, "-c", LOOK], env={**os.environ, **daemon.env}, capture_output=True, text=True
        )
    finally:
        server.stop()
    assert told.returncode == 0, told.stderr
    days = [tags[RANGE_START_TAG] for tags in json.loads(told.stdout.splitlines()[-1])]
    assert days == [day.isoformat()] * 2
