"""Addresses of inboxes, and the settings around them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from orchestration.errors import SettingsError
from orchestration.inbox_address import AddressError, InboxAddress, Scheme, parse_address
from orchestration.settings import PREFIX, Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("sftp://xa@may.vn/den", InboxAddress(Scheme.SFTP, "may.vn", "/den", "xa", 22)),
        ("sftp://xa@may.vn:2222/den/moi/", InboxAddress(Scheme.SFTP, "may.vn", "/den/moi", "xa", 2222)),
        ("sftp://xa@[::1]/", InboxAddress(Scheme.SFTP, "::1", "", "xa", 22)),
        ("s3://thung", InboxAddress(Scheme.S3, "", "thung")),
        ("s3://thung/den/moi/", InboxAddress(Scheme.S3, "", "thung/den/moi")),
    ],
)
def test_addresses(url: str, address: InboxAddress) -> None:
    assert parse_address(url) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("sftp://xa:mat-khau@may.vn/den", "mật khẩu"),
        ("s3://ma:mat-khau@thung/den", "mật khẩu"),
        ("sftp://xa@may.vn/den?password=mat-khau", "dấu \\?"),
        ("sftp://xa@may.vn/den/../mat-khau", "\\.\\."),
        ("sftp://may.vn/den", "người dùng"),
        ("sftp://xa@may.vn:mat-khau/den", "viết sai"),
        ("sftp://xa@/mat-khau", "máy chủ"),
        ("ftp://xa@may.vn/mat-khau", "sftp://"),
    ],
)
def test_what_is_no_address_is_told_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch, url: str, why: str
) -> None:
    with pytest.raises(AddressError, match=why):
        parse_address(url)
    monkeypatch.setenv("MOTCUA_INBOX", url)
    with pytest.raises(SettingsError, match="MOTCUA_INBOX") as caught:
        load_settings()
    assert "mat-khau" not in f"{caught.value}{caught.value.__cause__}"


@pytest.mark.parametrize("url", ["http://ma:mat-khau@kho:9000", "kho:9000", "ftp://kho"])
def test_an_endpoint_is_checked_without_quoting_it(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MOTCUA_S3_ENDPOINT", url)
    with pytest.raises(SettingsError, match="MOTCUA_S3_ENDPOINT") as caught:
        load_settings()
    assert "mat-khau" not in f"{caught.value}{caught.value.__cause__}"


def test_a_remote_inbox_is_read_from_its_mirror(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", "sftp://xa@may.vn/den")
    settings = load_settings()
    assert settings.inbox_path == tmp_path / "data" / "incoming"
    assert settings.inbox_shown == "sftp://xa@may.vn/den"


@pytest.mark.parametrize("path", ["123", '"x"', "[1]", "thư mục"])
def test_a_local_inbox_is_taken_literally(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, path: str) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", path)
    settings = load_settings()
    assert settings.inbox_path == tmp_path / path
    assert settings.remote_inbox is None


SECRETS = ("SFTP_PASSWORD", "SFTP_PASSPHRASE", "S3_KEY", "S3_SECRET")


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(PREFIX + name, "mat-khau")
    settings = load_settings()
    assert "mat-khau" not in f"{settings!r}{settings}{settings.model_dump()}{settings.model_dump_json()}"


@pytest.mark.parametrize("name", SECRETS)
def test_secrets_come_from_the_environment_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "motcua.toml").write_text(f'{name.lower()} = "mat-khau"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match=PREFIX + name) as caught:
        load_settings()
    assert "mat-khau" not in str(caught.value)


def test_the_inbox_of_another_machine_is_not_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", "s3://thung/den")
    monkeypatch.setenv("MOTCUA_CLEAN_INBOX", "true")
    with pytest.raises(SettingsError, match="MOTCUA_CLEAN_INBOX"):
        load_settings()


def test_the_mirror_lies_in_the_home(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, inbox=parse_address("s3://thung"))
    assert settings.inbox_path.is_relative_to(settings.paths.root)
