"""The content hash sees every change of content and no change of order."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.release.content import TableContent, table_content

Row = tuple[int | None, str | None]
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(-(2**31), 2**31 - 1),
        st.none() | st.text(st.characters(exclude_characters="\0")),
    )
)


def content(rows: list[Row], kind: str = "BIGINT") -> TableContent:
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE t (number {kind}, text VARCHAR)")
        if rows:
            connection.executemany("INSERT INTO t VALUES (?, ?)", rows)
        return table_content(connection, "main", "t")


@settings(max_examples=30, deadline=None)
@given(ROWS.flatmap(lambda rows: st.tuples(st.just(rows), st.permutations(rows))))
def test_order_does_not_matter(orders: tuple[list[Row], list[Row]]) -> None:
    one, other = orders

    assert content(one) == content(other)


@pytest.mark.parametrize(
    "other",
    [
        [(1, "a"), (2, None)],
        [(1, "a")],
        [(1, "a"), (2, "b"), (3, "c"), (3, "c")],
        [(1, "b"), (2, "a")],
        [],
    ],
)
def test_content_matters(other: list[Row]) -> None:
    assert content([(1, "a"), (2, "b")]).content_hash != content(other).content_hash


def test_pairs_of_equal_rows_do_not_cancel_out() -> None:
    assert content([(1, "a"), (1, "a")]) != content([(2, "b"), (2, "b")])


def test_types_matter() -> None:
    assert content([], "BIGINT").content_hash != content([], "INTEGER").content_hash
