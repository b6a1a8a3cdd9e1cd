"""Something published that cannot be read is told as that, with the way back, and not as nothing yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from orchestration.dashboards.catalogue import read_catalogue
from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.manifest import current_manifest
from orchestration.release.reader import run_sql
from orchestration.release.soundness import DamagedReleaseError, require_link, require_sound

EARLIER, RELEASE = "20251125T180000-01", "20251126T180000-01"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    for name in (EARLIER, RELEASE):
        (home.releases / name).mkdir()
        path = home.releases / name / "warehouse.duckdb"
        with duckdb.connect(path) as database:
            database.execute("create table t as select range as i, hash(range) as h from range(100000)")
        (path.parent / "manifest.json").write_text(
            f'{{"size_bytes": {path.stat().st_size}}}', encoding="utf-8"
        )
    home.current.symlink_to(Path("releases") / RELEASE)
    return home


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-4096])


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[: len(content)] = b"x" * len(content)
    path.write_bytes(content)


def rotten(path: Path) -> None:
    """A block that is not what its checksum says; size and head are right."""
    content = bytearray(path.read_bytes())
    for place in range(16_384, len(content), 512):
        content[place] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [Path.unlink, cut, emptied, scribbled, rotten])
def test_a_damaged_database_is_told_with_the_way_back(home: Home, harm: Callable[[Path], None]) -> None:
    harm(home.current_file.resolve())
    with pytest.raises(DamagedReleaseError) as caught:
        run_sql(home, "select sum(i), max(h) from t")
    said = str(caught.value)
    assert RELEASE in said
    assert "motcua run" in said
    assert f"ln -sfn releases/{EARLIER}" in said
    # What it says leads back.
    home.current.unlink()
    home.current.symlink_to(Path("releases") / EARLIER)
    assert run_sql(home, "select count(*) from t").rows == [(100_000,)]


def test_a_damaged_release_has_no_dashboard_removed(home: Home) -> None:
    cut(home.current_file.resolve())
    with pytest.raises(DamagedReleaseError):
        read_catalogue(home)


@pytest.mark.parametrize("kind", ["thư mục", "tệp"])
def test_what_stands_in_the_links_place_is_told(home: Home, kind: str) -> None:
    home.current.unlink()
    (home.current / "inside").mkdir(parents=True) if kind == "thư mục" else home.current.write_text("x")
    for ask in (
        lambda: run_sql(home, "select 1"),
        lambda: current_manifest(home),
        lambda: require_link(home),
    ):
        with pytest.raises(DamagedReleaseError, match=f"đang là {kind}") as caught:
            ask()
        assert f"mv {home.current}" in str(caught.value)


def test_nothing_published_yet_is_a_beginning(home: Home) -> None:
    home.current.unlink()
    require_sound(home)
    assert current_manifest(home) is None
    assert read_catalogue(home) == {}
    with pytest.raises(UnavailableError, match="Chưa có bản số liệu nào"):
        run_sql(home, "select 1")
