"""A release that holds what form II.06 is made of and nothing else, with lines as a test wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from orchestration.home import Home
from orchestration.reports.ii06 import COLUMNS

RELEASE = "20251126T180000-01"
"""Published on 26 November 2025, with data up to the day before."""

Row = tuple[str, str, str, tuple[int, ...]]
"""Commune, code and name of the field, columns (3) to (13)."""


def write_release(root: Path, rows: Sequence[Row], covered_from: date | None) -> Home:
    """Write the current release of the home at ``root``: its macro gives ``rows`` for any span."""
    home = Home(root)
    directory = home.releases / RELEASE
    directory.mkdir(parents=True)
    home.current.symlink_to(Path("releases") / RELEASE)
    values = ", ".join(str((*names, *counts)) for *names, counts in rows)
    with duckdb.connect(home.current_file) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA meta;")
        connection.execute(
            f"CREATE TABLE meta.release AS SELECT '{RELEASE}' AS release_id, DATE '2025-11-26' AS as_of, "
            "TIMESTAMP '2025-11-26 18:05:00' AS built_at, DATE '2025-11-25' AS data_date"
        )
        connection.execute("CREATE TABLE marts.province_day AS SELECT $1::DATE AS date", [covered_from])
        connection.execute(
            "CREATE TABLE marts.dim_commune AS FROM (VALUES "
            "('14797', 'Phường Hạc Thành', 'Thanh Hóa', DATE '2025-07-01', true), "
            "('15763', 'Xã Thọ Phú', 'Thanh Hóa', DATE '2025-07-01', true), "
            "('16378', 'Phường Đông Sơn cũ', 'Thanh Hóa', DATE '2025-07-01', false), "
            "('16378', 'Phường Đông Sơn', 'Thanh Hóa', DATE '2025-10-01', false), "
            "('14758', 'Xã đã nhập', 'Thanh Hóa', DATE '2025-07-01', false)) "
            "AS t (commune_code, commune_name, province_name, valid_from, is_current)"
        )
        connection.execute(
            f"CREATE TABLE marts.counted AS FROM (VALUES {values}) "
            f"AS t (commune_code, field_code, field_name, {', '.join(COLUMNS)})"
        )
        connection.execute(
            "CREATE MACRO marts.report_ii06(from_date, to_date) AS TABLE "
            "SELECT * FROM marts.counted WHERE from_date <= to_date"
        )
    return home
