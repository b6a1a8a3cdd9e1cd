"""Which accepted rows of some export dates are in doubt, as the current release tells it.

``marts.flagged_row`` is the only home of that; without a release nothing is known. What was not accepted is
``fault_facts``; how doubts are worded and laid out is ``doubt_pages``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import duckdb

from orchestration.contract import Contract, InLetter
from orchestration.home import Home
from orchestration.reports.grouping import grouped
from orchestration.reports.released import ask
from orchestration.sql_text import literal


@dataclass(frozen=True)
class DoubtFact:
    """A doubt about one accepted row; ``line`` is counted as a spreadsheet or an editor does.

    ``since`` is the first export date on which this commune sent this dossier with this flag.
    """

    export_date: date
    commune_code: str
    file_name: str
    line: int | None
    dossier_code: str
    flag: str
    since: date


@dataclass(frozen=True)
class DoubtCount:
    """How many rows of a commune and day have one flag, and how many of them are so for the first time.

    ``is_cause``: the flag is one for a letter of its own, and the commune had none of it earlier this month.
    """

    export_date: date
    commune_code: str
    flag: str
    rows: int
    rows_new: int
    is_cause: bool


@dataclass(frozen=True)
class DoubtTotal:
    """How many rows of a commune and day have any flag; a row may have several."""

    export_date: date
    commune_code: str
    rows: int
    rows_new: int


_Fact = DoubtFact | DoubtCount | DoubtTotal
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class DoubtFacts:
    """Doubts of some export dates in the order of date and commune, new ones first; rows up to the limit."""

    rows: tuple[DoubtFact, ...] = ()
    counts: tuple[DoubtCount, ...] = ()
    totals: tuple[DoubtTotal, ...] = ()

    def by_day(self) -> dict[date, DoubtFacts]:
        """The same in parts, one per export date."""
        return self._parts(lambda fact: fact.export_date)

    def by_commune(self) -> dict[tuple[date, str], DoubtFacts]:
        """The same in parts, one per export date and commune."""
        return self._parts(lambda fact: (fact.export_date, fact.commune_code))

    def _parts(self, key: Callable[[_Fact], _Key]) -> dict[_Key, DoubtFacts]:
        rows, counts = grouped(self.rows, key), grouped(self.counts, key)
        return {
            each: DoubtFacts(tuple(rows.get(each, ())), tuple(counts.get(each, ())), tuple(totals))
            for each, totals in grouped(self.totals, key).items()
        }


def read_doubts(home: Home, days: Iterable[date], contract: Contract) -> DoubtFacts | None:
    """The doubts of ``days`` that belong in letters; None before the first release.

    Of a commune and day there are no more rows than the contract lets a letter list.
    """
    wanted = ", ".join(f"DATE '{day.isoformat()}'" for day in days) or "NULL"
    told = f"{_told(contract)} SELECT * FROM told WHERE export_date IN ({wanted})"

    def question(release: duckdb.DuckDBPyConnection) -> DoubtFacts:
        release.execute(f"CREATE TEMP TABLE doubt AS {told}")
        rows = release.execute(_ROWS.format(limit=contract.limits.letter_doubts)).fetchall()
        counts = release.execute(_COUNTS).fetchall()
        totals = release.execute(_TOTALS).fetchall()
        return DoubtFacts(
            tuple(DoubtFact(*row) for row in rows),
            tuple(DoubtCount(*row) for row in counts),
            tuple(DoubtTotal(*row) for row in totals),
        )

    return ask(home, question)


def doubt_marks(home: Home, contract: Contract) -> dict[date, str]:
    """A mark per export date of the current release, another one whenever its doubts read otherwise."""
    marks = (
        f"{_told(contract)} "
        "SELECT export_date, CAST(bit_xor(hash(told)) AS VARCHAR) FROM told GROUP BY export_date"
    )
    return dict(ask(home, lambda release: release.execute(marks).fetchall()) or ())


def _flags(contract: Contract, *uses: InLetter) -> str:
    return ", ".join(literal(flag) for flag, rule in contract.row_flags.items() if rule.in_letter in uses)


def _told(contract: Contract) -> str:
    """Every flag of every day that may stand in a letter, and whether it is one for a letter of its own."""
    return f"""
        WITH told AS (
            SELECT
                export_date, commune_code, file_name, line, dossier_code, flag,
                min(export_date) OVER (PARTITION BY commune_code, dossier_code, flag) AS since,
                flag IN ({_flags(contract, InLetter.ALONE)})
                AND export_date = min(export_date) OVER (
                    PARTITION BY commune_code, flag, date_trunc('month', export_date)
                ) AS is_cause
            FROM marts.flagged_row
            WHERE flag IN ({_flags(contract, InLetter.ALONE, InLetter.ALONG)})
        )
    """


_ROWS = """
    SELECT export_date, commune_code, file_name, line, dossier_code, flag, since
    FROM doubt
    QUALIFY row_number() OVER (
        PARTITION BY export_date, commune_code ORDER BY since DESC, file_name, line, dossier_code, flag
    ) <= {limit}
    ORDER BY export_date, commune_code, since DESC, file_name, line, dossier_code, flag
"""
_COUNTS = """
    SELECT
        export_date, commune_code, flag,
        count(*), count(*) FILTER (WHERE since = export_date), bool_or(is_cause)
    FROM doubt
    GROUP BY ALL
    ORDER BY export_date, commune_code, count(*) DESC, flag
"""
_TOTALS = """
    SELECT
        export_date, commune_code, count(DISTINCT dossier_code),
        count(DISTINCT dossier_code) FILTER (WHERE since = export_date)
    FROM doubt
    GROUP BY ALL
    ORDER BY export_date, commune_code
"""
