"""Raw files after landing: kept whole, for the service's user alone, removed in time, and never too early."""

from __future__ import annotations

import hashlib
import os
import stat
import tarfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from orchestration.clock import ZONE, local_now
from orchestration.landing import archive, land_day, pending_days, remove_expired
from orchestration.landing.hashing import sha256_of
from orchestration.landing.retention import landing_times
from orchestration.settings import Settings
from tests.landing.conftest import DAY, UNITS, Desk
from tests.landing.tables import csv_bytes, gzip_bytes, sound_rows, xlsx_bytes

ROWS = sound_rows()
SAMPLES = {
    "csv": csv_bytes(ROWS),
    "csv.gz": gzip_bytes(csv_bytes(ROWS)),
    "xlsx": xlsx_bytes(ROWS),
    "json": b"{",
}


@pytest.fixture
def own_desk(tmp_path: Path) -> Desk:
    """A desk whose inbox lies in the home."""
    (tmp_path / "home" / "inbox").mkdir(parents=True)
    return Desk(Settings(home=tmp_path / "home"))


def archives(desk: Desk) -> list[Path]:
    return sorted(path for path in desk.settings.paths.archive.rglob("*") if path.is_file())


def members(packed: Path) -> dict[str, bytes]:
    """Name and content of every archived file."""
    with pa.input_stream(str(packed), "zstd") as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
        return {member.name: _content(archive, member) for member in archive}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    content = archive.extractfile(member)
    assert content is not None
    return content.read()


def date_landing(desk: Desk, landed: datetime) -> None:
    """Plant when the clock said that the last landing took place."""
    newest = max((desk.lake / "ledger").iterdir())
    seconds = landed.replace(tzinfo=ZONE).timestamp()
    os.utime(newest, (seconds, seconds))


def in_days(days: int) -> datetime:
    return local_now() + timedelta(days=days)


def test_what_was_judged_is_archived_byte_for_byte(desk: Desk) -> None:
    for unit, (extension, content) in zip(UNITS, SAMPLES.items(), strict=False):
        desk.drop(content, extension, unit=unit)
    landing = desk.land()
    assert {delivery.status for delivery in landing.deliveries} >= {"accepted", "rejected"}
    (packed,) = archives(desk)
    assert (packed.parent.name, packed.name) == (DAY.isoformat(), f"{landing.landing_id}.tar.zst")
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in members(packed).items()}
    assert hashes == {row["file_name"]: row["sha256"] for row in desk.ledger()}


def test_nobody_else_may_read_it(desk: Desk) -> None:
    previous = os.umask(0)
    try:
        desk.drop(csv_bytes(ROWS))
        desk.land()
    finally:
        os.umask(previous)
    root = desk.settings.paths.archive
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (root, *root.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert len(archives(desk)) == 1


def test_a_file_that_was_never_opened_has_nothing_to_archive(desk: Desk) -> None:
    (desk.folder / f"hoso_{UNITS[0]}_{DAY:%Y%m%d}.csv").symlink_to("/etc/passwd")
    assert desk.land_one().rule == "link"
    assert archives(desk) == []


def test_a_file_that_changes_at_the_last_moment_is_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing, steady = desk.drop(csv_bytes(ROWS)), desk.drop(csv_bytes(ROWS), unit=UNITS[1])
    original = archive._copy  # pyright: ignore[reportPrivateUsage]  the moment between judging and archiving

    def changed_before(delivery: archive.Delivery, packed: tarfile.TarFile) -> bool:
        changing.write_bytes(csv_bytes(ROWS[:1]))
        return original(delivery, packed)

    monkeypatch.setattr(archive, "_copy", changed_before)
    landing = desk.land()
    assert [delivery.file_name for delivery in landing.deliveries] == [steady.name]
    assert landing.left == (changing.name,)
    assert set(members(archives(desk)[0])) == {steady.name}
    monkeypatch.undo()
    assert desk.land_one().rows_read == 1


def test_after_its_days_the_archive_goes_and_a_foreign_inbox_stays(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS))
    desk.land()
    assert remove_expired(desk.settings, in_days(89)).archives == 0
    size = archives(desk)[0].stat().st_size
    removed = remove_expired(desk.settings, in_days(91))
    assert (removed.archives, removed.inbox_files, removed.size_bytes) == (1, 0, size)
    assert not list(desk.settings.paths.archive.iterdir())
    assert path.exists()
    assert remove_expired(desk.settings, in_days(91)).archives == 0


