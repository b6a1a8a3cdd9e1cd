"""What every kind of server can do for us: list a folder, read a file from an offset, tell its checksum.

Servers are not trusted: a name that would lead out of its folder is told apart and never used as a path.
"""

from __future__ import annotations

import abc
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any


class LineBrokenError(Exception):
    """The connection failed or the server did not answer; trying again may help. Says what it was."""


class ChangedError(Exception):
    """The file is not the one that was listed any more."""


class Nature(Enum):
    """What an entry of a folder is. ``ESCAPING``: its name leads out of the folder."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    OTHER = auto()
    ESCAPING = auto()


@dataclass(frozen=True)
class RemoteEntry:
    """Something below the inbox. ``parts`` is its path there, ``etag`` what the server calls its content."""

    parts: tuple[str, ...]
    nature: Nature
    size: int = 0
    mtime_ns: int = 0
    etag: str = ""


class Store(abc.ABC):
    """An open connection. ``fs`` is the fsspec file system, ``root`` the inbox on it."""

    def __init__(self, fs: Any, root: str) -> None:
        self._fs = fs
        self._root = root

    def list(self, parts: tuple[str, ...] = ()) -> list[RemoteEntry]:
        """The entries of a folder below the inbox, by name.

        Raises:
            FileNotFoundError: there is no such folder.
            PermissionError: it may not be listed.
            LineBrokenError: see there.
        """
        path = self._path(parts)
        with self._translated():
            infos = self._entries(path)
        entries = [self._entry(info, path, parts) for info in infos]
        return sorted((entry for entry in entries if entry is not None), key=lambda entry: entry.parts)

    @abc.abstractmethod
    def read(self, entry: RemoteEntry, offset: int) -> Iterator[bytes]:
        """The content from ``offset`` on.

        Raises:
            ChangedError: the server says that it is another content.
            FileNotFoundError, PermissionError, OSError: the server refuses.
            LineBrokenError: see there.
        """

    def md5(self, entry: RemoteEntry) -> str | None:  # noqa: ARG002 - for the stores that know
        """The MD5 of the content in hexadecimal, if the server knows it."""
        return None

    @abc.abstractmethod
    def close(self) -> None:
        """Hang up. Never raises."""

    @abc.abstractmethod
    def _entries(self, path: str) -> list[Mapping[str, Any]]: ...

    @abc.abstractmethod
    def _describe(self, parts: tuple[str, ...], info: Mapping[str, Any]) -> RemoteEntry: ...

    @abc.abstractmethod
    def _translated(self) -> AbstractContextManager[None]:
        """The library's errors as those that are named here."""

    def _path(self, parts: tuple[str, ...]) -> str:
        return "/".join([self._root, *parts]) or "/"

    def _entry(self, info: Mapping[str, Any], path: str, parts: tuple[str, ...]) -> RemoteEntry | None:
        full, folder = str(info["name"]), path.rstrip("/") + "/"
        name = full.removeprefix(folder)
        if not name:
            return None  # S3 consoles mark a folder by an empty object of its name
        if not full.startswith(folder) or "/" in name or "\0" in name or name in (".", ".."):
            return RemoteEntry((*parts, name), Nature.ESCAPING)
        return self._describe((*parts, name), info)
