"""Spreadsheets, opened in a memory-limited child process, as rows of cells.

The child answers file after file; if it dies or hangs, the file at hand is at fault and the next one gets
a new child. What a sheet's rows mean is for ``grid`` to find out.
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
from pathlib import Path
from types import TracebackType
from typing import IO

import orjson
import pyarrow as pa

from orchestration.contract import Contract, Kind
from orchestration.landing.files import FileError
from orchestration.landing.grid import Row, tabulate

_CHILD = Path(__file__).with_name("spreadsheet_child.py")

Sheet = list[list[str | None]]


class SpreadsheetReader:
    """One child process, started when first needed; ``close`` ends it."""

    def __init__(self, contract: Contract) -> None:
        self._limits = contract.limits
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, content: bytes) -> list[Sheet]:
        """Visible sheets (or tables of a page) of a spreadsheet, cells as text.

        Raises:
            FileError: ``encrypted``, ``too_large``, ``unreadable``.
        """
        if len(content) > self._limits.spreadsheet_bytes:
            raise FileError("too_large")
        child = self._child or self._start()
        try:
            answer = self._ask(child, content)
        except (OSError, EOFError, TimeoutError) as error:
            self.close()
            raise FileError("too_large") from error
        result = orjson.loads(answer)
        if "fault" in result:
            raise FileError(result["fault"], format="bảng tính")
        return result["sheets"]

    def _start(self) -> subprocess.Popen[bytes]:
        limits = self._limits
        # Isolated: neither the environment nor the directory of the child decides what it imports.
        child = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
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
    """As many children as there are processors, kept busy while their answers are worked on."""

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

    @property
    def ahead(self) -> int:
        """How many files are worth having under way at once."""
        return 2 * len(self._readers)

    def submit(self, content: bytes) -> Future[list[Sheet]]:
        """``SpreadsheetReader.read`` in the background."""
        return self._threads.submit(self._read, content)

    def _read(self, content: bytes) -> list[Sheet]:
        reader = self._idle.get()
        try:
            return reader.read(content)
        finally:
            self._idle.put(reader)


def tabulate_sheets(
    sheets: list[Sheet], part: int, kind: Kind, contract: Contract
) -> tuple[list[str], list[pa.Table]]:
    """Unknown heads and data of every sheet that has the required heads; other sheets are no data.

    Raises:
        FileError: of the first sheet, if none has them.
    """
    unknown: list[str] = []
    tables: list[pa.Table] = []
    usable = False
    first_fault: FileError | None = None
    for sheet in sheets:
        rows = (Row(line, cells) for line, cells in enumerate(sheet, start=1))
        try:
            head, data = tabulate(rows, part, kind, contract, fixed_width=False)
        except FileError as fault:
            if fault.rule != "no_header":
                raise
            first_fault = first_fault or fault
            continue
        usable = True
        unknown += head.unknown
        tables += data
    if not usable:
        raise first_fault or FileError("empty")
    return unknown, tables


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