@pytest.fixture(params=["own", "foreign"])
def ours(request: pytest.FixtureRequest, desk: Desk, own_desk: Desk) -> Desk:
    """Desks whose inbox is emptied: it lies in the home, or a setting says so."""
    return (
        own_desk
        if request.param == "own"
        else replace(desk, settings=desk.settings.model_copy(update={"clean_inbox": True}))
    )


def test_our_inbox_loses_what_landed_and_nothing_is_pending_or_lost(ours: Desk) -> None:
    landed = ours.drop(csv_bytes(ROWS))
    rejected = ours.drop(b"{", "json", unit=UNITS[1])
    ours.land()
    corrected = ours.drop(csv_bytes(ROWS), unit=UNITS[2])
    ours.land()
    corrected.write_bytes(csv_bytes(ROWS[:1]))
    new = ours.drop(csv_bytes(ROWS), unit=UNITS[3])
    before = (ours.rows(), ours.ledger())

    removed = remove_expired(ours.settings, in_days(91))

    assert (removed.archives, removed.inbox_files) == (2, 2)
    assert not landed.exists()
    assert not rejected.exists()
    assert corrected.exists()
    assert new.exists()
    assert (ours.rows(), ours.ledger()) == before
    assert {delivery.file_name for delivery in ours.land().deliveries} == {corrected.name, new.name}
    assert pending_days(ours.settings, ours.moment) == []


def test_an_emptied_day_folder_goes_with_its_last_file(own_desk: Desk) -> None:
    folder = own_desk.drop(csv_bytes(ROWS)).parent
    own_desk.land()
    remove_expired(own_desk.settings, in_days(91))
    assert not folder.exists()
    assert own_desk.land().landing_id is None


def test_a_file_sent_again_stays_its_own_days(own_desk: Desk) -> None:
    path = own_desk.drop(csv_bytes(ROWS))
    own_desk.land()
    date_landing(own_desk, in_days(-200))
    removed = remove_expired(own_desk.settings, in_days(0))
    assert (removed.archives, removed.inbox_files) == (1, 0)
    assert path.exists()
    assert remove_expired(own_desk.settings, in_days(91)).inbox_files == 1


def test_what_cannot_be_removed_is_told(own_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    own_desk.drop(csv_bytes(ROWS))
    own_desk.land()

    def refuse(path: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refuse)
    removed = remove_expired(own_desk.settings, in_days(91))
    assert (removed.archives, removed.inbox_files) == (0, 0)
    assert [str(archives(own_desk)[0]) in failure for failure in removed.failures] == [True, False]


def test_a_clock_that_stepped_back_removes_nothing_early(desk: Desk) -> None:
    desk.drop(csv_bytes(ROWS))
    desk.land()
    desk.drop(csv_bytes(ROWS), unit=UNITS[1])
    second = land_day(desk.settings, DAY, replace(desk.moment, now=desk.moment.now - timedelta(days=400)))
    date_landing(desk, in_days(-400))
    assert [row["landing_seq"] for row in desk.ledger()] == [1, 2]
    assert remove_expired(desk.settings, in_days(0)).archives == 0
    assert second.landing_id in {path.name.partition(".")[0] for path in archives(desk)}
    assert remove_expired(desk.settings, in_days(91)).archives == 2


def test_times_of_landings_follow_their_order() -> None:
    day = [datetime(2025, 1, number) for number in range(1, 29)]
    assert landing_times([day[0], day[9], day[4]], day[20]) == [day[0], day[9], day[9]]
    # Ahead of the present: the next landing tells when this one was over at the latest.
    assert landing_times([day[0], day[25], day[4]], day[20]) == [day[0], day[4], day[4]]
    assert landing_times([day[0], day[25]], day[20]) == [day[0], day[20]]
    assert landing_times([], day[20]) == []


def test_a_file_from_the_future_arrives_when_it_lands(desk: Desk) -> None:
    path = desk.drop(csv_bytes(ROWS))
    ahead = desk.moment.now.replace(tzinfo=ZONE).timestamp() + 86400
    os.utime(path, (ahead, ahead))
    desk.land()
    (row,) = desk.ledger()
    assert row["arrived_at"] == desk.moment.now
    assert row["sha256"] == sha256_of(path, path.stat().st_size, path.stat().st_mtime_ns)
