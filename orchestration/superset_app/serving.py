"""Each request is answered from one release, never from two.

The database entry points at ``<home>/current``. A request pins the release that the link names when it
first needs one; its connections and its cache keys both follow that pin, so an answer computed on the
old release can never be stored as the new one's (``release_cache``). No Superset import: its
configuration loads this first.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from tempfile import NamedTemporaryFile
from typing import Any, Protocol, Self, TypeVar

from flask import g, has_app_context

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release.soundness import require_link, require_whole
from orchestration.superset_app.limits import Limits, opener

NO_RELEASE = "none"


def pinned_release(home: Home) -> str:
    """Name of the release that the present request reads, or ``NO_RELEASE`` before the first one."""
    if not has_app_context():
        return current_release(home)
    if "motcua_release" not in g:
        g.motcua_release = current_release(home)
    return str(g.motcua_release)


def current_release(home: Home) -> str:
    """Name of the release that the link names now, or ``NO_RELEASE``."""
    try:
        return home.current.readlink().name
    except OSError:
        return NO_RELEASE


class ConnectionUrl(Protocol):
    """What is used of SQLAlchemy's URL, which carries no types in the version that Superset needs."""

    @property
    def database(self) -> str | None:
        """Path of the database file."""
        ...

    def set(self, *, database: str) -> Self:
        """A copy with another database."""
        ...


Url = TypeVar("Url", bound=ConnectionUrl)


class ConnectionMutator:
    """Superset's ``DB_CONNECTION_MUTATOR``: the directory that ``current`` names, within the limits."""

    def __init__(self, home: Home, limits: Limits) -> None:
        self._home = home
        self._limits = limits

    def __call__(self, uri: Url, params: dict[str, Any], *_who: Any) -> tuple[Url, dict[str, Any]]:
        """Return the URI and parameters to connect with; other databases pass unchanged.

        Raises:
            UnavailableError: nothing has been published yet.
        """
        if uri.database != str(self._home.current_file):
            return uri, params
        release = pinned_release(self._home)
        if release == NO_RELEASE:
            require_link(self._home)
            raise UnavailableError(
                "Chưa có bản số liệu nào được công bố. Hãy chạy `motcua run` rồi tải lại trang này."
            )
        require_whole(self._home, self._home.releases / release)
        database = str(self._home.releases / release / self._home.current_file.name)
        config: dict[str, Any] = params.get("connect_args", {}).get("config", {})
        return uri.set(database=database), {
            **params,
            "creator": opener(self._home, release, config, self._limits),
        }


def secret_key(home: Home) -> str:
    """The key that signs sessions, made once per installation and readable by its owner alone."""
    path = home.superset / "secret_key"
    home.superset.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with NamedTemporaryFile("w", dir=home.superset, encoding="ascii") as aside:  # created 0600
            aside.write(secrets.token_urlsafe(48))
            aside.flush()
            # Whole or not at all, and the first of two processes wins.
            with suppress(FileExistsError):
                os.link(aside.name, path)
    return path.read_text(encoding="ascii")
