"""Which releases stay."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from orchestration.home import Home
from orchestration.release.manifest import Manifest, weekly_marker
from orchestration.release.publish import publish
from orchestration.release.retention import expired

from .conftest import MakeBuild


def release(as_of: date, built_on: date | None = None, number: int = 1) -> Manifest:
    built_at = datetime.combine(built_on or as_of, time(18, 5))
    return Manifest(
        release_id=f"{built_at:%Y%m%dT%H%M%S}-{number:02d}",
        data_date=as_of,
        as_of=as_of,
        built_at=built_at,
        git_commit="",
        contract_version="1",
        rules={},
        weekly=weekly_marker(as_of),
        duckdb_version="",
        sha256="",
        size_bytes=0,
        row_counts={},
        tables={},
    )


FIRST = date(2025, 9, 1)


def test_fourteen_days_and_every_monday_stay() -> None:
    days = [FIRST + timedelta(days=number) for number in range(60)]
    releases = [release(day) for day in days]

    gone = set(expired(releases, releases[-1].release_id))

    kept = [item.as_of for item in releases if item.release_id not in gone]
    assert kept == [day for day in days if day.weekday() == 0 or day in days[-14:]]


def test_a_day_keeps_its_newest_release_and_readers_keep_theirs() -> None:
    day = date(2025, 11, 26)
    releases = [release(day, number=number) for number in range(1, 7)]

    assert expired(releases, releases[-1].release_id) == [item.release_id for item in releases[:3]]
    assert releases[0].release_id not in expired(releases, releases[0].release_id)


def test_replays_of_one_afternoon_count_by_the_day_they_show() -> None:
    today = date(2025, 12, 31)
    releases = [release(FIRST + timedelta(days=number), today, number + 1) for number in range(20)]

    gone = expired(releases, releases[-1].release_id)

    assert [item.as_of for item in releases if item.release_id in gone] == [
        FIRST + timedelta(days=number) for number in (1, 2, 3, 4, 5)
    ]


def test_a_week_keeps_what_was_shown_on_its_monday() -> None:
    monday = date(2025, 11, 24)
    shown = [release(monday, number=1), release(monday, number=2)]
    replayed = release(monday, date(2025, 12, 20))
    later = [release(date(2025, 12, 1) + timedelta(days=number)) for number in range(25)]

    gone = expired([*shown, replayed, *later], later[-1].release_id)

    assert shown[0].release_id in gone
    assert shown[1].release_id not in gone


def test_a_replay_stands_in_for_a_monday_that_was_missed() -> None:
    replayed = release(date(2025, 11, 24), date(2025, 12, 1))
    later = [release(date(2025, 12, 2) + timedelta(days=number)) for number in range(25)]

    assert replayed.release_id not in expired([replayed, *later], later[-1].release_id)


def test_publishing_removes_what_expired(home: Home, make_build: MakeBuild) -> None:
    build = make_build()
    when = datetime(2025, 11, 26, 18)
    for minute in range(5):
        publish(home, build, when + timedelta(minutes=minute))

    left = sorted(path.name for path in home.releases.iterdir() if not path.name.startswith("."))
    assert left == [f"20251126T180{minute}00-01" for minute in (2, 3, 4)]
    assert not list(home.releases.glob("*.building"))
