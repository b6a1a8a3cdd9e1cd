"""0 done, 1 held back by a check, 2 everything that someone has to mend; never a traceback."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from orchestration.cli import running
from orchestration.cli.running import RunReport
from orchestration.errors import HeldBackError, UnavailableError
from orchestration.release.manifest import Manifest

from .conftest import Call

REPORT = RunReport(
    days=1,
    files=166,
    files_rejected=1,
    rows_accepted=24900,
    rows_rejected=12,
    letters=3,
    letter_days=1,
    unwritten=("Không ghi được một tệp.",),
    outbox=Path("outbox"),
    manifest=Manifest(
        release_id="20251126T181500-01",
        data_date=date(2025, 11, 26),
        as_of=date(2025, 11, 26),
        built_at=datetime(2025, 11, 26, 18, 15),
        git_commit="",
        contract_version="1",
        rules={},
        weekly=None,
        duckdb_version="",
        sha256="",
        size_bytes=0,
        row_counts={},
        tables={},
    ),
)


def test_published(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date | None] = []

    def run_daily(_settings: object, as_of: date | None, _tell: object) -> RunReport:
        asked.append(as_of)
        return REPORT

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run", "--as-of", "26/11/2025")

    assert outcome.code == 0
    assert asked == [date(2025, 11, 26)]
    assert "20251126T181500-01" in outcome.out
    assert "166 tệp" in outcome.out


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (HeldBackError("Phép kiểm tra flow_identity_holds không đạt: 3 dòng vi phạm."), 1),
        (UnavailableError("Không mở được hộp thư đến."), 2),
    ],
)
def test_what_someone_has_to_mend(
    call: Call, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def run_daily(*_: object) -> RunReport:
        raise error

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run")

    assert (outcome.code, outcome.out) == (code, "")
    assert str(error) in outcome.err
    assert "Traceback" not in outcome.err


def test_a_defect_goes_to_the_log(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_daily(*_: object) -> RunReport:
        raise ZeroDivisionError("deep inside")

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run")

    (log,) = (home / "logs").iterdir()
    assert outcome.code == 2
    assert str(log) in outcome.err
    assert "Traceback" not in outcome.err
    assert "deep inside" in log.read_text(encoding="utf-8")


def test_a_defect_without_a_place_for_logs(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_daily(*_: object) -> RunReport:
        home.write_text("a file where the home should be")
        raise ZeroDivisionError

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run")

    assert outcome.code == 2
    assert "không ghi được nhật ký" in outcome.err


def test_a_full_disk(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_daily(*_: object) -> RunReport:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run")

    assert outcome.code == 2
    assert f"Ổ đĩa chứa {home} đã đầy" in outcome.err
    assert "Lỗi ngoài dự kiến" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("rum",), "Không có lệnh rum."),
        (("run", "--as_of", "2025-11-26"), "Không có tùy chọn --as_of. Có phải ý bạn là --as-of?"),
        (("run", "--as-of", "hôm qua"), "không phải một ngày"),
        (("run", "--as-of", "2025-02-30"), "không phải một ngày"),
        (("run", "--as-of", "9999-12-31"), "31/12/9999: lịch làm việc của hệ thống chỉ có từ 01/01/2010"),
        (("run", "--as-of", "0001-01-01"), "đến 31/12/2040. Hãy chọn một ngày trong khoảng đó"),
        (("run", "--as-of"), "Tùy chọn --as-of cần một giá trị."),
        (("run", "2025-11-26"), "thừa hoặc thiếu tham số"),
        (("sample", "--communes", "nhiều"), "Giá trị của --communes không hợp lệ."),
        (("sample", "--communes", "0"), "từ 1 trở lên"),
        (("sample", "--from", "2025-11-02", "--to", "2025-11-01"), "Hãy đổi lại hai ngày"),
        (("sql",), "Thiếu CÂU_LỆNH."),
        (("sql", "select 1", "--format", "xml"), "Giá trị của --format không hợp lệ."),
    ],
)
def test_what_was_typed_wrongly(call: Call, arguments: tuple[str, ...], sentence: str) -> None:
    outcome = call(*arguments)

    assert outcome.code == 2
    assert sentence in outcome.err
    assert "Traceback" not in outcome.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MOTCUA_PROVINCE", "Thanh Hóa"),
        ("MOTCUA_DAGSTER_PORT", "80"),
        ("MOTCUA_SUPERSET_PORT", "nhiều"),
        ("MOTCUA_CUTOFF", "25:00"),
        ("MOTCUA_PROVICNE", "38"),
    ],
)
@pytest.mark.parametrize("command", [("run",), ("doctor",), ("sql", "select 1")])
def test_bad_settings(
    call: Call, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    outcome = call(*command)

    assert (outcome.code, outcome.out) == (2, "")
    assert name in outcome.err
    assert "Traceback" not in outcome.err


def test_bad_settings_file(call: Call, tmp_path: Path) -> None:
    (tmp_path / "motcua.toml").write_text("province = ")

    outcome = call("run")

    assert outcome.code == 2
    assert "motcua.toml" in outcome.err


@pytest.mark.parametrize(
    "command", [("run",), ("up",), ("serve",), ("sample",), ("doctor",), ("letters", "--date", "2025-10-06")]
)
def test_a_province_that_does_not_exist(
    call: Call, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("MOTCUA_PROVINCE", "99")

    outcome = call(*command)

    assert outcome.code == 2
    assert "tỉnh mã 99" in outcome.out + outcome.err


@pytest.mark.parametrize("name", ["MOTCUA_HOME", "MOTCUA_INBOX"])
@pytest.mark.parametrize("place", ["file", "file/below", "loop", "long" * 100, "/proc/motcua"])
@pytest.mark.parametrize("command", [("run",), ("up",), ("sample",)])
def test_a_place_that_cannot_be(
    call: Call,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: tuple[str, ...],
    place: str,
    name: str,
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    monkeypatch.setenv(name, str(tmp_path / place))

    outcome = call(*command)

    assert (outcome.code, outcome.out) == (2, "")
    assert name in outcome.err
    assert "Lỗi ngoài dự kiến" not in outcome.err


def test_missing_inbox(call: Call, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", str(tmp_path / "nowhere"))

    outcome = call("run")

    assert outcome.code == 2
    assert str(tmp_path / "nowhere") in outcome.err


def test_a_server_that_cannot_be_reached(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", "s3://thung/den")
    monkeypatch.setenv("MOTCUA_S3_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("MOTCUA_S3_KEY", "k")
    monkeypatch.setenv("MOTCUA_S3_SECRET", "mat-khau")

    outcome = call("run")

    assert outcome.code == 2
    assert "Không kết nối được với hộp thư đến s3://thung/den" in outcome.err
    assert "mat-khau" not in outcome.out + outcome.err


def test_a_sample_does_not_go_to_another_machine(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTCUA_INBOX", "s3://thung/den")

    outcome = call("sample")

    assert outcome.code == 2
    assert "--out" in outcome.err


def test_interrupted(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def run_daily(*_: object) -> RunReport:
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run_daily", run_daily)

    outcome = call("run")

    assert outcome.code == 130
    assert "Đã dừng" in outcome.err


@pytest.mark.parametrize("command", ["up", "sample", "run", "letters", "serve", "sql", "doctor"])
def test_help_teaches_in_vietnamese(call: Call, command: str) -> None:
    outcome = call(command, "--help")

    assert outcome.code == 0
    assert f"Cách dùng: motcua {command}" in outcome.out
    for english in ("Usage", "Options", "Show this message", "Arguments", "required", "default:"):
        assert english not in outcome.out
    assert "Ví dụ" in outcome.out or command == "doctor"


def test_no_command_shows_the_help(call: Call) -> None:
    outcome = call()

    assert outcome.code == 2
    assert "motcua up" in outcome.out
