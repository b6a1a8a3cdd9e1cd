"""What a table holds, as one number that does not depend on the order of its rows.

Equal hashes mean equal contents under the pinned DuckDB version; the hash is no signature.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb


@dataclass(frozen=True)
class TableContent:
    """Row count and order-independent content hash (64 hex digits) of one table."""

    rows: int
    content_hash: str


def quoted(*parts: str) -> str:
    """``parts`` as one qualified SQL identifier."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def table_content(connection: duckdb.DuckDBPyConnection, *name: str) -> TableContent:
    """Count and hash the table ``name`` (schema and table, or catalog first).

    Sum and XOR of row hashes together: XOR alone would not see a row that stands there twice. Column
    names and types are part of the hash.
    """
    relation = quoted(*name)
    described = connection.execute(f"DESCRIBE {relation}").fetchall()
    columns = [(str(row[0]), str(row[1])) for row in described]
    found = connection.execute(
        "SELECT count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)::HUGEINT), 0) "
        f"FROM {relation} AS t"
    ).fetchone()
    rows, folded, total = found or (0, 0, 0)
    digest = hashlib.sha256(repr((columns, int(rows), int(folded), int(total))).encode())
    return TableContent(int(rows), digest.hexdigest())
