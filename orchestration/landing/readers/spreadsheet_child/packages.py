"""A look into the package of a workbook (zip or OLE) before a library opens it: what would expand beyond the
limits, what it is if it is no workbook, and what the libraries do not tell of it.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .limits import Limits, SheetFaultError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_WORD_DOCUMENT = "WordDocument".encode("utf-16-le")
# DATEMODE 1904, which stands right before PRECISION in every workbook (MS-XLS 2.1.7.20.3).
_OLD_1904 = b"\x22\x00\x02\x00\x01\x00\x0e\x00\x02\x00"
_CHUNK = 1 << 20
# A cell with content beyond column ZZ: borders alone end the element at once.
_WIDE_CELL = re.compile(rb'<c r="([A-Z]{3})(\d+)"[^>]*[^/>]>(?!</c>)')
_ROW = re.compile(rb'<row [^>]*?r="(\d+)"')
_WORKBOOK = "xl/workbook.xml"
_1904 = re.compile(rb"<(?:\w+:)?workbookPr\s[^>]*?date1904\s*=\s*[\"'](?:1|true|on)[\"']")
_CALCULATE_ON_LOAD = re.compile(rb"<(?:\w+:)?calcPr\s[^>]*?fullCalcOnLoad\s*=\s*[\"'](?:1|true)[\"']")
_FORMULA_CELL = re.compile(
    rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*'
    rb"(?:<v\s*/>|<v>([^<]*)</v>)?\s*</c>"
)
_SHEET = "{*}sheets/{*}sheet"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# Members by which a package is told that is none of ours.
_FOREIGN = (
    (re.compile(r"word/document\.xml"), "tài liệu Word"),
    (re.compile(r"ppt/presentation\.xml"), "bài trình chiếu PowerPoint"),
    (re.compile(r"Index/.*\.iwa|Index\.zip"), "bảng tính Numbers của Apple"),
)


@dataclass(frozen=True)
class Package:
    """What a look into the package tells. ``uncalculated``: cells (row and column from 0) by the sheet's
    name.
    """

    since_1904: bool = False
    uncalculated: dict[str, list[tuple[int, int]]] = field(default_factory=lambda: {})


def look_into_ole(content: bytes) -> Package:
    """Of an old workbook.

    Raises:
        SheetFaultError: ``encrypted``; ``foreign_format`` if it is a text document.
    """
    if _ENCRYPTED_PACKAGE in content:
        raise SheetFaultError("encrypted")
    if _WORD_DOCUMENT in content:
        raise SheetFaultError("foreign_format", "tài liệu Word")
    return Package(since_1904=_OLD_1904 in content)


def look_into_zip(content: bytes, limits: Limits) -> Package:
    """Of a workbook in a zip.

    Raises:
        SheetFaultError: ``encrypted``, ``too_large``, ``foreign_format``.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = package.infolist()
        if any(member.flag_bits & 0x1 for member in members):
            raise SheetFaultError("encrypted")
        for member in members:
            for name, format_ in _FOREIGN:
                if name.fullmatch(member.filename):
                    raise SheetFaultError("foreign_format", format_)
        with_formulas = _check_members(package, members, limits)
        if _WORKBOOK not in package.namelist():
            return Package()
        book = package.read(_WORKBOOK)
        names = _sheet_names(package, book) if with_formulas else {}
        on_load = _CALCULATE_ON_LOAD.search(book) is not None
        found = {
            names[member]: _uncalculated(package.read(member), on_load)
            for member in with_formulas
            if member in names
        }
        return Package(
            _1904.search(book) is not None, {name: cells for name, cells in found.items() if cells}
        )


def _check_members(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], limits: Limits) -> list[str]:
    """Names of the sheets that hold formulas.

    Raises:
        SheetFaultError: ``too_large``: it would expand or stretch beyond the limits.
    """
    left = limits["expanded"]
    with_formulas: list[str] = []
    for member in members:
        sheet = member.filename.startswith("xl/worksheets/")
        formulas = False
        with package.open(member) as source:
            for chunk in _overlapping(source):
                left -= len(chunk)
                if left < 0 or (sheet and _too_wide(chunk, limits)):
                    raise SheetFaultError("too_large")
                formulas = formulas or (sheet and b"<f" in chunk)
        if formulas:
            with_formulas.append(member.filename)
    return with_formulas


def _overlapping(source: Any) -> Iterator[bytes]:
    """Chunks that repeat the end of the one before, so that no pattern falls between two."""
    tail = b""
    while chunk := source.read(_CHUNK):
        yield tail + chunk
        tail = chunk[-64:]


def _too_wide(xml: bytes, limits: Limits) -> bool:
    """Whether a cell with content lies so far out that the sheet up to it would fill the memory."""
    for letters, line in _WIDE_CELL.findall(xml):
        if _column_number(letters) * int(line) > limits["cells"]:
            return True
    rows = _ROW.findall(xml[-4096:])
    return bool(rows) and int(rows[-1]) > limits["rows"]


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _sheet_names(package: zipfile.ZipFile, book: bytes) -> dict[str, str]:
    """The sheets' names by their members."""
    relations = _parsed(package.read("xl/_rels/workbook.xml.rels"))
    targets = {
        str(relation.get("Id")): posixpath.normpath(
            posixpath.join("/xl", str(relation.get("Target")))
        ).lstrip("/")
        for relation in relations
    }
    return {
        targets.get(str(sheet.get(_RELATION_ID)), ""): str(sheet.get("name"))
        for sheet in _parsed(book).iterfind(_SHEET)
    }


def _parsed(xml: bytes) -> Any:
    from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] # loading it takes its time

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(xml, parser)


def _uncalculated(sheet: bytes, on_load: bool) -> list[tuple[int, int]]:
    """Cells with a formula and no value.

    ``on_load``: the program that wrote the workbook leaves all calculating to Excel; then a nought is none,
    but what stands in its place until then.
    """
    nothing = (b"", b"0") if on_load else (b"",)
    return [
        (int(line) - 1, _column_number(letters) - 1)
        for letters, line, value in _FORMULA_CELL.findall(sheet)
        if value.strip() in nothing
    ]
