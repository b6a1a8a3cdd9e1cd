"""SFTP, against a real server that is as bad as servers are."""

from __future__ import annotations

import errno
import gc
import os
from dataclasses import replace
from pathlib import Path

import asyncssh
import pytest
from pydantic import SecretStr

from orchestration.clock import ZONE
from orchestration.contract import load_contract
from orchestration.errors import SettingsError, UnavailableError
from orchestration.landing import land_day
from orchestration.remote.fetch import Fetched, fetch_inbox
from orchestration.settings import Settings
from tests.landing.conftest import DAY, NOW, UNITS
from tests.landing.tables import csv_bytes, sound_rows

from .conftest import ALWAYS, QUICK, Make
from .sftp_server import PASSWORD, SftpServer

CONTENT = csv_bytes(sound_rows())
NAME = f"hoso_{UNITS[0]}_{DAY:%Y%m%d}.csv"
BIG = os.urandom(3_000_000)


def put(server: SftpServer, content: bytes = CONTENT, name: str = NAME) -> Path:
    path = server.root / "den" / DAY.isoformat() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def fetch(settings: Settings) -> Fetched:
    return fetch_inbox(settings, ALWAYS, lambda _: None, QUICK)


def mirrored(settings: Settings) -> dict[str, bytes]:
    folder = settings.inbox_path / DAY.isoformat()
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.is_symlink()}


