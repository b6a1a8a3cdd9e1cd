"""``motcua sql``: the current release, as a table, CSV or JSON, and nothing but the release."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from .conftest import Call

QUERY = "select * from marts.fact order by code"


@pytest.fixture
def released(home: Path) -> Path:
    """A release as a reader finds it, without going through publication."""
    release = home / "releases" / "20251126T180000-01"
    release.mkdir(parents=True)
    with duckdb.connect(release / "warehouse.duckdb") as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute(
            "CREATE TABLE marts.fact AS SELECT * FROM (VALUES "
            "('04567', 1, 0.5::DOUBLE, 1.50::DECIMAL(9, 2), DATE '2025-11-26', "
            "TIMESTAMP '2025-11-26 08:15:00', true, 'Thọ \"Phú\", xã'), "
            "('14797', NULL, NULL, 2.00::DECIMAL(9, 2), NULL, NULL, NULL, NULL)) "
            "AS t(code, number, share, fee, day, moment, flag, name)"
        )
    (home / "current").symlink_to(Path("releases") / release.name)
    return home


def test_table(released: Path, call: Call) -> None:
    outcome = call("sql", "select code, number from marts.fact order by code")

    assert outcome.code == 0
    assert outcome.out.splitlines() == ["code   number", "─────  ──────", "04567  1", "14797", "(2 dòng)"]


def test_csv(released: Path, call: Call) -> None:
    written = call("sql", QUERY, "--format", "csv").out
    assert written.startswith("\ufeff"), "Excel would not know that it is UTF-8"
    rows = list(csv.reader(io.StringIO(written.removeprefix("\ufeff"))))

    assert rows[0] == ["code", "number", "share", "fee", "day", "moment", "flag", "name"]
    assert rows[1] == [
        "04567", "1", "0.5", "1.5", "2025-11-26", "2025-11-26 08:15:00", "True", 'Thọ "Phú", xã'
    ]  # fmt: skip
    assert rows[2] == ["14797", "", "", "2", "", "", "", ""]


def test_no_cell_steers_a_terminal_or_a_spreadsheet(released: Path, call: Call) -> None:
    query = "select '=1+1' as formula, chr(27) || '[31mđỏ' || chr(8238) as steering, -3 as number"
    assert call("sql", query, "--format", "csv").out == "\ufeffformula,steering,number\n'=1+1,[31mđỏ,-3\n"
    assert "\x1b" not in call("sql", query).out
    assert "\u202e" not in call("sql", query).out


def test_json(released: Path, call: Call) -> None:
    first, second = json.loads(call("sql", QUERY, "--format", "json").out)

    assert first == {
        "code": "04567",
        "number": 1,
        "share": 0.5,
        "fee": 1.5,
        "day": "2025-11-26",
        "moment": "2025-11-26 08:15:00",
        "flag": True,
        "name": 'Thọ "Phú", xã',
    }
    assert second["number"] is None


@pytest.mark.parametrize(
    "statement", ["copy marts.fact to 'out.csv'", "from read_text('secret.txt')", "delete from marts.fact"]
)
def test_refused(released: Path, call: Call, tmp_path: Path, statement: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")

    outcome = call("sql", statement)

    assert (outcome.code, outcome.out) == (2, "")
    assert "bị từ chối" in outcome.err
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize(
    "statement", ["-- c\nselect 1 as n", "--c\nselect 1 as n", "--\nselect 1 as n", "/* c */ select 1 as n"]
)
def test_a_statement_may_begin_with_a_comment(released: Path, call: Call, statement: str) -> None:
    assert call("sql", statement).code == 0
    for arguments in ((statement, "--format", "json"), ("--format", "json", statement)):
        assert json.loads(call("sql", *arguments).out) == [{"n": 1}]


def test_nothing_published(call: Call) -> None:
    outcome = call("sql", "select 1")

    assert outcome.code == 2
    assert "motcua run" in outcome.err


def test_a_reader_that_has_had_enough(released: Path) -> None:
    command = f"{sys.executable} -m orchestration.cli.main sql 'from range(1000000)' --format csv | head -n 2"
    found = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)

    assert found.stdout == "\ufeffrange\n0\n"
    assert found.stderr == ""
