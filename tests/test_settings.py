"""Settings: defaults that are safe, sources in order, and sentences for what is wrong."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import yaml
from pydantic import SecretStr

from orchestration.clock import CALENDAR, moment, require_replayable
from orchestration.errors import ReplayError, SettingsError
from orchestration.inbox_address import parse_address
from orchestration.settings import PREFIX, PROJECT_ROOT, Settings, load_settings


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and no motcua.toml but the test's own."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_stay_on_this_machine(tmp_path: Path) -> None:
    settings = load_settings()
    assert settings.host == "127.0.0.1"
    assert settings.paths.root == tmp_path / "data"
    assert settings.inbox_path == tmp_path / "data" / "inbox"


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "motcua.toml").write_text('province = "25"\nsuperset_port = 9088\n', encoding="utf-8")
    monkeypatch.setenv("MOTCUA_PROVINCE", "38")
    settings = load_settings()
    assert (settings.province, settings.superset_port) == ("38", 9088)


OTHER: dict[str, object] = {
    "inbox": parse_address("sftp://motcua@may-chu:2222/gửi lên"),
    "province": "25",
    "dagster_port": 4000,
    "dagster_names": ["vanhanh.tinh.gov.vn"],
    "cutoff": time(17, 30),
    "clean_inbox": False,
    "sftp_password": SecretStr('mật "khẩu"'),
    "sftp_key": Path("khoa/id_ed25519"),
    "auth": "ldap",
    "auth_roles": {"cn=Lãnh đạo": "lanh_dao"},
    "behind_https": True,
    "s3_endpoint": "https://kho.tinh.vn:9000",
}


@pytest.mark.parametrize("names", [(), ("inbox",), tuple(OTHER)])
def test_another_process_that_is_handed_the_settings_has_the_same(
    names: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(home=Path("nhà"), **{name: OTHER[name] for name in names})  # pyright: ignore[reportArgumentType]
    for name, value in settings.environment().items():
        monkeypatch.setenv(name, value)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    handed = load_settings()
    places = {"home": tmp_path / "nhà", "sftp_key": tmp_path / "khoa" / "id_ed25519"}
    for name in Settings.model_fields:
        told = places[name] if name in ("home", *names) and name in places else getattr(settings, name)
        assert getattr(handed, name) == told, name


def test_what_was_not_set_is_left_to_its_default() -> None:
    assert set(Settings(home=Path("nhà"), sftp_password=None).environment()) == {"MOTCUA_HOME"}


def test_a_misspelt_variable_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_INBOKS", "somewhere")
    with pytest.raises(SettingsError, match="MOTCUA_INBOKS") as caught:
        load_settings()
    assert "MOTCUA_INBOX" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("MOTCUA_PROVINCE", "thanh-hoa"), ("MOTCUA_SUPERSET_PORT", "80"), ("MOTCUA_CUTOFF", "chiều")],
)
def test_a_wrong_value_is_named_with_what_it_is(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings()
    assert value in str(caught.value)


@pytest.mark.parametrize("content", ['inboks = "x"\n', "province = \n"])
def test_a_wrong_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "motcua.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError):
        load_settings()


def test_a_directory_for_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "motcua.toml").mkdir()
    with pytest.raises(SettingsError, match="là thư mục"):
        load_settings()


@pytest.mark.parametrize("name", ["PROVINCE", "SUPERSET_PORT", "CUTOFF", "RETENTION_DAYS"])
def test_what_is_wrong_is_told_in_vietnamese(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(PREFIX + name, "?")
    with pytest.raises(SettingsError, match="Giá trị đúng") as caught:
        load_settings()
    assert "should" not in str(caught.value)


def test_replaying_a_day_stands_at_its_cutoff() -> None:
    replayed = moment(date(2025, 10, 6), time(18, 0))
    assert replayed.now == datetime(2025, 10, 6, 18)
    assert replayed.last_due_day == date(2025, 10, 6)


def test_before_the_cutoff_the_day_is_not_due_yet() -> None:
    morning = moment(date(2025, 10, 6), time(18, 0))
    early = type(morning)(datetime(2025, 10, 6, 9), time(18, 0))
    assert early.last_due_day == date(2025, 10, 5)


def test_replays_stay_within_the_calendar() -> None:
    variables = yaml.safe_load(
        (PROJECT_ROOT / "dbt_project" / "dbt_project.yml").read_text(encoding="utf-8")
    )["vars"]
    assert [day.isoformat() for day in CALENDAR] == [variables["calendar_from"], variables["calendar_to"]]


@pytest.mark.parametrize("as_of", [date.min, CALENDAR[0] - timedelta(days=1), date.max])
def test_a_day_that_no_run_can_stand_at_is_refused(as_of: date) -> None:
    with pytest.raises(ReplayError, match="2010"):
        require_replayable(as_of)


@pytest.mark.parametrize("as_of", CALENDAR)
def test_the_ends_of_the_calendar_can_be_replayed(as_of: date) -> None:
    require_replayable(as_of)
