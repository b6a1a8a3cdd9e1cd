"""Superset's cache of answers, a key space of its own for every release.

A new release is never answered from the old one's answers, and a request that began on the old one
stores what it computed as the old one's, however late it ends. Old answers leave as the cache fills.
"""

from __future__ import annotations

from typing import Any

from flask_caching.backends.filesystemcache import FileSystemCache

from orchestration.home import Home
from orchestration.superset_app.serving import pinned_release


class ReleaseCache(FileSystemCache):
    """Answers on disk, shared by the workers. ``home`` comes through ``CACHE_OPTIONS``."""

    def __init__(self, cache_dir: str, home: Home, **options: Any) -> None:
        # Set first: the base class counts its files through ``get`` while it is constructed.
        self._home = home
        super().__init__(cache_dir, **options)

    def _get_filename(self, key: str) -> str:
        """File of ``key`` in the pinned release; the cache's own bookkeeping belongs to none."""
        if key == self._fs_count_file:
            return super()._get_filename(key)
        return super()._get_filename(f"{pinned_release(self._home)}\0{key}")
