"""Unpacking ``.gz`` and ``.zip``: in memory, within limits, never onto the disk or by a member's path."""

from __future__ import annotations

import errno
import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from orchestration.contract import Contract
from orchestration.landing.files import FileError
from orchestration.landing.readers.csv_scan import CHUNK

_ENCRYPTED = 0x1
_BROKEN = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    IndexError,  # of a member without a name
)
_NESTED = (".zip", ".gz", ".7z", ".rar", ".tar", ".bz2", ".xz")


@dataclass(frozen=True)
class Member:
    """A file inside a ``.zip``; ``name`` is its base name."""

    name: str
    content: bytes

    def open(self) -> BinaryIO:
        """Its bytes as a stream."""
        return io.BytesIO(self.content)


def unpack_gzip(path: Path, contract: Contract) -> bytes:
    """Content of a ``.gz``.

    Raises:
        FileError: ``bad_archive``, ``too_large``.
    """
    with _archive_errors(), gzip.open(path) as source:
        return _read_limited(source.read, path.stat().st_size, contract)


def unpack_zip(path: Path, contract: Contract) -> Iterator[Member]:
    """Members of a ``.zip``, one at a time.

    Raises:
        FileError: ``bad_archive`` (broken, nested, a member that is a link or leads elsewhere),
            ``encrypted``, ``too_large``, ``empty``.
    """
    with _archive_errors(), zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        members = [member for member in members if not _is_litter(member.filename)]
        if not members:
            raise FileError("empty")
        for member in members:
            _check_member(member)
        limits = contract.limits
        declared = sum(member.file_size for member in members)
        if len(members) > limits.archive_members or declared > limits.expanded_bytes:
            raise FileError("too_large")
        left = limits.expanded_bytes
        for member in members:
            with archive.open(member) as source:
                content = _read_limited(source.read, member.compress_size, contract, left)
            left -= len(content)
            yield Member(PurePosixPath(member.filename.replace("\\", "/")).name, content)


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED:
        raise FileError("encrypted")
    path = PurePosixPath(member.filename.replace("\\", "/"))
    escapes = path.is_absolute() or ".." in path.parts or ":" in path.parts[0]
    link = stat.S_ISLNK(member.external_attr >> 16)
    if escapes or link or path.suffix.lower() in _NESTED:
        raise FileError("bad_archive")


def _is_litter(name: str) -> bool:
    """What archivers add by themselves."""
    path = PurePosixPath(name)
    return "__MACOSX" in path.parts or path.name.startswith((".", "~$")) or path.name.lower() == "thumbs.db"


def _read_limited(
    read: Callable[[int], bytes], packed: int, contract: Contract, left: int | None = None
) -> bytes:
    """Everything ``read`` gives, as long as it stays within the limits of expansion."""
    limits = contract.limits
    most = min(
        limits.expanded_bytes if left is None else left,
        max(limits.expansion_floor_bytes, packed * limits.expansion_ratio),
    )
    content = bytearray()
    while chunk := read(CHUNK):
        content += chunk
        if len(content) > most:
            raise FileError("too_large")
    return bytes(content)


@contextmanager
def _archive_errors() -> Generator[None]:
    """What the unpackers raise on broken content, as a fault of the file."""
    try:
        yield
    except _BROKEN as error:
        raise FileError("bad_archive") from error
    except OSError as error:
        # Of bz2, or of a seek to before the first byte; any other is the disk's doing.
        if error.errno not in (None, errno.EINVAL):
            raise
        raise FileError("bad_archive") from error
    except RuntimeError as error:  # zipfile: "password required"
        raise FileError("encrypted") from error
