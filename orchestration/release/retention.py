"""Which releases stay: the newest of each of the last days, one Monday for every week, and those in use."""

from __future__ import annotations

import shutil
from collections.abc import Collection

from orchestration.home import Home
from orchestration.release.history import earlier_releases
from orchestration.release.manifest import Manifest

DAILY_KEPT = 14
# A reader may stand between resolving the link and opening the file while two more releases come out.
NEWEST_KEPT = 3
BUILDING = ".building"


def expired(releases: Collection[Manifest], current: str) -> list[str]:
    """Ids of the releases that may go, ``current`` being the one that readers see.

    A day has one daily release, its newest. A week keeps the last release made on its Monday itself;
    only where there is none, a later replay of that Monday.
    """
    ordered = sorted(releases, key=lambda release: release.release_id)
    newest_of_day = {release.as_of: release.release_id for release in ordered}
    of_week: dict[str, str] = {}
    for release in sorted(ordered, key=lambda release: release.built_at.date() == release.as_of):
        if release.weekly is not None:
            of_week[release.weekly] = release.release_id
    kept = {current, *of_week.values(), *(release.release_id for release in ordered[-NEWEST_KEPT:])}
    kept.update(sorted(newest_of_day.values())[-DAILY_KEPT:])
    return [release.release_id for release in ordered if release.release_id not in kept]


def remove_leftovers(home: Home) -> None:
    """Remove what a publication that was cut off left behind. Only under the publication lock."""
    for directory in home.releases.glob(f".*{BUILDING}"):
        shutil.rmtree(directory, ignore_errors=True)
    for link in home.root.glob(f".{home.current.name}.*"):
        link.unlink(missing_ok=True)


def remove_expired(home: Home) -> list[str]:
    """Remove the releases that need not stay; a directory that cannot be read as a release is left alone.

    A release is renamed before it is removed, so that one which is half gone is never taken for whole.
    """
    current = home.current.readlink().name
    removed = expired(earlier_releases(home), current)
    for release_id in removed:
        doomed = home.releases / f".{release_id}{BUILDING}"
        (home.releases / release_id).rename(doomed)
        shutil.rmtree(doomed, ignore_errors=True)
    return removed
