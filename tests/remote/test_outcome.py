"""The same files give the same lake, wherever the inbox is; and what is told of a server along the way."""

from __future__ import annotations

import os
import threading
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import duckdb
import pytest

from orchestration.cli import doctor
from orchestration.clock import Moment, local_now
from orchestration.inbox_address import Scheme
from orchestration.landing import land_day, remove_expired
from orchestration.remote.fetch import Fetched, fetch_inbox
from orchestration.remote.survey import line_to
from orchestration.remote.waiting import look_afar, waiting
from orchestration.resources import Steps
from orchestration.sample import SamplePlan, make_sample
from orchestration.settings import Settings

from .conftest import ALWAYS, BUCKET, QUICK, Make
from .sftp_server import SftpServer

DAY = date(2025, 11, 3)
WHEN = 1_762_160_400  # 3 November 2025, 16:00 in Viet Nam


@pytest.fixture(scope="session")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A day of a few communes, in all formats, with faults."""
    inbox = tmp_path_factory.mktemp("sample") / "inbox"
    make_sample(SamplePlan(province="38", communes=6, first_day=DAY, last_day=DAY, seed=3), inbox)
    for path in inbox.rglob("*"):
        os.utime(path, (WHEN, WHEN))
    return inbox


def land(settings: Settings) -> None:
    now = Moment(local_now(), settings.cutoff)
    fetched = Steps().fetch(settings, ALWAYS, lambda _: None)
    assert fetched.failures == ()
    land_day(settings, DAY, now)


def lake(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the lake but what tells of the pass: its time, and when an S3 store took the files."""
    rows: dict[str, list[tuple[Any, ...]]] = {}
    with duckdb.connect() as database:
        for kind in ("hoso", "tientrinh", "phananh", "tieuchi", "quarantine", "ledger"):
            files = [str(path) for path in (settings.paths.lake / kind).rglob("*.parquet")]
            if files:
                passing = "'landing_id|landed_at|arrived_at|mtime_ns|delivery_id'"
                rows[kind] = database.execute(
                    f"SELECT columns(c -> NOT regexp_matches(c, {passing})) "
                    "FROM read_parquet(?, hive_partitioning = false) ORDER BY ALL",
                    [files],
                ).fetchall()
    return rows


def test_the_same_day_from_everywhere_is_the_same_lake(
    exports: Path, sftp: SftpServer, from_sftp: Make, s3: Any, from_s3: Make, tmp_path: Path
) -> None:
    here = Settings(home=tmp_path / "here", inbox=exports)
    land(here)
    told = lake(here)
    assert len(told["ledger"]) >= 6
    assert told["hoso"]

    there = from_sftp(home=tmp_path / "there")
    for path in exports.rglob("*"):
        if path.is_file():
            copy = sftp.root / "den" / path.relative_to(exports)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
            os.utime(copy, (WHEN, WHEN))
            s3.put_object(Bucket=BUCKET, Key=f"den/{path.relative_to(exports)}", Body=path.read_bytes())
    land(there)
    assert lake(there) == told
    with duckdb.connect() as database:
        arrivals = database.execute(
            "SELECT DISTINCT arrived_at FROM read_parquet(?)", [f"{there.paths.lake}/ledger/*.parquet"]
        ).fetchall()
    assert [f"{arrived:%Y-%m-%d %H:%M}" for (arrived,) in arrivals] == ["2025-11-03 16:00"]

    elsewhere = from_s3(home=tmp_path / "elsewhere")
    land(elsewhere)
    assert lake(elsewhere) == told


def drop(sftp: SftpServer, name: str = "hoso_14797_20251103.csv") -> Path:
    path = sftp.root / "den" / DAY.isoformat() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"MaHoSo\n")
    return path


def test_waiting_days_are_seen_without_fetching(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    now = Moment(local_now(), settings.cutoff)
    assert waiting(settings, now) == {}
    drop(sftp)
    first = waiting(settings, now)
    assert list(first) == [DAY]
    assert not settings.inbox_path.exists()
    drop(sftp, "hoso_14798_20251103.csv")
    assert waiting(settings, now)[DAY] != first[DAY]
    assert waiting(settings, now, since=DAY + timedelta(days=1)) == {}
    fetch_inbox(settings, ALWAYS, lambda _: None, QUICK)
    assert list(waiting(settings, now)) == [DAY]
    land_day(settings, DAY, now)
    assert waiting(settings, now) == {}


def test_after_its_days_the_mirror_is_empty_and_nothing_comes_again(
    sftp: SftpServer, from_sftp: Make
) -> None:
    settings = from_sftp()
    now = Moment(local_now(), settings.cutoff)
    drop(sftp)
    fetch_inbox(settings, ALWAYS, lambda _: None, QUICK)
    land_day(settings, DAY, now)
    removed = remove_expired(settings, local_now() + timedelta(days=91))
    assert (removed.archives, removed.inbox_files) == (1, 1)
    assert fetch_inbox(settings, ALWAYS, lambda _: None, QUICK) == Fetched()
    assert look_afar(settings, now).new == ()
    assert waiting(settings, now) == {}


def test_a_second_fetch_waits_and_finds_nothing_to_do(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    drop(sftp)
    told: list[str] = []
    results: list[Fetched] = []
    begun, go_on = threading.Event(), threading.Event()

    def hold(_: Path) -> None:
        begun.set()
        go_on.wait(10)

    def say(text: str) -> None:
        told.append(text)
        if text.startswith("Đợi"):
            go_on.set()

    sftp.faults.on_read = hold
    first = threading.Thread(target=lambda: results.append(fetch_inbox(settings, ALWAYS, say, QUICK)))
    first.start()
    assert begun.wait(10)
    results.append(fetch_inbox(settings, ALWAYS, say, QUICK))
    first.join()
    assert sorted(result.files for result in results) == [0, 1]
    assert "Đợi một tiến trình khác đang tải tệp về" in told


def inbox_finding(settings: Settings) -> doctor.Finding:
    return next(finding for finding in doctor.examine(settings) if finding.subject == "Hộp thư đến")


def test_doctor_tells_how_the_server_stands(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    assert inbox_finding(settings).state is doctor.State.WELL
    drop(sftp)
    finding = inbox_finding(settings)
    assert finding.state is doctor.State.NOTE
    assert "1 tệp chưa tải về: 2025-11-03/hoso_14797_20251103.csv" in finding.detail
    (sftp.root / "den" / "hoso_14797_20251103.csv").write_text("x", encoding="utf-8")
    finding = inbox_finding(settings)
    assert finding.state is doctor.State.WRONG
    assert "không bao giờ được nhận: hoso_14797_20251103.csv" in finding.detail
    sftp.pause()
    finding = inbox_finding(settings)
    assert finding.state is doctor.State.WRONG
    assert "Không kết nối được" in finding.remedy


def test_a_kind_of_server_that_nobody_can_talk_to_is_no_s3(from_s3: Make) -> None:
    settings = from_s3()
    assert settings.remote_inbox is not None
    address = replace(settings.remote_inbox, scheme=cast(Scheme, "ftp"))
    with pytest.raises(AssertionError, match="ftp"):
        line_to(address, settings, QUICK).ask(lambda store: store.list())
