"""The generated statement: what it must not be planned as, and that rules are numbered alike everywhere."""

from __future__ import annotations

import duckdb
import pytest

from orchestration.contract import load_contract
from orchestration.landing.casts import quote_name
from orchestration.landing.judge_sql import build_judge

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
            f"province_wide BOOLEAN, {cells})"
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
    assert {rule.column for rule in judge.rules} - {None} == {column.name for column in told.landing}
