"""Spreadsheets, opened in a memory-limited child process, as sheets of text cells.

The child answers file after file; if it dies or hangs, the file at hand is at fault and the next one gets
a new child. What a sheet's rows mean is for ``sheet_grid`` to find out.
"""

from __future__ import annotations

import contextlib
import os
import queue
import select
import subprocess
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from types import TracebackType
from typing import IO

import orjson
import pyarrow as pa

from orchestration.contract import Contract
from orchestration.landing.files import FileError

# A whole answer of a usual file, so that the child can go on to the next before this one is taken.
_PIPE_BYTES = 1 << 20
# Arrow does without NumPy, whose import would take longer than that of everything else in the child together.
_START = (
    "import runpy, sys; sys.modules['numpy'] = None; sys.path.append(sys.argv[1]); "
    "runpy.run_module('spreadsheet_child', run_name='__main__')"
)
# Where the child's package lies: imported by itself, without the packages around it.
_CHILD = Path(__file__).parent


@dataclass(frozen=True)
class Workbook:
    """Visible sheets (or tables of a page): a text column per column, from the first row on.

    ``since_1904``: numbers that are dates count from 1904.
    """

    sheets: list[pa.Table]
    since_1904: bool = False


class SpreadsheetReader:
    """One child process, started when first needed; ``close`` ends it."""

    def __init__(self, contract: Contract) -> None:
        self._limits = contract.limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes) -> Workbook:
        """What a spreadsheet holds.

        Raises:
            FileError: ``encrypted``, ``too_large``, ``foreign_format``, ``unreadable``.
        """
        if len(content) > self._limits.spreadsheet_bytes:
            raise FileError("too_large")
        child = self._child or self._start()
        try:
            answer = self._ask(child, content)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise FileError("too_large") from error
        line, _, _ = answer.partition(b"\n")
        head = orjson.loads(line)
        if "fault" in head:
            raise FileError(head["fault"], format=head["format"] or "bảng tính")
        return Workbook(_sheets(memoryview(answer)[len(line) + 1 :], head["sheets"]), head["since_1904"])

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self._limits
        # Isolated: neither the environment nor the directory of the child decides what it imports.
        child = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pipesize=_PIPE_BYTES,
        )
        self._child = child
        handshake = {
            "memory": limits.spreadsheet_memory_bytes,
            "expanded": limits.spreadsheet_expanded_bytes,
            "cells": limits.spreadsheet_cells,
            "rows": limits.spreadsheet_rows,
        }
        _stream(child.stdin).write(orjson.dumps(handshake) + b"\n")
        return child

    def _ask(self, child: subprocess.Popen[bytes], content: bytes) -> bytes:
        sink, source = _stream(child.stdin), _stream(child.stdout)
        sink.write(len(content).to_bytes(8, "big"))
        sink.write(content)
        sink.flush()
        deadline = time.monotonic() + self._limits.spreadsheet_seconds
        length = int.from_bytes(_read_exactly(source, 8, deadline), "big")
        return _read_exactly(source, length, deadline)

    def close(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()


class SpreadsheetPool:
    """As many children as there are processors."""

    def __init__(self, contract: Contract) -> None:
        self._readers = [SpreadsheetReader(contract) for _ in range(os.cpu_count() or 1)]
        self._idle: queue.SimpleQueue[SpreadsheetReader] = queue.SimpleQueue()
        for reader in self._readers:
            self._idle.put(reader)
        self._threads = ThreadPoolExecutor(len(self._readers), "spreadsheet")

    def __enter__(self) -> SpreadsheetPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._threads.shutdown(cancel_futures=True)
        for reader in self._readers:
            reader.close()

    def submit(self, content: bytes) -> Future[Workbook]:
        """``SpreadsheetReader.read`` in the background."""
        return self._threads.submit(self._read, content)

    def _read(self, content: bytes) -> Workbook:
        reader = self._idle.get()
        try:
            return reader.read(content)
        finally:
            self._idle.put(reader)


def _sheets(streams: memoryview, lengths: list[int]) -> list[pa.Table]:
    ends = list(accumulate(lengths))
    return [
        pa.ipc.open_stream(pa.py_buffer(streams[end - length : end])).read_all()
        for length, end in zip(lengths, ends, strict=True)
    ]


def _stream(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EOFError("the child has no pipe")
    return stream


def _read_exactly(source: IO[bytes], length: int, deadline: float) -> bytes:
    """``length`` bytes from a pipe before ``deadline`` (monotonic seconds)."""
    content = bytearray()
    while len(content) < length:
        if not select.select([source], [], [], max(deadline - time.monotonic(), 0))[0]:
            raise TimeoutError
        chunk = _available(source, length - len(content))
        if not chunk:
            raise EOFError
        content += chunk
    return bytes(content)


def _available(source: IO[bytes], most: int) -> bytes:
    read = getattr(source, "read1", source.read)
    return read(min(most, 1 << 20))