def test_files_come_whole_with_their_times_and_only_once(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    sent = NOW.now.replace(tzinfo=ZONE).timestamp() - 3600
    os.utime(put(sftp), (sent, sent))
    put(sftp, name=f"to1/{NAME}")
    put(sftp, name=f"{NAME}.tmp")

    assert fetch(settings) == Fetched(2, 2 * len(CONTENT))

    copy = settings.inbox_path / DAY.isoformat() / NAME
    assert copy.read_bytes() == CONTENT
    assert copy.stat().st_mtime == sent
    assert (copy.parent / "to1" / NAME).read_bytes() == CONTENT
    assert {path.name for path in copy.parent.iterdir()} == {"to1", NAME}
    assert fetch(settings) == Fetched()


def test_the_mirror_is_the_services_own(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp, name=f"to1/{NAME}")
    previous = os.umask(0)
    try:
        fetch(settings)
    finally:
        os.umask(previous)
    root = settings.inbox_path
    assert {path.stat().st_mode & 0o777 for path in root.rglob("*.csv")} == {0o600}
    assert {root.stat().st_mode & 0o777, (root / ".parts").stat().st_mode & 0o777} == {0o700}


def test_what_the_ledger_knows_is_not_brought_again(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp)
    fetch(settings)
    land_day(settings, DAY, NOW)
    (settings.inbox_path / DAY.isoformat() / NAME).unlink()
    assert fetch(settings) == Fetched()
    put(sftp, csv_bytes(sound_rows(2)))
    assert fetch(settings).files == 1


def test_a_dropped_connection_is_taken_up_where_it_broke(
    sftp: SftpServer, from_sftp: Make, caplog: pytest.LogCaptureFixture
) -> None:
    settings = from_sftp()
    put(sftp, BIG)
    sftp.faults.drops = [1_500_000, 1_500_000]

    assert fetch(settings) == Fetched(1, len(BIG))

    assert mirrored(settings)[NAME] == BIG
    assert sftp.faults.connections == 3
    assert not list((settings.inbox_path / ".parts").iterdir())
    gc.collect()
    assert "never retrieved" not in caplog.text


def test_a_run_takes_up_what_an_earlier_one_could_not_end(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp, BIG)
    sftp.faults.drops = [2_500_000, 0, 0, 0, 0, 0, 0]
    (failure,) = fetch(settings).failures
    assert "Mất kết nối với sftp://" in failure
    assert NAME in failure
    assert PASSWORD not in failure
    sftp.faults.drops, sftp.faults.bytes_read = [], 0

    assert fetch(settings).files == 1

    assert mirrored(settings)[NAME] == BIG
    assert 0 < sftp.faults.bytes_read < len(BIG)


def test_a_part_of_another_version_is_thrown_away(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp, BIG)
    sftp.faults.drops = [2_500_000, 0, 0, 0, 0, 0, 0]
    assert fetch(settings).failures
    other = BIG[::-1]
    os.utime(put(sftp, other), (1, 1))
    sftp.faults.drops = []

    assert fetch(settings).files == 1

    assert mirrored(settings)[NAME] == other


def test_a_lost_server_ends_the_pass_with_what_it_has_brought(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp)
    names = [f"hoso_{unit}_{DAY:%Y%m%d}.csv" for unit in UNITS[1:4]]
    for name in names:
        put(sftp, BIG, name)
    sftp.faults.drops = [len(CONTENT) + 10, *[0] * 6]

    fetched = fetch(settings)

    assert (fetched.files, len(fetched.failures)) == (1, 1)
    assert "còn 3 tệp chưa tải" in fetched.failures[0]
    assert len(land_day(settings, DAY, NOW).deliveries) == 1
    sftp.faults.drops = []
    assert fetch(settings).files == 3


def test_a_server_that_does_not_answer_is_not_waited_for(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp)
    sftp.faults.unanswered_names.add(NAME)
    fetched = fetch_inbox(settings, ALWAYS, lambda _: None, replace(QUICK, attempts=2, answer=0.5))
    assert (fetched.files, len(fetched.failures)) == (0, 1)
    sftp.faults.unanswered_names.clear()
    assert fetch(settings) == Fetched(1, len(CONTENT))


@pytest.mark.parametrize("change", ["grows", "is replaced", "is replaced by a link", "goes"])
def test_a_file_that_is_not_finished_waits(sftp: SftpServer, from_sftp: Make, change: str) -> None:
    settings = from_sftp()
    path = put(sftp)
    put(sftp, name=f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv")

    def disturb(read: Path) -> None:
        if read.name != NAME or path.is_symlink() or not path.exists():
            return
        if change == "grows":
            path.write_bytes(CONTENT * 2)
        elif change == "is replaced":
            os.utime(path, (5, 5))
        else:
            path.unlink()
            if change == "is replaced by a link":
                path.symlink_to("/etc/passwd")

    sftp.faults.on_read = disturb

    fetched = fetch(settings)

    assert (fetched.files, fetched.left, fetched.failures) == (1, (f"{DAY}/{NAME}",), ())
    assert NAME not in mirrored(settings)


def test_a_file_that_the_server_refuses_stops_no_other(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp)
    put(sftp, name=f"hoso_{UNITS[1]}_{DAY:%Y%m%d}.csv")
    sftp.faults.refused_names = {NAME}

    fetched = fetch(settings)

    assert fetched.files == 1
    (failure,) = fetched.failures
    assert NAME in failure
    assert "không cho đọc" in failure


def test_links_are_refused_as_in_a_local_inbox(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    path = put(sftp)
    path.unlink()
    path.symlink_to("/etc/passwd")
    (path.parent.parent / "2025-10-07").symlink_to(path.parent)

    fetch(settings)

    (delivery,) = land_day(settings, DAY, NOW).deliveries
    assert (delivery.file_name, delivery.rule) == (NAME, "link")
    assert fetch(settings) == Fetched()


def test_folders_that_lie_too_deep_are_refused_as_in_a_local_inbox(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp, name=f"a/b/c/d/{NAME}")
    assert fetch(settings).failures == ()
    (delivery,) = land_day(settings, DAY, NOW).deliveries
    assert (delivery.file_name, delivery.rule) == ("a/b/c/d", "not_a_file")
    assert fetch(settings) == Fetched()


@pytest.mark.parametrize("name", ["../../../ngoai.csv", "/tmp/ngoai.csv", "a/b.csv"])
def test_a_name_that_leaves_its_folder_is_refused(
    sftp: SftpServer, from_sftp: Make, tmp_path: Path, name: str
) -> None:
    settings = from_sftp()
    put(sftp, name="doi.csv")
    sftp.faults.names = {"doi.csv": name}

    fetched = fetch(settings)

    assert fetched.files == 0
    assert "dẫn ra ngoài thư mục" in fetched.failures[0]
    assert not list(tmp_path.glob("**/ngoai.csv"))
    assert not list(settings.inbox_path.glob("????-*/**/*"))


def test_an_unknown_host_key_is_refused(sftp: SftpServer, from_sftp: Make, tmp_path: Path) -> None:
    other = tmp_path / "other_hosts"
    with pytest.raises(UnavailableError, match="ssh-keyscan"):
        fetch(from_sftp(sftp_known_hosts=other))
    other.write_text(sftp.known_hosts_line(asyncssh.generate_private_key("ssh-ed25519")), encoding="utf-8")
    with pytest.raises(UnavailableError, match=r"Không tin được máy chủ 127\.0\.0\.1"):
        fetch(from_sftp(sftp_known_hosts=other))


def test_logins(sftp: SftpServer, from_sftp: Make, tmp_path: Path) -> None:
    put(sftp)
    with pytest.raises(UnavailableError, match="từ chối người dùng motcua") as caught:
        fetch(from_sftp(sftp_password=SecretStr("sai-mật-khẩu")))
    assert "sai-mật-khẩu" not in str(caught.value)
    with pytest.raises(SettingsError, match="MOTCUA_SFTP_KEY"):
        fetch(from_sftp(sftp_password=None))
    key = tmp_path / "key"
    with pytest.raises(SettingsError, match="Không có tệp khóa riêng"):
        fetch(from_sftp(sftp_password=None, sftp_key=key))
    key.write_bytes(sftp.client_key.export_private_key(passphrase="mở"))
    with pytest.raises(SettingsError, match="MOTCUA_SFTP_PASSPHRASE"):
        fetch(from_sftp(sftp_password=None, sftp_key=key))
    phrase = SecretStr("mở")
    assert fetch(from_sftp(sftp_password=None, sftp_key=key, sftp_passphrase=phrase)).files == 1


def test_a_server_that_is_not_there_is_told_and_loses_nothing(sftp: SftpServer, from_sftp: Make) -> None:
    settings = from_sftp()
    put(sftp)
    sftp.pause()
    with pytest.raises(UnavailableError, match="Không kết nối được với hộp thư đến sftp"):
        fetch(settings)
    sftp.resume()
    assert fetch(settings).files == 1


def test_a_folder_that_is_not_there_is_told(from_sftp: Make, sftp: SftpServer) -> None:
    with pytest.raises(UnavailableError, match="không có thư mục"):
        fetch(from_sftp(inbox=sftp.url("/khac")))


def test_a_full_disk_is_told(sftp: SftpServer, from_sftp: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = from_sftp()
    put(sftp)

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("orchestration.remote.fetch._private", full)
    with pytest.raises(UnavailableError, match="đĩa có thể đã đầy"):
        fetch(settings)
    monkeypatch.undo()
    assert fetch(settings).files == 1


def test_a_file_above_the_limit_is_refused_unread(
    sftp: SftpServer, from_sftp: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = from_sftp()
    with put(sftp).open("ab") as sparse:
        sparse.truncate(load_contract().limits.file_bytes + 1)
    assert fetch(settings).failures == ()
    assert sftp.faults.bytes_read == 0
    (delivery,) = land_day(settings, DAY, NOW).deliveries
    assert delivery.rule == "too_large"
    assert fetch(settings) == Fetched()


def test_days_outside_of_those_asked_for_stay(sftp: SftpServer, from_sftp: Make) -> None:
    put(sftp)
    assert fetch_inbox(from_sftp(), (ALWAYS[0], ALWAYS[0]), lambda _: None, QUICK) == Fetched()
