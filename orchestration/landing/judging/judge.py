"""The bench on which rows of one pass are typed and judged, set by set, in an in-memory DuckDB.

Holds one table of judged rows per kind. Personal columns are read into the statement and never into a
table. Nothing here decides about files: it answers how many rows a part has and which broke what.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import TracebackType

import duckdb
import orjson
import pyarrow as pa

from orchestration.contract import ColumnType, Contract
from orchestration.landing.files import LeftOut, Part
from orchestration.landing.judging.judge_sql import (
    HEAD_AGAIN,
    NOTE,
    Judge,
    build_judge,
    judged_columns,
    mark_swapped_sql,
    swapped_parts_sql,
)
from orchestration.landing.judging.personal_sql import names_asked
from orchestration.landing.masking import mask_sql
from orchestration.landing.persons import names_person
from orchestration.landing.readers.csv_scan import CsvLayout
from orchestration.landing.readers.sources import regular_source
from orchestration.sql_text import literal, quote, quote_name

# The engine's own; the interpreter, its libraries and buffers of readers come on top.
_MEMORY = "1GB"
# A file of this size is read by one thread, from its first line to its last, and so its rows lie in order by
# themselves. The engine's promise of order copies all rows once more; it is needed for larger files only,
# which several threads share.
_READ_BY_ONE = 4 << 20
_STRUCTURAL = frozenset({"part", "line", "structure", "swapped"})
_MONTHS = 12
_LEFT_OUT = {HEAD_AGAIN: "head_again", NOTE: "note"}


@dataclass(frozen=True)
class Origin:
    """Of what kind of file rows are: one of a whole province; lines of a table, or objects."""

    province_wide: bool
    of_table: bool


@dataclass(frozen=True)
class _Source:
    """SQL for rows in tabular text form, and the exchange names of its columns."""

    sql: str
    present: frozenset[str]
    origin: Origin

    def select(self, names: Iterable[str]) -> str:
        """Its rows with exactly the columns ``names``."""
        cells = [
            quote_name(name) if name in self.present else f"CAST(NULL AS VARCHAR) AS {quote_name(name)}"
            for name in names
        ]
        return (
            f"SELECT {', '.join(['part', 'line', 'structure', 'swapped', *cells])}, "
            f"{literal(self.origin.province_wide)} AS province_wide, "
            f"{literal(self.origin.of_table)} AS of_table FROM {self.sql}"
        )


class Bench:
    """Judged rows of one pass. Use as a context manager.

    What does not fit into memory goes to ``scratch``. That may lie there after a crash, so it must not hold
    more than what may land: of a faulty row nothing is kept but its place and the masked value.
    """

    def __init__(self, contract: Contract, communes: frozenset[str], scratch: Path) -> None:
        scratch.mkdir(parents=True, exist_ok=True)
        self._scratch = scratch
        self._contract = contract
        self._communes = communes
        self.kinds: list[str] = []
        self._left_out: dict[int, LeftOut] = {}
        self.database = duckdb.connect(
            config={
                "memory_limit": _MEMORY,
                "temp_directory": str(scratch),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        # A statement over a large file would draw a bar of its own over ours.
        self.database.execute("SET enable_progress_bar = false")

    def __enter__(self) -> Bench:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def judge_files(self, files: Mapping[CsvLayout, Mapping[Path, Part]]) -> None:
        """Read and judge regular files of one kind, all in one statement: planning it costs as much as
        judging ten thousand rows.

        Records that the reader cannot fit to the head are missing afterwards, so the caller compares
        ``rows_of`` with the lines that it counted.
        """
        sources = [
            _Source(
                regular_source(layout, some, self._contract),
                frozenset(name for name in layout.columns if name is not None),
                Origin(layout.province_wide, of_table=True),
            )
            for layout, some in files.items()
        ]
        small = all(path.stat().st_size <= _READ_BY_ONE for some in files.values() for path in some)
        with self._any_order() if small else nullcontext():
            self._insert(next(iter(files)).kind, sources)
        # Lines of delimiters only; others are read again with care.
        self._set_apart(next(iter(files)).kind, None)

    def judge_tables(self, kind: str, tables: Mapping[Origin, pa.Table]) -> None:
        """Judge rows in tabular text form (see ``grid``), by the kind of file that they come from."""
        sources: list[_Source] = []
        try:
            for number, (origin, table) in enumerate(tables.items()):
                name = f"incoming_{number}"
                self.database.register(name, table)
                sources.append(_Source(name, frozenset(table.column_names) - _STRUCTURAL, origin))
            self._insert(kind, sources)
            # Lines without a word did not get here: these say something beside the columns that are known.
            self._set_apart(kind, _LEFT_OUT[NOTE])
        finally:
            for source in sources:
                self.database.unregister(source.sql)

    def rows_of(self, kind: str) -> dict[int, int]:
        """Number of judged rows by part."""
        if kind not in self.kinds:
            return {}
        counts = self.database.execute(f"SELECT part, count(*) FROM {_table(kind)} GROUP BY part").fetchall()
        return dict(counts)

    def faulty_parts(self, kind: str) -> set[int]:
        """The parts with a row that breaks a rule."""
        if kind not in self.kinds:
            return set()
        found = self.database.execute(f"SELECT DISTINCT part FROM {_table(kind)} WHERE fault IS NOT NULL")
        return {part for (part,) in found.fetchall()}

    def left_out(self, part: int) -> LeftOut:
        """Lines of ``part`` that turned out to be no data."""
        return self._left_out.get(part, LeftOut())

    def doubt_swapped(self, export_date: date) -> None:
        """Mark dates of which day and month may be swapped, by column and part: as they stand they lie
        anywhere, swapped they all lie about ``export_date``.
        """
        for kind in self.kinds:
            landing = self._contract.kinds[kind].landing
            columns = [column for column in landing if column.type is ColumnType.TIMESTAMP]
            if not columns:
                continue
            days = ", ".join(f"max(day({quote_name(str(column.lake))}))" for column in columns)
            found = self.database.execute(f"SELECT part, {days} FROM {_table(kind)} GROUP BY part").fetchall()
            for place, column in enumerate(columns, start=1):
                early = [row[0] for row in found if row[place] is not None and row[place] <= _MONTHS]
                if not early:
                    continue
                asked = swapped_parts_sql(_table(kind), column, early, export_date)
                for (part,) in self.database.execute(asked).fetchall():
                    self.database.execute(mark_swapped_sql(_table(kind), column, part))

    def forget(self, kind: str, parts: Collection[int]) -> None:
        """Drop the rows of ``parts``."""
        for part in parts:
            self._left_out.pop(part, None)
        if kind in self.kinds and parts:
            numbers = ", ".join(str(part) for part in parts)
            self.database.execute(f"DELETE FROM {_table(kind)} WHERE part IN ({numbers})")

    def fill(
        self, table: str, columns: Sequence[tuple[str, str]], rows: Sequence[tuple[object, ...]]
    ) -> None:
        """Create ``table`` with ``columns`` (name and DuckDB type) and put ``rows`` into it."""
        # As one text: a statement of many values takes twice as long, and a data frame would import pandas.
        names = [name for name, _ in columns]
        content = orjson.dumps([dict(zip(names, row, strict=True)) for row in rows]).decode()
        shape = orjson.dumps([dict(columns)]).decode()
        self.database.execute(
            f"CREATE TABLE {quote_name(table)} AS "
            f"SELECT unnest(from_json_strict({quote(content)}, {quote(shape)}), recursive := true)"
        )

    def rules_table(self, kind: str) -> list[tuple[int, str, str | None, str]]:
        """Number, rule, column and reason of every rule of ``kind``."""
        judge = build_judge(self._contract.kinds[kind], self._contract, self._communes, ())
        return [(rule.number, rule.rule, rule.column, rule.reason) for rule in judge.rules]

    def numbered(self, kind: str) -> str:
        """SQL for the judged rows of ``kind`` with ``line`` filled in.

        A regular file has a record per line and its rows lie together in order, the first on line 2.
        """
        return (
            f"(SELECT rows.* EXCLUDE (line), coalesce(line, CAST(rows.rowid - first + 2 AS INTEGER)) AS line "
            f"FROM {_table(kind)} AS rows "
            f"JOIN (SELECT part, min(rowid) AS first FROM {_table(kind)} GROUP BY part) USING (part))"
        )

    @contextmanager
    def _any_order(self) -> Generator[None]:
        """Statements inside may put rows of different files in any order."""
        self.database.execute("SET preserve_insertion_order = false")
        try:
            yield
        finally:
            self.database.execute("SET preserve_insertion_order = true")

    def _insert(self, kind: str, sources: Sequence[_Source]) -> None:
        self._prepare(kind)
        present = frozenset[str]().union(*(source.present for source in sources))
        judge = build_judge(self._contract.kinds[kind], self._contract, self._communes, present)
        rows = " UNION ALL ".join(source.select(sorted(present)) for source in sources)
        first = self._end_of(kind)
        self.database.execute(f"INSERT INTO {_table(kind)} {judge.select.replace('{source}', f'({rows})')}")
        self._reject_names(kind, judge, present, first)

    def _set_apart(self, kind: str, blank: str | None) -> None:
        """Count the rows that are no data, and drop them; ``blank`` is what those are that say nothing in any
        column that is known.
        """
        no_data = self.database.execute(
            f"SELECT part, fault, count(*) FROM {_table(kind)} WHERE fault <= 0 GROUP BY ALL"
        ).fetchall()
        for part, fault, amount in no_data:
            told = _LEFT_OUT.get(fault, blank)
            if told is not None:
                self._left_out.setdefault(part, LeftOut())[told] += amount
        if no_data:
            self.database.execute(f"DELETE FROM {_table(kind)} WHERE fault <= 0")

    def _end_of(self, kind: str) -> int:
        found = self.database.execute(f"SELECT coalesce(max(rowid) + 1, 0) FROM {_table(kind)}").fetchone()
        return int(found[0]) if found else 0

    def _reject_names(self, kind: str, judge: Judge, present: Collection[str], first: int) -> None:
        """Reject the rows from row ``first`` on that name a person. A text is asked about once, however many
        rows it is in: rows are many, and what they say of units and procedures is little.
        """
        told = self._contract.kinds[kind]
        for column in told.landing:
            asked = names_asked(column, self._contract) if column.name in present else None
            if asked is None:
                continue
            cell, table = quote_name(str(column.lake)), _table(kind)
            these = f"FROM {table} WHERE rowid >= {first} AND fault IS NULL AND {asked}"
            texts = [text for (text,) in self.database.execute(f"SELECT DISTINCT {cell} {these}").fetchall()]
            named = [text for text in texts if names_person(text)]
            if named:
                others = [quote_name(str(each.lake)) for each in told.landing if each.rule != "commune"]
                cleared = ", ".join(f"{other} = NULL" for other in (*others, "emptied"))
                names = f"from_json({quote(orjson.dumps(named).decode())}, '[\"VARCHAR\"]')"
                self.database.execute(
                    f"UPDATE {table} SET {cleared}, fault = {judge.number_of('personal_value', column)}, "
                    f"masked = {mask_sql(cell)} "
                    f"WHERE rowid >= {first} AND {cell} IN (SELECT unnest({names}))"
                )

    def _prepare(self, kind: str) -> None:
        if kind not in self.kinds:
            columns = judged_columns(self._contract.kinds[kind])
            spelled = ", ".join(f"{quote_name(name)} {type_}" for name, type_ in columns)
            self.database.execute(f"CREATE TABLE {_table(kind)} ({spelled})")
            self.kinds.append(kind)


def _table(kind: str) -> str:
    return quote_name(f"judged_{kind}")
