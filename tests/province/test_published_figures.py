"""Figures that real centres published come out of rebuilt exports, in every format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support.installation import Installation
from tests.support.published import DONG_SON, THO_PHU, write_daily_exports

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def two_centres(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Thọ Phú's exports taking turns through CSV, XLSX and JSON, Đông Sơn's likewise, in one release."""
    home: Path = tmp_path_factory.mktemp("published")
    installation = Installation(home)
    write_daily_exports(installation.inbox, THO_PHU, ("csv", "xlsx", "json"))
    write_daily_exports(installation.inbox, DONG_SON, ("json", "csv", "xlsx"))
    installation.run(DONG_SON.last_day)
    return installation


def test_tho_phu_by_form_ii06(two_centres: Installation) -> None:
    """2,145 = 2,034 + 111; 2,004 = 1,520 + 447 + 37; 141 open, none overdue."""
    sums = ", ".join(f"cast(sum(c{column}) as integer) as c{column}" for column in range(3, 14))
    row = two_centres.one(
        f"select {sums} from marts.report_ii06(date '2025-07-01', date '2025-09-27') "
        f"where commune_code = '{THO_PHU.commune_code}'"
    )
    assert row == {
        "c3": 2145,
        "c4": 2034,
        "c5": 111,
        "c6": 0,
        "c7": 2004,
        "c8": 1520,
        "c9": 447,
        "c10": 37,
        "c11": 141,
        "c12": 141,
        "c13": 0,
    }


@pytest.mark.parametrize(
    ("indicator", "percent"),
    [
        ("online_rate", "95.2"),
        ("on_time_rate", "97.74"),
        ("online_payment_rate", "99.93"),
        ("digitised_rate", "99.97"),
    ],
)
def test_dong_son_by_indicator(two_centres: Installation, indicator: str, percent: str) -> None:
    """The shares as printed, to the printed decimals."""
    row = two_centres.one(
        "select value from marts.indicator_between(date '2025-07-01', date '2025-11-08') "
        f"where commune_code = '{DONG_SON.commune_code}' and indicator_code = '{indicator}'"
    )
    decimals = len(percent.partition(".")[2])
    assert f"{row['value'] * 100:.{decimals}f}" == percent


def test_dong_son_received(two_centres: Installation) -> None:
    """6,967 dossiers, each once, although most were exported twice."""
    row = two_centres.one(
        f"select count(*) as dossiers from marts.fct_dossier where commune_code = '{DONG_SON.commune_code}'"
    )
    assert row == {"dossiers": 6967}


def test_littles_law_holds_in_their_steady_months(two_centres: Installation) -> None:
    """Mean backlog is arrivals a day times mean stay, as far as a month is steady; and some months are."""
    rows = two_centres.query(
        "select member, month, gap_share, holds from marts.littles_law_month "
        "where is_steady and dimension in ('province', 'commune')"
    )
    assert {row["member"] for row in rows} >= {THO_PHU.commune_code, DONG_SON.commune_code}
    assert [row for row in rows if not row["holds"]] == []


def test_steps_are_inferred_without_holes(two_centres: Installation) -> None:
    """No step files here: every received dossier has its way from its status."""
    assert two_centres.one(
        "select count(distinct dossier_code) as dossiers, sum(waiting_hours + overlap_hours) as untold "
        "from marts.fct_step where is_inferred"
    ) == {"dossiers": THO_PHU.received + DONG_SON.received, "untold": 0.0}


def test_what_is_reported_equals_what_the_release_shows(two_centres: Installation, tmp_path: Path) -> None:
    """Every cell of the workbook of form II.06, against the release's own macro."""
    span = ("2025-07-15", "2025-09-30")
    path = tmp_path / "ii06.xlsx"
    done = two_centres.call("report", "ii06", "--from", span[0], "--to", span[1], "--out", str(path))
    assert done.returncode == 0, done.stderr
    columns = [f"c{number}" for number in range(3, 14)]
    sums = ", ".join(f"cast(sum({column}) as integer) as {column}" for column in columns)
    source = f"marts.report_ii06(date '{span[0]}', date '{span[1]}')"

    def shown(query: str) -> list[list[Any]]:
        return [[row["name"], *(row[column] for column in columns)] for row in two_centres.query(query)]

    book = openpyxl.load_workbook(path)
    written = {
        sheet.title: [
            list(row[1:])
            for row in sheet.iter_rows(min_row=10, max_col=13, values_only=True)
            if row[2] is not None
        ]
        for sheet in book
    }
    total = shown(f"select 'Tổng cộng' as name, {sums} from {source}")
    by_field = shown(f"select max(field_name) as name, {sums} from {source} group by field_code")
    assert sorted(written["II.06a toàn tỉnh"]) == sorted(by_field + total)
    by_commune = shown(f"select commune_name as name, {sums} from {source} group by all order by name")
    handled = [line for line in written["II.06b theo xã"] if line[1]]
    assert sorted(handled) == sorted(by_commune + total)
    assert len(written["II.06b theo xã"]) == 166 + 1
    detail = shown(f"select field_name as name, {', '.join(columns)} from {source}")
    assert sorted(line for line in written["II.06a từng xã"] if line[1]) == sorted(
        detail + by_commune + total
    )
