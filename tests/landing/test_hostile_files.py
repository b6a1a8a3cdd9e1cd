"""Files made to do harm, all of a day at once: each is accounted for, none does any, the sound one lands."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.landing.conftest import DAY, UNIT, UNITS, Desk
from tests.landing.tables import NAME, csv_bytes, sound_rows

SECRET = "bi-mat-38199"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = sound_rows()


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return packed.getvalue()


def book(sheet: str, **parts: str) -> bytes:
    """The least that passes for an XLSX, with this sheet."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
        'PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    relations = f'<?xml version="1.0"?><Relationships xmlns="{package}">'
    return zipped(
        ("[Content_Types].xml", types.encode()),
        (
            "_rels/.rels",
            f'{relations}<Relationship Id="r" Type="{office}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>".encode(),
        ),
        (
            "xl/workbook.xml",
            f'<workbook xmlns="{SHEET}" xmlns:r="{office}"><sheets><sheet name="a" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>".encode(),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            f'{relations}<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
            "</Relationships>".encode(),
        ),
        ("xl/worksheets/sheet1.xml", sheet.encode()),
        *((name, text.encode()) for name, text in parts.items()),
    )


def entity(secret: Path, *, parameter: bool = False) -> str:
    declared = (
        f'<!ENTITY % x SYSTEM "file://{secret}"> %x;'
        if parameter
        else f'<!ENTITY x SYSTEM "file://{secret}">'
    )
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [{declared}]><worksheet xmlns="{SHEET}"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
    )


def laughs() -> str:
    names = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return (
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY l0 "ha">{names}]><worksheet xmlns="{SHEET}"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>&l11;</t></is></c></row></sheetData></worksheet>'
    )


def sheet(cells: str) -> str:
    return f'<worksheet xmlns="{SHEET}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'


