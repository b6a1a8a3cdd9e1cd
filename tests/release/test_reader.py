"""The sandbox: queries on the release work, whatever reaches out of it is refused in a sentence."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from orchestration.errors import UnavailableError
from orchestration.home import Home
from orchestration.release import reader
from orchestration.release.publish import publish

from .conftest import MakeBuild

WHEN = datetime(2025, 11, 26, 18)


@pytest.fixture
def published(home: Home, make_build: MakeBuild) -> Home:
    publish(home, make_build(), WHEN)
    return home


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM read_csv('{file}')",
        "FROM glob('{folder}/*')",
        "COPY marts.fact TO '{folder}/out.csv'",
        "EXPORT DATABASE '{folder}/out'",
        "ATTACH '{folder}/other.duckdb'",
        "ATTACH ':memory:' AS other",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "RESET lock_configuration",
        "CREATE TABLE marts.mine AS SELECT 1 AS one",
        "CREATE TEMP TABLE mine AS SELECT 1 AS one",
        "INSERT INTO marts.fact SELECT * FROM marts.fact",
        "UPDATE marts.fact SET amount = 0",
        "DELETE FROM marts.fact",
        "DROP TABLE marts.fact",
        "SELECT 1; DROP TABLE marts.fact",
        "DROP TABLE marts.fact; SELECT 1",
        "CREATE SECRET s (TYPE s3)",
        "CALL enable_logging()",
        "PRAGMA threads = 1",
    ],
)
def test_refused(published: Home, tmp_path: Path, statement: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    before = sorted(tmp_path.iterdir())

    with pytest.raises(reader.QueryError, match="bị từ chối"):
        reader.run_sql(published, statement.format(file=secret, folder=tmp_path))

    assert sorted(tmp_path.iterdir()) == before
    assert reader.run_sql(published, "SELECT count(*) FROM marts.fact").rows == [(1000,)]


def test_engine_refuses_by_itself(published: Home, tmp_path: Path) -> None:
    """The sandbox does not hang on our reading of the statement."""
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    for statement in (
        f"SELECT * FROM read_text('{secret}')",
        f"COPY marts.fact TO '{tmp_path / 'out.csv'}'",
        f"ATTACH '{tmp_path / 'other.duckdb'}'",
        "SET enable_external_access = true",
        "DELETE FROM marts.fact",
    ):
        with (
            reader.connect(published) as connection,
            pytest.raises(Exception, match=r"disabled|locked|read-only"),
        ):
            connection.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "DESCRIBE marts.fact",
        "SHOW ALL TABLES",
        "EXPLAIN SELECT 1",
        "WITH a AS (SELECT 1) FROM a",
        "PIVOT marts.delivery ON status USING count(*)",
    ],
)
def test_ways_to_ask_are_allowed(published: Home, statement: str) -> None:
    assert reader.run_sql(published, statement).rows


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("", "trống"),
        ("-- nothing", "trống"),
        ("SELECT 1; SELECT 2", "một câu lệnh"),
        ("SELEC 1", "không chạy được"),
        ("SELECT * FROM marts.nowhere", "không chạy được"),
        ("SELECT 1 / 'a'", "không chạy được"),
    ],
)
def test_mistakes_get_a_sentence(published: Home, statement: str, sentence: str) -> None:
    with pytest.raises(reader.QueryError, match=sentence):
        reader.run_sql(published, statement)


def test_nothing_published_yet(home: Home) -> None:
    with pytest.raises(UnavailableError, match="motcua run"):
        reader.run_sql(home, "SELECT 1")
