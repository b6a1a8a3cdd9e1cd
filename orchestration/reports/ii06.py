"""Form II.06 as the current release tells it: what stands in its lines, and that the lines add up.

Here: the figures and the span they may be asked for. Not here: how they are counted
(``dbt_project/models/measure/marts/report_ii06.sql``) and how the form looks (``ii06_workbook``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from orchestration.contract import strip_marks
from orchestration.errors import HeldBackError, MotcuaError
from orchestration.home import Home
from orchestration.release.reader import connect

COLUMNS = tuple(f"c{number}" for number in range(3, 14))
# Each column that is a sum, and what it is the sum of.
IDENTITIES = (
    ("c3", ("c4", "c5", "c6")),
    ("c7", ("c8", "c9", "c10")),
    ("c11", ("c12", "c13")),
    ("c3", ("c7", "c11")),
)


class SpanError(MotcuaError):
    """A span of days that no form can be made of."""


@dataclass(frozen=True)
class Line:
    """One line of the form: a field or a commune, and its columns (3) to (13)."""

    name: str
    counts: tuple[int, ...]

    def __getitem__(self, column: str) -> int:
        return self.counts[COLUMNS.index(column)]


@dataclass(frozen=True)
class CommuneLines:
    """One commune: its lines by field (none where nothing was handled), and their sum."""

    commune_code: str
    fields: tuple[Line, ...]
    total: Line


@dataclass(frozen=True)
class Ii06:
    """The form over a span of days, both included.

    ``as_of`` is the day that the release shows, ``data_date`` its newest export, ``covered_from`` its first
    day. ``fields`` and ``total`` are those of the province; ``communes`` stand in the order of their codes.
    """

    first_day: date
    last_day: date
    province_name: str
    release_id: str
    built_at: datetime
    as_of: date
    data_date: date | None
    covered_from: date
    fields: tuple[Line, ...]
    communes: tuple[CommuneLines, ...]
    total: Line


@dataclass(frozen=True)
class _Row:
    commune_code: str
    field_code: str
    field_name: str
    counts: tuple[int, ...]


def read_ii06(home: Home, first_day: date, last_day: date) -> Ii06:
    """The form from ``first_day`` to ``last_day``, of one release throughout.

    Raises:
        UnavailableError: nothing has been published yet.
        SpanError: the span ends before it begins, reaches beyond the release, or lies wholly before its data.
        HeldBackError: a line does not add up.
    """
    with connect(home) as connection:
        ((release_id, built_at, as_of, data_date),) = connection.execute(
            "SELECT release_id, built_at, as_of, data_date FROM meta.release"
        ).fetchall()
        ((covered_from,),) = connection.execute("SELECT min(date) FROM marts.province_day").fetchall()
        _require_span(first_day, last_day, covered_from, as_of)
        rows = _rows(connection, first_day, last_day)
        names = _commune_names(connection, {row.commune_code for row in rows})
        ((province_name,),) = connection.execute(
            "SELECT coalesce(max(province_name), '') FROM marts.dim_commune"
        ).fetchall()
    communes = tuple(
        _commune(code, name, [row for row in rows if row.commune_code == code])
        for code, name in names.items()
    )
    form = Ii06(
        first_day=first_day,
        last_day=last_day,
        province_name=province_name,
        release_id=release_id,
        built_at=built_at,
        as_of=as_of,
        data_date=data_date,
        covered_from=covered_from,
        fields=_by_field(rows),
        communes=communes,
        total=_sum("Tổng cộng", (row.counts for row in rows)),
    )
    require_identities(form)
    return form


def require_identities(form: Ii06) -> None:
    """Refuse a form whose lines do not add up, within a line and from the parts to the whole.

    Raises:
        HeldBackError: naming the line.
    """
    lines = [*form.fields, form.total]
    for commune in form.communes:
        lines += [*commune.fields, commune.total]
    for line in lines:
        for whole, parts in IDENTITIES:
            added = sum(line[part] for part in parts)
            if line[whole] != added:
                summands = " + ".join(f"({part[1:]})" for part in parts)
                raise HeldBackError(
                    f"Dòng “{line.name}” của biểu II.06 không khớp: cột ({whole[1:]}) là {line[whole]}, "
                    f"nhưng {summands} là {added}. Biểu chưa được ghi; hãy báo cho người phát triển."
                )
    for parts in (form.fields, tuple(commune.total for commune in form.communes)):
        if _sum("", (part.counts for part in parts)).counts != form.total.counts:
            raise HeldBackError(
                "Tổng cộng của biểu II.06 không bằng tổng các dòng. Biểu chưa được ghi; hãy báo cho người "
                "phát triển."
            )


def _require_span(first_day: date, last_day: date, covered_from: date | None, as_of: date) -> None:
    if first_day > last_day:
        raise SpanError(
            f"Từ ngày {first_day:%d/%m/%Y} lại sau đến ngày {last_day:%d/%m/%Y}. Hãy đổi --from hoặc --to."
        )
    if covered_from is None:
        raise SpanError(
            "Bản công bố hiện hành chưa có hồ sơ nào. Hãy đưa tệp vào hộp thư đến rồi chạy motcua run."
        )
    covered = f"Số liệu có từ ngày {covered_from:%d/%m/%Y} đến ngày {as_of:%d/%m/%Y}"
    if last_day > as_of:
        raise SpanError(
            f"Bản công bố hiện hành chưa tính đến ngày {last_day:%d/%m/%Y}. {covered}. "
            "Hãy lùi --to, hoặc chạy motcua run khi đã có số liệu mới."
        )
    if last_day < covered_from:
        raise SpanError(f"Cả kỳ báo cáo nằm trước khi có số liệu. {covered}. Hãy chọn kỳ khác.")


def _rows(connection: duckdb.DuckDBPyConnection, first_day: date, last_day: date) -> list[_Row]:
    """The rows of the release's own macro."""
    found: list[tuple[Any, ...]] = connection.execute(
        f"SELECT commune_code, field_code, field_name, {', '.join(COLUMNS)} "
        "FROM marts.report_ii06($1, $2) ORDER BY commune_code, field_code",
        [first_day, last_day],
    ).fetchall()
    return [
        _Row(code, field, name, tuple(int(count) for count in counts)) for code, field, name, *counts in found
    ]


