"""The quick look at a CSV file: what it says of the bytes is so wherever its pieces end."""

from __future__ import annotations

import io
from unittest import mock

from hypothesis import example, given, settings
from hypothesis import strategies as st

from orchestration.landing.readers import csv_scan

# Whole letters of one to four bytes, and pieces that begin, end or break one.
WHOLE = [letter.encode() for letter in "a\néạ😀"]
BROKEN = [
    *(b"\xc3", b"\xe1\xba", b"\xf0\x9f", b"\x98", b"\xa1", b"\xff", b"\xc0"),
    *(b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe0\x9f\xbf"),
]
TEXTS = st.lists(st.sampled_from([*WHOLE, *BROKEN]))


def decodes(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


@settings(deadline=None)
@given(content=TEXTS.map(lambda pieces: b"a" + b"".join(pieces)), size=st.integers(1, 7))
@example(content=b"a" + "ạ".encode()[:2], size=7)
def test_it_tells_utf8_as_python_does(content: bytes, size: int) -> None:
    with mock.patch.object(csv_scan, "CHUNK", size):
        found = csv_scan.scan(io.BytesIO(content))
    assert found.regular == decodes(content)


@settings(deadline=None)
@given(lines=st.lists(st.text("ab\r", min_size=1, max_size=5), min_size=1), size=st.integers(1, 7))
def test_it_counts_lines_as_they_end(lines: list[str], size: int) -> None:
    content = "\n".join([*lines, "x"]).encode()
    with mock.patch.object(csv_scan, "CHUNK", size):
        assert csv_scan.scan(io.BytesIO(content)).lines == len(lines) + 1
