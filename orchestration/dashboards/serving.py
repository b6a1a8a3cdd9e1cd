"""What runs inside Superset's processes: each request answered from one release, never from two.

The database entry points at ``<home>/current``. A request pins the release that the link names when it
first needs one; its connections and its cache keys both follow that pin, so an answer computed on the
old release can never be stored as the new one's. No Superset import: its configuration loads this first.
"""

from __future__ import annotations

import os
import secrets
from typing import Any

from flask import g, has_app_context
from flask_caching.backends.filesystemcache import FileSystemCache
from sqlalchemy.engine.url import URL

from orchestration.errors import UnavailableError
from orchestration.home import Home

NO_RELEASE = "none"

# Read-only alone does not keep a query from reading files or attaching databases (design 8).
SANDBOX_CONNECT_ARGS: dict[str, Any] = {
    "read_only": True,
    "config": {
        "enable_external_access": "false",
        "memory_limit": "1GB",
        "threads": "2",
        "lock_configuration": "true",
    },
}


def pinned_release(home: Home) -> str:
    """Name of the release that the present request reads, or ``NO_RELEASE`` before the first one."""
    if not has_app_context():
        return _current_release(home)
    if "motcua_release" not in g:
        g.motcua_release = _current_release(home)
    return str(g.motcua_release)


def _current_release(home: Home) -> str:
    try:
        return home.current.readlink().name
    except OSError:
        return NO_RELEASE


class ConnectionMutator:
    """Superset's ``DB_CONNECTION_MUTATOR``: replaces ``current`` by the directory that it names."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def __call__(self, uri: URL, params: dict[str, Any], *_who: Any) -> tuple[URL, dict[str, Any]]:
        """Return the URI and parameters to connect with; other databases pass unchanged.

        Raises:
            UnavailableError: nothing has been published yet.
        """
        if uri.database != str(self._home.current_file):
            return uri, params
        release = pinned_release(self._home)
        if release == NO_RELEASE:
            raise UnavailableError(
                "Chưa có bản số liệu nào được công bố. Hãy chạy `motcua run` rồi tải lại trang này."
            )
        return uri.set(database=str(self._home.releases / release / self._home.current_file.name)), params


class ReleaseCache(FileSystemCache):
    """Cached answers on disk, shared by the workers, in a key space of its own for every release."""

    def __init__(self, cache_dir: str, home: Home, **options: Any) -> None:
        # Set first: the base class counts its files through ``get`` while it is constructed.
        self._home = home
        super().__init__(cache_dir, **options)

    @classmethod
    def factory(
        cls, _app: Any, config: dict[str, Any], _args: list[Any], kwargs: dict[str, Any]
    ) -> ReleaseCache:
        """Build from Flask-Caching's configuration; ``CACHE_OPTIONS`` brings ``home``."""
        return cls(config["CACHE_DIR"], threshold=config["CACHE_THRESHOLD"], **kwargs)

    def _get_filename(self, key: str) -> str:
        """File of ``key`` in the pinned release; the cache's own bookkeeping belongs to none."""
        if key == self._fs_count_file:
            return super()._get_filename(key)
        return super()._get_filename(f"{pinned_release(self._home)}\0{key}")


def secret_key(home: Home) -> str:
    """The key that signs sessions, made once per installation and readable by its owner alone."""
    path = home.superset / "secret_key"
    home.superset.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii")