def _commune_names(connection: duckdb.DuckDBPyConnection, seen: set[str]) -> dict[str, str]:
    """Communes in force, and any other that has a row, by code: silence must not make one vanish."""
    known: list[tuple[str, str, bool]] = connection.execute(
        "SELECT commune_code, arg_max(commune_name, valid_from), bool_or(is_current) "
        "FROM marts.dim_commune GROUP BY commune_code"
    ).fetchall()
    names = {code: name for code, name, is_current in known if is_current or code in seen}
    return dict(sorted({**{code: code for code in seen}, **names}.items()))


def _commune(code: str, name: str, rows: list[_Row]) -> CommuneLines:
    return CommuneLines(code, _by_field(rows), _sum(name, (row.counts for row in rows)))


def _by_field(rows: Iterable[_Row]) -> tuple[Line, ...]:
    """A line per field, in the order of the alphabet; a field that is spelt in several ways has one name."""
    by_code: dict[str, list[_Row]] = {}
    for row in rows:
        by_code.setdefault(row.field_code, []).append(row)
    lines = [
        _sum(max(row.field_name for row in of_field), (row.counts for row in of_field))
        for of_field in by_code.values()
    ]
    return tuple(sorted(lines, key=lambda line: (strip_marks(line.name).casefold(), line.name)))


def _sum(name: str, counts: Iterable[tuple[int, ...]]) -> Line:
    columns = list(zip(*counts, strict=True)) or [()] * len(COLUMNS)
    return Line(name, tuple(sum(column) for column in columns))
