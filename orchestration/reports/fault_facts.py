"""What is wrong with the deliveries of some export dates, by the lake: ledger, quarantine, marks.

Facts only, read in a few statements for any number of days; how they are worded and laid out is
``fault_letter`` and ``delivery_summary``. Who owed an export and did not send it is the release's to say
(``delivery_facts``).

Current are the newest deliveries of each file name. A rejected file counts as mended, and is left out, once a
later one of the same unit was accepted under the same name with another extension; or under any name, if the
fault was in the name.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from orchestration.contract import Contract
from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.landing.completeness import damages, told
from orchestration.landing.lake import LEDGER, QUARANTINE, SCHEMA, table_of
from orchestration.landing.ledger import REJECTED
from orchestration.landing.names import UNKNOWN_KIND
from orchestration.landing.set_aside import aside_sql
from orchestration.sql_text import quote

_EXTENSIONS = r"(\.[A-Za-z0-9]{1,5}){1,2}$"
# A sound row of a file that was rejected whole: there is nothing to mend in it.
INNOCENT = "file_rejected"


@dataclass(frozen=True)
class FileFact:
    """What became of one file in one commune; ``commune_code`` is None where that cannot be known.

    ``earlier_counts``: the file was rejected, and an accepted delivery of the same name still holds.
    ``times_sent`` counts the deliveries under this name.
    """

    export_date: date
    delivery_id: str
    kind: str
    file_name: str
    unit_code: str | None
    commune_code: str | None
    status: str
    rule: str | None
    reason: str | None
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    arrived_at: datetime
    landed_at: datetime
    earlier_counts: bool
    times_sent: int

    @property
    def is_faulty(self) -> bool:
        """Whether its sender has something to mend."""
        return self.status == REJECTED or self.rows_rejected > 0


@dataclass(frozen=True)
class RuleFact:
    """How many rows of one addressee broke one rule in one column; ``addressee`` as in ``RowFact``."""

    export_date: date
    addressee: str | None
    kind: str
    column: str | None
    rule: str
    reason: str
    rows: int


@dataclass(frozen=True)
class RowFact:
    """A rejected row. ``addressee`` is the commune that sent it, None where that cannot be known.

    ``line`` is the line as a spreadsheet or an editor counts it; ``value`` is masked.
    """

    export_date: date
    addressee: str | None
    kind: str
    file_name: str
    line: int | None
    column: str | None
    rule: str
    reason: str
    value: str | None


@dataclass(frozen=True)
class FaultFacts:
    """Files, and faults of their rows, of some export dates, in the order of date, commune, file, line."""

    files: tuple[FileFact, ...]
    rules: tuple[RuleFact, ...]
    rows: tuple[RowFact, ...]


def days_landed_after(home: Home, landing_seq: int) -> tuple[list[date], int]:
    """Export dates that got a delivery after the pass ``landing_seq``, and the number of the last pass."""
    with _explained(home), duckdb.connect() as database:
        ledger = table_of(home, LEDGER)
        newest = f"SELECT export_date, max(landing_seq) FROM {ledger} GROUP BY ALL ORDER BY ALL"
        passes = database.execute(newest).fetchall() if _has_lake(home) else []
    return [day for day, seq in passes if seq > landing_seq], max((seq for _, seq in passes), default=0)


def read_faults(home: Home, days: Iterable[date], contract: Contract) -> FaultFacts:
    """The facts of ``days``; of a commune's rows no more than the contract lets a letter list."""
    wanted = ", ".join(f"DATE '{day.isoformat()}'" for day in days)
    if not wanted or not _has_lake(home):
        return FaultFacts((), (), ())
    with _explained(home), duckdb.connect() as database:
        database.execute(f"CREATE TABLE delivered AS {_delivered(home, wanted, contract)}")
        database.execute(f"CREATE TABLE faulty AS {_faulty(home, wanted)}")
        files = [FileFact(*row) for row in _rows(database, _FILES)]
        rules = [RuleFact(*row) for row in _rows(database, _RULES)]
        rows = [RowFact(*row) for row in _rows(database, _FAULTS.format(limit=contract.limits.letter_rows))]
    return FaultFacts(tuple(files), tuple(rules), tuple(rows))


def _rows(database: duckdb.DuckDBPyConnection, statement: str) -> Sequence[tuple[Any, ...]]:
    return database.execute(statement).fetchall()


@contextmanager
def _explained(home: Home) -> Generator[None]:
    """Say which file of the lake is damaged, if that is why it could not be read."""
    try:
        yield
    except duckdb.Error as error:
        if found := damages(home):
            raise UnavailableError(told(home, found)) from error
        raise


