"""Superset's database, damaged: a sentence, a way back, and nothing else stops."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from orchestration.dashboards.importer import read_stamp, sync_dashboards
from orchestration.dashboards.metadata import metadata_file, require_sound
from orchestration.errors import UnavailableError
from orchestration.services.superset_services import initialise_superset, is_usable
from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "home")
    settings.paths.prepare()
    with closing(sqlite3.connect(metadata_file(settings))) as connection, connection:
        connection.execute("create table ab_user (id integer primary key, username text)")
        connection.executemany("insert into ab_user (username) values (?)", [("x" * 200,)] * 2_000)
    (settings.paths.superset / "imported.json").write_text('{"superset": "6", "bundle": "", "metadata": ""}')
    return settings


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def no_database(path: Path) -> None:
    path.write_bytes(b"something else" * 1_000)


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[20_000:60_000] = b"\xff" * 40_000
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: 4096 * 10])


@pytest.mark.parametrize("harm", [emptied, no_database, scribbled, cut])
def test_it_is_told_before_anything_is_done_with_it(settings: Settings, harm: Callable[[Path], None]) -> None:
    require_sound(settings)
    assert is_usable(settings)
    harm(metadata_file(settings))
    assert not is_usable(settings)
    for use in (require_sound, initialise_superset, sync_dashboards):
        with pytest.raises(UnavailableError) as caught:
            use(settings)
        assert str(metadata_file(settings)) in str(caught.value)
        assert "bản sao lưu" in str(caught.value)


def test_moved_away_it_is_made_anew(settings: Settings) -> None:
    emptied(metadata_file(settings))
    metadata_file(settings).rename(settings.paths.superset / "superset.db.hong")
    require_sound(settings)
    assert read_stamp(settings) is None
    assert not sync_dashboards(settings).changed


def test_somebody_who_writes_does_no_damage(settings: Settings) -> None:
    with closing(sqlite3.connect(metadata_file(settings))) as writer:
        writer.execute("begin exclusive")
        require_sound(settings, patience=0.1)
