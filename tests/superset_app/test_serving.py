from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.superset_app.limits import Limits
from orchestration.superset_app.release_cache import ReleaseCache
from orchestration.superset_app.serving import NO_RELEASE, ConnectionMutator, pinned_release, secret_key
from tests.dashboards.tiny_release import point_current


@dataclass(frozen=True)
class Url:
    """A database address, as far as it matters here."""

    database: str

    def set(self, *, database: str) -> Url:
        return Url(database)


def mutator(home: Home) -> ConnectionMutator:
    return ConnectionMutator(home, Limits(5))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    home.prepare()
    for release in ("r1", "r2"):
        (home.releases / release).mkdir()
        (home.releases / release / home.current_file.name).touch()
    return home


@pytest.fixture
def app() -> Flask:
    return Flask(__name__)


def test_a_request_stays_on_the_release_that_it_first_saw(home: Home, app: Flask) -> None:
    point_current(home, "r1")
    with app.app_context():
        assert pinned_release(home) == "r1"
        point_current(home, "r2")
        assert pinned_release(home) == "r1"
    with app.app_context():
        assert pinned_release(home) == "r2"


def test_the_connection_opens_the_directory_behind_the_link(home: Home, app: Flask) -> None:
    point_current(home, "r1")
    url = Url(str(home.current_file))
    with app.app_context():
        changed, params = mutator(home)(url, {"a": 1}, "admin", None, None)
    assert changed.database == str(home.releases / "r1" / "warehouse.duckdb")
    assert params.pop("creator") is not None
    assert params == {"a": 1}


def test_other_databases_pass_unchanged(home: Home) -> None:
    url = Url("elsewhere.db")
    assert mutator(home)(url, {}, "admin", None, None) == (url, {})


def test_without_a_release_the_connection_says_what_to_do(home: Home, app: Flask) -> None:
    with app.app_context():
        assert pinned_release(home) == NO_RELEASE
        with pytest.raises(UnavailableError, match="motcua run"):
            mutator(home)(Url(str(home.current_file)), {}, "admin", None, None)


def test_a_new_release_is_not_answered_from_the_old_cache(home: Home, app: Flask) -> None:
    cache = ReleaseCache(str(home.superset / "cache"), home)
    point_current(home, "r1")
    with app.app_context():
        cache.set("key", "old")
        assert cache.get("key") == "old"
    point_current(home, "r2")
    with app.app_context():
        assert cache.get("key") is None
        assert not cache.has("key")
    point_current(home, "r1")
    with app.app_context():
        assert cache.get("key") == "old"


def test_an_answer_that_outlives_the_switch_is_kept_for_the_old_release(home: Home, app: Flask) -> None:
    cache = ReleaseCache(str(home.superset / "cache"), home)
    point_current(home, "r1")
    with app.app_context():
        assert cache.get("key") is None
        point_current(home, "r2")
        cache.set("key", "computed on r1")
    with app.app_context():
        assert cache.get("key") is None


def test_the_secret_key_is_made_once_and_private(home: Home) -> None:
    key = secret_key(home)
    assert len(key) >= 48
    assert secret_key(home) == key
    assert (home.superset / "secret_key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.superset.iterdir()] == ["secret_key"]
