"""The conversation with the parent.

Standard input: a line of limits as JSON, then per file its length (8 bytes) and its content. Standard
output: per file the length (8 bytes) of an answer: a line of JSON, ``{"sheets": [length, ...], "since_1904":
bool}`` or ``{"fault": rule, "format": name or null}``, and each sheet in that length as a stream of Arrow: a
column of text per column, from the first row and column of the sheet on. ``since_1904``: numbers that are
dates count from 1904; dates that are dates are right.
"""

from __future__ import annotations

import resource
import sys

import orjson
import pyarrow as pa

from .limits import Limits, SheetFaultError
from .workbooks import open_file


def main() -> None:
    """Answer files until there are no more."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    limits: Limits = orjson.loads(source.readline())
    memory = limits["memory"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while length := source.read(8):
        answer = _answer(source.read(int.from_bytes(length, "big")), limits)
        sink.write(len(answer).to_bytes(8, "big"))
        sink.write(answer)
        sink.flush()


def _answer(content: bytes, limits: Limits) -> bytes:
    try:
        opened = open_file(content, limits)
        streams = [_stream_of(sheet) for sheet in opened.sheets]
    except SheetFaultError as fault:
        return _fault(fault.rule, fault.format)
    except MemoryError:
        return _fault("too_large")
    except Exception:
        # Whatever a parser makes of a broken file, the file is at fault; the words may hold its content.
        return _fault("unreadable")
    head = {"sheets": [len(stream) for stream in streams], "since_1904": opened.since_1904}
    return b"\n".join((orjson.dumps(head), b"".join(streams)))


def _fault(rule: str, format_: str | None = None) -> bytes:
    return orjson.dumps({"fault": rule, "format": format_}) + b"\n"


def _stream_of(sheet: pa.Table) -> memoryview:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, sheet.schema) as writer:
        writer.write_table(sheet)
    return memoryview(sink.getvalue())


if __name__ == "__main__":
    main()
