"""The corpus of bad and odd files, each with its expected outcome. Data only; ``test_corpus`` lands it."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO

from tests.landing.tables import zip_bytes


@dataclass(frozen=True)
class Case:
    """A file and what is to come of it: rows read, rows accepted, and the rule if it is rejected whole;
    ``left_out`` lines that are no data, where that is what the case is about.
    """

    extension: str
    content: bytes
    read: int
    accepted: int
    rule: str | None = None
    left_out: int | None = None


def changed_member(content: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with one piece of XML replaced."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    assert old in members[name]
    return zip_bytes(members | {name: members[name].replace(old, new)})
