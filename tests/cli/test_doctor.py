"""``motcua doctor`` names what is wrong and what to do, and fails only then."""

from __future__ import annotations

import socket
from datetime import date, datetime, time
from pathlib import Path

import pytest

from orchestration.cli import doctor
from orchestration.cli.doctor import Finding, State, examine, is_well
from orchestration.clock import Moment
from orchestration.release.manifest import Manifest
from orchestration.settings import Settings

from .conftest import Call
from .test_exit_codes import REPORT


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def found(settings: Settings, subject: str) -> Finding:
    return next(finding for finding in examine(settings) if finding.subject == subject)


def test_an_empty_house_is_told_step_by_step(call: Call, home: Path) -> None:
    outcome = call("doctor")

    assert outcome.code == 2
    assert f"chưa có {home}" in outcome.out
    assert "motcua up" in outcome.out
    assert "Traceback" not in outcome.out + outcome.err
    assert not home.exists()


def test_a_home_that_others_can_read_is_wrong(settings: Settings) -> None:
    settings.paths.prepare()
    assert found(settings, "Thư mục dữ liệu").state is State.WELL

    settings.paths.root.chmod(0o755)

    finding = found(settings, "Thư mục dữ liệu")
    assert finding.state is State.WRONG
    assert "chmod 700" in finding.remedy


def test_a_damaged_release_is_wrong(settings: Settings) -> None:
    release = settings.paths.releases / "20251126T180000-01"
    settings.paths.prepare()
    release.mkdir()
    (release / "warehouse.duckdb").write_bytes(b"broken")
    (release / "manifest.json").write_text("{")
    settings.paths.current.symlink_to(release)

    assert found(settings, "Bản công bố").state is State.WRONG
    assert found(settings, "Độ mới").state is State.WRONG


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (datetime(2025, 11, 26, 19), State.WELL),
        (datetime(2025, 11, 27, 9), State.WELL),
        (datetime(2025, 11, 27, 18), State.WRONG),
    ],
)
def test_freshness_is_judged_by_the_cutoff(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, now: datetime, state: State
) -> None:
    def manifest(_home: object) -> Manifest:
        return REPORT.manifest

    def moment(_as_of: date | None, cutoff: time) -> Moment:
        return Moment(now, cutoff)

    def expected(_home: object, at: Moment) -> date:
        return at.last_due_day

    monkeypatch.setattr(doctor, "current_manifest", manifest)
    monkeypatch.setattr(doctor, "expected_data_date", expected)
    monkeypatch.setattr(doctor, "moment", moment)

    assert found(settings, "Độ mới").state is state


def test_notes_do_not_make_it_fail() -> None:
    assert is_well([Finding(State.WELL, "a", "b"), Finding(State.NOTE, "a", "b", "c")])
    assert not is_well([Finding(State.WRONG, "a", "b", "c")])


def test_a_file_outside_the_day_folders_is_named(settings: Settings) -> None:
    settings.paths.prepare()
    settings.inbox_path.mkdir()
    (settings.inbox_path / "hoso_14797_20251103.csv").write_text("lost")

    finding = found(settings, "Hộp thư đến")
    assert finding.state is State.WRONG
    assert "hoso_14797_20251103.csv" in finding.detail


def test_files_of_a_day_to_come_are_told(settings: Settings) -> None:
    assert found(settings, "Đồng hồ").state is State.WELL
    folder = settings.inbox_path / "2039-01-02"
    folder.mkdir(parents=True)
    (folder / "hoso_14797_20390102.csv").write_text("x")
    finding = found(settings, "Đồng hồ")
    assert finding.state is State.NOTE
    assert "1 tệp nằm trong thư mục của ngày chưa đến (2039-01-02)" in finding.detail


def test_a_port_that_stands_open_is_named(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))
        other.listen()
        port = int(other.getsockname()[1])
        opened = found(settings.model_copy(update={"dagster_port": port}), "Cổng mạng")
    settings = settings.model_copy(update={"dagster_port": port})
    assert opened.state is State.WRONG
    assert str(port) in opened.detail
    assert "MOTCUA_DAGSTER_PASSWORD" in opened.remedy

    assert found(settings, "Cổng mạng").state is State.WELL
    assert found(settings.model_copy(update={"host": "0.0.0.0"}), "Cổng mạng").state is State.NOTE
    behind = settings.model_copy(update={"host": "0.0.0.0", "behind_https": True})
    assert found(behind, "Cổng mạng").state is State.WELL


def test_a_damaged_lake_is_told_with_the_way_back(settings: Settings) -> None:
    assert found(settings, "Kho dữ liệu gốc").state is State.WELL
    ledger = settings.paths.lake / "ledger" / "00000001-20251105T180000.parquet"
    ledger.parent.mkdir(parents=True)
    ledger.write_bytes(b"")
    finding = found(settings, "Kho dữ liệu gốc")
    assert finding.state is State.WRONG
    assert ledger.name in finding.detail
    assert f"motcua reland {ledger.stem}" in finding.remedy


def test_a_look_that_breaks_is_a_finding_and_hides_no_other(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_settings: Settings, _now: Moment) -> Finding:
        raise OSError("Input/output error")

    monkeypatch.setattr(doctor, "_space", broken)
    findings = examine(settings)
    assert len(findings) > 8
    (odd,) = [finding for finding in findings if "Input/output error" in finding.detail]
    assert odd.state is State.WRONG
