"""Dagster as services: open to nobody else unless a password stands before it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr

from orchestration.errors import SettingsError
from orchestration.inbox_address import parse_address
from orchestration.services.dagster_services import dagster_specs
from orchestration.settings import Settings

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
