"""The generated statement: what it must not be planned as, and that rules are numbered alike everywhere."""

from __future__ import annotations

import re

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract import Column, load_contract
from orchestration.landing.judging.casts import cast
from orchestration.landing.judging.judge_sql import build_judge
from orchestration.sql_text import quote_name
from tests.landing.fuzzing.strategies import ANY_CELL
from tests.landing.tables import HEADS, dossier_row

CONTRACT = load_contract()
COMMUNES = frozenset(f"{number:05d}" for number in range(200))


@pytest.mark.parametrize("kind", CONTRACT.kinds)
def test_judging_is_planned_without_a_join(kind: str) -> None:
    """A join would mix the order of rows, by which their lines are told."""
    names = [column.name for column in CONTRACT.kinds[kind].columns]
    judge = build_judge(CONTRACT.kinds[kind], CONTRACT, COMMUNES, names)
    cells = ", ".join(f"{quote_name(name)} VARCHAR" for name in names)
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE source (part INTEGER, line INTEGER, structure VARCHAR, "
            f"swapped VARCHAR, province_wide BOOLEAN, of_table BOOLEAN, {cells})"
        )
        plan = str(database.execute("EXPLAIN " + judge.select.replace("{source}", "source")).fetchall())
    assert "PROJECTION" in plan
    assert "JOIN" not in plan


@pytest.mark.parametrize("kind", CONTRACT.kinds)
def test_rules_have_the_same_numbers_whatever_a_file_has(kind: str) -> None:
    told = CONTRACT.kinds[kind]
    names = [column.name for column in told.columns]
    numbered = [
        [(rule.number, rule.rule, rule.column, rule.reason) for rule in judge.rules]
        for present in (names, names[:3], [])
        for judge in [build_judge(told, CONTRACT, COMMUNES, present)]
    ]
    assert all(rules == numbered[0] for rules in numbered)
    assert len({rule[0] for rule in numbered[0]}) == len(numbered[0])


@pytest.mark.parametrize("kind", CONTRACT.kinds)
def test_every_column_that_lands_can_be_found_faulty(kind: str) -> None:
    told = CONTRACT.kinds[kind]
    judge = build_judge(told, CONTRACT, COMMUNES, [column.name for column in told.columns])
    found = {rule.column for rule in judge.rules if rule.rule not in ("error_cell", "uncalculated")} - {None}
    minor = {column.name for column in told.landing if column.minor}
    assert found | minor == {column.name for column in told.landing}
    assert all(f"'{name}'" in judge.select for name in minor)


TEXTS = (
    "Hồ sơ của ông Lò Văn Kín",
    "Gọi 0912 345 678",
    "UBND xã",
    "Nguyễn Văn A",
    "x" * 501,
    "Chứng thực\nbản sao",
)
ROWS = st.lists(
    st.builds(
        lambda number, head, cell: dossier_row(number, **{head: cell}),
        st.integers(0, 9),
        st.sampled_from(HEADS),
        st.one_of(st.sampled_from(TEXTS), ANY_CELL),
    ),
    min_size=1,
    max_size=30,
)


@settings(deadline=None, max_examples=40)
@given(ROWS)
def test_the_short_look_misses_nothing_that_the_long_one_finds(rows: list[list[str]]) -> None:
    cells = [
        [cell.replace("\0", "").encode(errors="ignore").decode() or None for cell in row] for row in rows
    ]
    columns = {
        head: pa.array(values, pa.string())
        for head, values in zip(HEADS, zip(*cells, strict=True), strict=True)
    }
    same = {"part": [1] * len(rows), "line": list(range(len(rows)))}
    origin = {"province_wide": [False] * len(rows), "of_table": [True] * len(rows)}
    nothing = pa.nulls(len(rows), pa.string())
    table = pa.table({**same, **origin, "structure": nothing, "swapped": nothing, **columns})
    short = build_judge(CONTRACT.kinds["hoso"], CONTRACT, COMMUNES, HEADS).select
    long = re.sub(r"WHEN (doubtful|suspect) (THEN|AND)", r"WHEN true \2", short)
    assert "lambda" in long
    assert not re.search(r"WHEN \w*(doubtful|suspect)\b", long)
    with duckdb.connect() as database:
        database.register("source", table)
        found = [
            database.execute(
                f"SELECT line, fault FROM ({sql.replace('{source}', 'source')}) ORDER BY line"
            ).fetchall()
            for sql in (short, long)
        ]
    assert found[0] == found[1]


@pytest.mark.parametrize("name", [name for name, code in CONTRACT.codes.items() if code.usual])
@settings(deadline=None)
@given(data=st.data())
def test_a_usual_code_is_one_by_the_whole_rule(name: str, data: st.DataObject) -> None:
    code = CONTRACT.codes[name]
    text = data.draw(st.from_regex(re.compile(str(code.usual), re.ASCII), fullmatch=True))
    patterns = [code.pattern, *code.excluded]
    with duckdb.connect() as database:
        fits = [
            database.execute("SELECT regexp_full_match(?, ?)", [text, pattern]).fetchone()
            for pattern in patterns
        ]
    assert fits == [(True,), *[(False,)] * len(code.excluded)]
    assert code.shortest <= len(text) <= code.longest
    assert any(sign.isdigit() for sign in text)
    if code.strip is not None:
        end = data.draw(
            st.one_of(st.just(""), st.from_regex(re.compile(code.strip, re.ASCII), fullmatch=True))
        )
        assert re.sub(code.strip, "", text + end.rstrip("\n")) == text
        column = next(column for column in CONTRACT.kinds["hoso"].columns if column.rule == name)
        assert cast_of(text + end.rstrip("\n"), column) == text


@pytest.mark.parametrize("text", ["0", "7", "007", "7.0", "7,00", "10000", "10000.0"])
def test_an_integer_is_read_however_it_is_written(text: str) -> None:
    column = CONTRACT.kinds["hoso"].by_name["SoThanhPhan"]
    assert cast_of(text, column) == int(re.split("[.,]", text)[0])


@pytest.mark.parametrize("text", ["-1", "10001", "7.5", "1e3", "+7", "7 8", "x", "12345678901"])
def test_what_is_no_integer_within_its_limits_is_none(text: str) -> None:
    assert cast_of(text, CONTRACT.kinds["hoso"].by_name["SoThanhPhan"]) is None


def cast_of(text: str, column: Column) -> object:
    with duckdb.connect() as database:
        row = database.execute(
            f"SELECT {cast('cell', column, CONTRACT, COMMUNES)} FROM (SELECT ? AS cell)", [text]
        )
        (value,) = row.fetchone() or (None,)
    return value
