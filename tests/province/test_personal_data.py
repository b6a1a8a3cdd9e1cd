"""Personal values of the exports can be found nowhere in the home but in the inbox and its archive."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from orchestration.contract import load_contract
from tests.reports.conftest import pages
from tests.support.exports import COLUMNS, PERSONAL, dossier, export_path, write_export
from tests.support.installation import Installation
from tests.support.lake import SMALL_PROVINCE

pytestmark = pytest.mark.slow

DAY = date(2025, 10, 6)
RECEIVED_AT = datetime(2025, 10, 6, 8, 30)
DOUBTFUL = [
    dossier("H56.3-251006-0001", RECEIVED_AT, KenhThucHien=None),
    dossier("H56.3-251006-0002", RECEIVED_AT, NgayHenTra=None, KenhThucHien=None),
    dossier("H56.3-251006-0003", RECEIVED_AT, TrangThaiHoSo=10),
    dossier("H56.3-251006-0004", RECEIVED_AT, MaTTHC="9.999999.000.00.00.H56"),
]


@pytest.fixture(scope="module")
def exposed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Good files in all formats, doubtful rows, a shifted file, one with bad rows, one without a head."""
    home: Path = tmp_path_factory.mktemp("personal")
    installation = Installation(home, SMALL_PROVINCE)
    inbox = installation.inbox
    good = [dossier(f"H56.1-251006-{number:04d}", RECEIVED_AT) for number in range(8)]
    for commune, extension in (("03388", "csv"), ("03390", "xlsx"), ("03394", "json")):
        rows = [row | {"MaHoSo": row["MaHoSo"].replace("H56.1", f"H56.{commune}")} for row in good]
        write_export(export_path(inbox, DAY, commune, extension), rows)
    bad_rows = [
        *good[:6],
        dossier("H56.2-251006-0001", RECEIVED_AT, NgayHenTra=PERSONAL["ChuHoSo"]),
        dossier(PERSONAL["ChuHoSo"], RECEIVED_AT),
        dossier("H56.2-251006-0003", RECEIVED_AT, DonViXuLy=PERSONAL["ChuHoSo"]),
        dossier("H56.2-251006-0004", RECEIVED_AT, CoSoTiepNhan=PERSONAL["SoDienThoai"]),
        dossier("H56.2-251006-0005", RECEIVED_AT, TenTTHC=PERSONAL["TrichYeuHoSo"]),
    ]
    write_export(export_path(inbox, DAY, "03405", "csv"), bad_rows)
    write_export(export_path(inbox, DAY, "03408", "xlsx"), [*good[:2], *DOUBTFUL])
    shifted = COLUMNS[1:] + COLUMNS[:1]
    head, _, body = (
        write_export(export_path(inbox, DAY, "03424", "csv"), good).read_bytes().partition(b"\r\n")
    )
    assert head.decode("utf-8-sig").split(",") == list(COLUMNS)
    export_path(inbox, DAY, "03424", "csv").write_bytes(",".join(shifted).encode() + b"\r\n" + body)
    export_path(inbox, DAY, "03430", "csv").write_bytes(body)
    installation.run(DAY)
    return installation


def readable_bytes(path: Path) -> Iterator[bytes]:
    """All that ``path`` says: its bytes, and what its compression hides."""
    content = path.read_bytes()
    yield content
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            rows = connection.execute("select * from read_parquet(?)", [str(path)]).fetchall()
        yield repr(rows).encode()
    elif path.suffix == ".duckdb":
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute(
                "select table_schema, table_name from information_schema.tables "
                "where table_type = 'BASE TABLE'"
            ).fetchall()
            for schema, table in names:
                rows = connection.execute(f'select * from "{schema}"."{table}"').fetchall()
                yield repr(rows).encode()
    elif path.suffix == ".gz":
        yield gzip.decompress(content)
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            yield from (archive.read(name) for name in archive.namelist())


def test_no_personal_value_outside_the_inbox(exposed: Installation) -> None:
    """Every file under the home is searched, Parquet and DuckDB by their rows as well."""
    private = (exposed.inbox, exposed.home / "archive")
    needles = {value.encode() for value in PERSONAL.values()}
    searched = 0
    for path in exposed.home.rglob("*"):
        if path.is_symlink() or not path.is_file() or any(path.is_relative_to(root) for root in private):
            continue
        searched += 1
        for content in readable_bytes(path):
            found = [needle.decode() for needle in needles if needle in content]
            assert not found, f"{path.relative_to(exposed.home)} holds {found}"
    assert searched > 20


def test_bad_rows_are_told_apart_without_their_values(exposed: Installation) -> None:
    """The rows with misplaced personal values are in quarantine, masked; the good ones landed."""
    delivery = exposed.one(
        "select status, rows_read, rows_accepted, rows_rejected from marts.delivery "
        "where commune_code = '03405' and kind = 'hoso'"
    )
    assert delivery == {
        "status": "accepted_with_rejects",
        "rows_read": 11,
        "rows_accepted": 6,
        "rows_rejected": 5,
    }
    rejected = exposed.query(
        "select line, column_name, value_masked from marts.rejected_row "
        "where commune_code = '03405' order by line"
    )
    assert [row["column_name"] for row in rejected] == [
        "NgayHenTra",
        "MaHoSo",
        "DonViXuLy",
        "CoSoTiepNhan",
        "TenTTHC",
    ]


def test_files_without_a_usable_head_are_rejected_whole(exposed: Installation) -> None:
    """Neither a shifted head nor a missing one lands a single row."""
    rows = exposed.query(
        "select status from marts.delivery where commune_code in ('03424', '03430') and kind = 'hoso'"
    )
    assert rows == [{"status": "rejected"}] * 2


def test_doubtful_rows_go_back_to_their_sender(exposed: Installation) -> None:
    """They landed, so the letter says what to look at and asks for no file."""
    (letter,) = (exposed.home / "outbox" / DAY.isoformat()).glob("03408_*.xlsx")
    sheets = pages(letter)
    assert set(sheets) == {"Thông báo", "Dòng nghi vấn"}
    head, *rows = sheets["Dòng nghi vấn"]
    assert head[1:5] == ["Tên tệp", "Dòng", "Mã hồ sơ", "Nghi vấn"]
    file, flags = "hoso_03408_20251006.xlsx", load_contract().row_flags
    assert [row[1:5] for row in rows] == [
        [file, 6, "H56.3-251006-0001", flags["empty_channel"].title],
        [file, 7, "H56.3-251006-0002", flags["empty_channel"].title],
        [file, 7, "H56.3-251006-0002", flags["no_due_date"].title],
        [file, 8, "H56.3-251006-0003", flags["finished_without_date"].title],
        [file, 9, "H56.3-251006-0004", flags["procedure_not_in_catalogue"].title],
    ]
    summary = pages(letter.with_name(f"tong-hop_{DAY:%Y%m%d}.xlsx"))["Dòng nghi vấn"]
    assert [row[1] for row in summary[1:-1]] == ["03408"]
    assert summary[1][3:5] == [4, 4]