def tarred(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, link
        archive.addfile(member, io.BytesIO(b""))
    return packed.getvalue()


def contents(secret: Path) -> Iterator[tuple[str, bytes]]:
    """Extension and bytes of what is sent under sound names."""
    head = csv_bytes([]).rstrip(b"\r\n")
    width = head.count(b",") + 1
    row = b",".join([b"x"] * width)
    yield from (
        ("csv", content)
        for content in (
            *(
                b"",
                b"\0" * 5_000,
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\xff\xff\xff\xff",
                b"\n" * 20_000,
                b'"' * 9_999,
            ),
            *(
                head,
                head + b"\n" + b"x" * 3_000_000,
                head + b"\n" + b"," * 300_000,
                head + b'\n"' + b"x\n" * 50_000,
            ),
            head + b"\n" + row + b"\n" + b"\0".join([row] * 20),
            head + b"\n=cmd|' /C calc'!A0" + row,
            head + b"\n" + b"\x1b]0;x\x07\x1b[2J" + row,
            head + b"\n" + "\u202e\u2066\u200b".encode() + row,
            head.replace(b",", b"\0,") + b"\n" + row,
            (head + b",") * 400 + b"\n" + row,
            b"a" * 70_000 + b"," + head + b"\n" + row,
            head + b"\n" + row.replace(b"x", b"9" * 400),
            head + b"\n" + row.replace(b"x", b"-1e999"),
            head + b"\n" + row.replace(b"x", b"'; drop table parts; --"),
            head + b"\n" + row.replace(b"x", b"{{ 7 * 7 }}"),
            head + b"\n" + row.replace(b"x", b"<script>alert(1)</script>"),
            head + b"\n" + row.replace(b"x", f"read_text('{secret}')".encode()),
            head + b"\n" + row.replace(b"x", b"9999-99-99"),
            head + b"\n" + row.replace(b"x", b"0001-01-01"),
            head + b"\n" + row.replace(b"x", "\ud7ff\U0010ffff".encode()),
            head + b"\n" + row.replace(b"x", b"\xed\xa0\x80"),
            f"include '{secret}'".encode(),
            b"#!/bin/sh\ntouch /tmp/hostile\n",
            b"\x7fELF" + b"\0" * 500,
            b"MZ" + b"\0" * 500,
            b"%PDF-1.7\n" + b"x" * 500,
        )
    )
    yield from (
        ("json", content)
        for content in (
            *(
                b"",
                b"[" * 100_000,
                b"[" * 500 + b"]" * 500,
                b'{"a":' * 50_000,
                b"nul",
                b"[1,2",
                b'"\\ud800"',
                b"\0",
            ),
            *(
                b"[1e99999]",
                b'[{"a":' + b"9" * 100_000 + b"}]",
                b'[{"__proto__":{"x":1}}]',
                b'[{"":""}]',
                b"NaN",
            ),
            *(b"[NaN, Infinity]", b'[{"a":1,"a":2}]', b"true", b"[[[]]]", b"{}", b"[]", b"[null]", b"[{}]"),
            b'[{"MaHoSo":"' + b"x" * 2_000_000 + b'"}]',
            b'[{"MaHoSo":{"$ref":"#"}}]',
            f'[{{"$ref":"file://{secret}"}}]'.encode(),
        )
    )
    yield from (
        ("xlsx", content)
        for content in (
            *(b"", b"PK\x03\x04", b"PK\x05\x06" + b"\0" * 18, zipped(("x", b"")), zipped(("../../x", b"x"))),
            book(entity(secret)),
            book(entity(secret, parameter=True)),
            book(laughs()),
            book(sheet("<c><v>1</v></c>" * 20_000)),
            book(sheet('<c r="XFD1048576"><v>1</v></c>')),
            book(sheet('<c r="A99999999999"><v>1</v></c>')),
            book(sheet('<c r="A1" t="s"><v>4294967295</v></c>')),
            book(sheet(f'<c r="A1"><f>WEBSERVICE("file://{secret}")</f><v>1</v></c>')),
            book(sheet(f"<c r=\"A1\"><f>'file://{secret}'#$a.A1</f><v>1</v></c>")),
            book("<worksheet" * 5_000),
            book(sheet(""), **{"xl/vbaProject.bin": "x", "xl/externalLinks/externalLink1.xml": "x"}),
            zipped(("xl/workbook.xml", b"0" * 60_000_000)),
            b"<html><table><tr><td><img src=x onerror=alert(1)></td></tr></table>",
        )
    )
    yield from (
        ("zip", content)
        for content in (
            *(
                b"",
                b"PK",
                zipped(),
                zipped((f"../../{NAME}.csv", csv_bytes(ROWS))),
                zipped(("/etc/x.csv", b"x")),
            ),
            zipped((f"{NAME}.csv", b"0" * 60_000_000)),
            zipped(*((f"{number}.csv", b"x") for number in range(3_000))),
            zipped((f"{NAME}.zip", zipped((f"{NAME}.zip", zipped((f"{NAME}.csv", csv_bytes(ROWS))))))),
            zipped(("a\0b.csv", b"x"), ("con.csv", b"x"), ("\u202egnp.csv", b"x")),
        )
    )
    yield "csv.gz", gzip.compress(b"0" * 60_000_000)
    yield "csv.gz", b"\x1f\x8b" + b"\xff" * 100
    yield "zip", tarred("../../x")
    yield "csv.gz", tarred("x", tarfile.SYMTYPE, str(secret))
    yield "xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000
    yield "xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


ODD_NAMES = (
    *(
        "hoso_../../x_20251006.csv",
        "$(touch x).csv",
        "`id`.csv",
        "; rm -rf x.csv",
        "a'b\"c.csv",
        "-rf.csv",
        "x" * 240,
    ),
    *(
        "\u202evsc.osoh.csv",
        "\x1b[2J.csv",
        "a\nb.csv",
        "{{7*7}}.csv",
        "%s%n.csv",
        "CON.csv",
        "hoso__.csv",
        "......csv",
    ),
)


def state(place: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in place.rglob("*") if path.is_file()}


def test_eighty_hostile_files_do_no_harm(desk: Desk, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    secret = outside / "secret.csv"
    secret.write_text(SECRET, encoding="utf-8")
    sent = {
        f"hoso_{unit}_{DAY:%Y%m%d}.{extension}": content
        for unit, (extension, content) in zip(UNITS[1:], contents(secret), strict=False)
    }
    for name, content in sent.items():
        desk.drop_as(content, name)
    for name in ODD_NAMES:
        (desk.folder / name.replace("/", "∕")).write_bytes(b"x")
    (desk.folder / f"hoso_{UNITS[-1]}_{DAY:%Y%m%d}.csv").symlink_to(secret)
    os.mkfifo(desk.folder / f"hoso_{UNITS[-2]}_{DAY:%Y%m%d}.csv")
    desk.drop(csv_bytes(ROWS))
    before = state(outside)
    assert len(sent) + len(ODD_NAMES) + 2 >= 80

    landed = desk.land()

    told = {delivery.file_name: delivery for delivery in landed.deliveries}
    assert set(sent) <= set(told)
    sound = told[f"hoso_{UNIT}_{DAY:%Y%m%d}.csv"]
    assert (sound.status, sound.rows_accepted) == ("accepted", len(ROWS))
    assert all(told[name].rows_accepted == 0 for name in sent)
    assert {row["commune_code"] for row in desk.rows()} == {UNIT}
    assert state(outside) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "inbox", "outside"]
    kept = state(desk.settings.paths.root)
    archived = {path for path in kept if "/archive/" in path}
    assert not [path for path, content in kept.items() if path not in archived and SECRET.encode() in content]
    # A second pass finds the same day and stays as it is.
    assert desk.land().landing_id is None