def _has_lake(home: Home) -> bool:
    return (home.lake / SCHEMA / f"{LEDGER}.parquet").exists()


def _delivered(home: Home, days: str, contract: Contract) -> str:
    """The current ledger rows of ``days``, mended ones left out."""
    renamed = ", ".join(quote(name) for name, rule in contract.file_rules.items() if rule.renames)
    return f"""
        WITH aside AS ({aside_sql(home)}),
        told AS (
            SELECT
                ledger.* REPLACE (
                    coalesce(ledger.kind, {quote(UNKNOWN_KIND)}) AS kind,
                    CASE WHEN is_aside THEN {quote(REJECTED)} ELSE ledger.status END AS status,
                    CASE WHEN is_aside THEN 0 ELSE ledger.rows_accepted END AS rows_accepted,
                    CASE WHEN is_aside THEN ledger.rows_read ELSE ledger.rows_rejected END AS rows_rejected,
                    CASE WHEN is_aside THEN aside.rule ELSE ledger.rule END AS rule,
                    CASE WHEN is_aside THEN aside.reason ELSE ledger.reason END AS reason
                )
            FROM {table_of(home, LEDGER)} AS ledger
            LEFT JOIN aside USING (delivery_id)
            WHERE export_date IN ({days})
        ),
        entry AS (
            SELECT
                *,
                regexp_replace(file_name, {quote(_EXTENSIONS)}, '') AS stem,
                CASE WHEN status <> {quote(REJECTED)} THEN landing_seq END AS accepted_seq
            FROM told
        ),
        compared AS (
            SELECT
                *,
                max(landing_seq) OVER same_name AS newest_seq,
                max(accepted_seq) OVER same_name AS name_accepted_seq,
                count(DISTINCT delivery_id) OVER same_name AS times_sent,
                max(accepted_seq) OVER same_stem AS stem_accepted_seq,
                max(accepted_seq) OVER (PARTITION BY export_date, commune_code, kind) AS kind_accepted_seq,
                max(accepted_seq) OVER (PARTITION BY export_date, commune_code) AS unit_accepted_seq
            FROM entry
            WINDOW
                same_name AS (PARTITION BY export_date, kind, file_name),
                same_stem AS (PARTITION BY export_date, commune_code, stem)
        )
        SELECT
            *,
            coalesce(name_accepted_seq < newest_seq, false) AS earlier_counts
        FROM compared
        WHERE
            landing_seq = newest_seq
            AND NOT (
                status = {quote(REJECTED)}
                AND commune_code IS NOT NULL
                AND coalesce(
                    stem_accepted_seq > landing_seq
                    OR (
                        rule IN ({renamed})
                        AND CASE
                            WHEN kind = {quote(UNKNOWN_KIND)} THEN unit_accepted_seq ELSE kind_accepted_seq
                        END > landing_seq
                    ),
                    false
                )
            )
    """


def _faulty(home: Home, days: str) -> str:
    """Rejected rows of current deliveries, each with whom to tell.

    Rows of a commune's own file are its own, whatever commune they name; else the commune of the row.
    """
    return f"""
        WITH sender AS (
            SELECT delivery_id, max(CASE WHEN commune_code = unit_code THEN unit_code END) AS sender
            FROM delivered
            GROUP BY delivery_id
        )
        SELECT
            bad.export_date,
            coalesce(sender, bad.commune_code) AS addressee,
            bad.kind, file_name, line, column_name, rule, reason, value_masked
        FROM {table_of(home, QUARANTINE)} AS bad
        JOIN sender USING (delivery_id)
        WHERE bad.export_date IN ({days})
    """


_FILES = """
    SELECT
        export_date, delivery_id, kind, file_name, unit_code, commune_code, status, rule, reason,
        rows_read, rows_accepted, rows_rejected, arrived_at, landed_at, earlier_counts, times_sent
    FROM delivered
    ORDER BY export_date, commune_code, kind, file_name
"""
_RULES = """
    SELECT export_date, addressee, kind, column_name, rule, max(reason), count(*)
    FROM faulty
    GROUP BY ALL
    ORDER BY export_date, addressee, count(*) DESC, kind, rule, column_name
"""
_FAULTS = f"""
    SELECT export_date, addressee, kind, file_name, line, column_name, rule, reason, value_masked
    FROM faulty
    WHERE addressee IS NOT NULL AND rule <> '{INNOCENT}'
    QUALIFY row_number() OVER (PARTITION BY export_date, addressee ORDER BY file_name, line) <= {{limit}}
    ORDER BY export_date, addressee, file_name, line
"""
