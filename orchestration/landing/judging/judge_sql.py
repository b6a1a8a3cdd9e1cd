"""The statement that types and judges rows, generated from the contract. Builds SQL; runs nothing.

A row breaks at most one rule here: the first in written order (structure, then columns in contract order,
then rules across columns, then shapes of personal data). A cast that gave NULL for a text that is not
empty is a broken rule, so nothing turns into NULL unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from orchestration.contract import Column, ColumnType, Contract, Kind
from orchestration.landing.judging.casts import cast, is_one_of, quote, quote_name, text_of
from orchestration.landing.judging.masking import mask_sql
from orchestration.landing.judging.personal_sql import (
    CARRIERS,
    carried,
    carries_personal,
    personal_columns,
    search,
    suspicion,
)

# Stands in the place of a rule's number for a row that is no data at all.
NO_DATA = 0
STRUCTURAL_RULES = ("wrong_field_count", "broken_line")
_TYPE_RULES = {
    ColumnType.TIMESTAMP: "bad_date",
    ColumnType.INTEGER: "bad_integer",
    ColumnType.MONEY: "bad_money",
    ColumnType.FLAG: "bad_flag",
    ColumnType.CHOICE: "bad_choice",
    ColumnType.MONTH: "bad_month",
    ColumnType.CODE: "bad_code",
    ColumnType.TEXT: "too_long",
}
# The rules that a column breaks by not being there.
_OF_MISSING = ("required", "required_when_received", "unit_unknown")


@dataclass(frozen=True)
class RowRule:
    """A rule that a row of a kind can break. ``condition`` is SQL over typed and text cells."""

    number: int
    rule: str
    column: str | None
    reason: str
    condition: str


@dataclass(frozen=True)
class Judge:
    """What it takes to judge rows of one kind: a SELECT over ``{source}`` and the rules it numbers.

    The SELECT gives ``part, line``, the lake columns, ``fault`` (number of the broken rule, or NULL) and
    ``masked`` (the offending value, masked).
    """

    select: str
    rules: tuple[RowRule, ...]


def judged_columns(kind: Kind) -> list[tuple[str, str]]:
    """Name and DuckDB type of every column that a judged row has."""
    return [
        ("part", "INTEGER"),
        ("line", "INTEGER"),
        *((column.name, column.type) for column in kind.lake_columns),
        ("fault", "SMALLINT"),
        ("masked", "VARCHAR"),
    ]


def build_judge(kind: Kind, contract: Contract, communes: frozenset[str], present: Collection[str]) -> Judge:
    """The judge for sources with the columns ``present`` (exchange names).

    The source must give ``part``, ``line``, ``structure`` (NULL or a structural rule), ``province_wide``
    (whether rows must name their commune, if the kind needs one) and those columns as text.
    """
    rules = _rules(kind, contract, present)
    cells = [
        f"{_trimmed(quote_name(column.name))} AS {text_of(column)}"
        if column.name in present
        else f"CAST(NULL AS VARCHAR) AS {text_of(column)}"
        for column in kind.columns
    ]
    typed = [
        f"{_value(column, kind, contract, communes, present)} AS {quote_name(str(column.lake))}"
        if column.name in present
        else f"CAST(NULL AS {column.sql_type}) AS {quote_name(str(column.lake))}"
        for column in kind.landing
    ]
    breakable = [
        rule for rule in rules if rule.column is None or rule.column in present or rule.rule in _OF_MISSING
    ]
    faults = " ".join(f"WHEN {rule.condition} THEN {rule.number}" for rule in breakable)
    no_data = f"structure IS NULL AND {_is_no_data(kind, present)}"
    fault = f"CASE WHEN doubtful THEN CASE WHEN {no_data} THEN {NO_DATA} {faults} END END"
    shown = " ".join(
        f"WHEN {rule.number} THEN {text_of(kind.by_name[rule.column])}" for rule in rules if rule.column
    )
    lake = ", ".join(_if_sound(column) for column in kind.landing)
    select = (
        f"WITH cells AS (SELECT part, line, structure, province_wide, {', '.join(cells)} FROM {{source}}), "
        f"typed AS (SELECT *, {', '.join(typed)}, {carried(kind, present)} FROM cells), "
        f"suspected AS (SELECT *, {suspicion(kind, contract, present)} AS suspect FROM typed), "
        f"doubted AS (SELECT *, {_doubt(breakable)} AS doubtful FROM suspected), "
        f"searched AS (SELECT *, {search(kind, contract, present)} FROM doubted), "
        f"faulted AS (SELECT *, CAST({fault} AS SMALLINT) AS fault FROM searched), "
        f"shown AS (SELECT *, fault IS NULL AS sound, "
        f"CASE WHEN fault IS NOT NULL THEN CASE fault {shown} END END AS shown FROM faulted) "
        f"SELECT part, line, {lake}, fault, "
        f"CASE WHEN shown IS NOT NULL THEN {mask_sql('shown')} END AS masked FROM shown"
    )
    return Judge(select, rules)


def _doubt(rules: Collection[RowRule]) -> str:
    """Whether a row may break a rule: plain logic over whole columns, which spares nearly all rows the search
    for the first rule that they break.
    """
    plain = [rule.condition for rule in rules if rule.rule != "personal_value"]
    return f"suspect OR coalesce({' OR '.join(plain)}, false)"


def _is_no_data(kind: Kind, present: Collection[str]) -> str:
    """Whether a faulty row is none: without any cell, or the head over again, as on every printed page."""
    cells = [text_of(column) for column in kind.columns if column.name in present]
    heads = [
        f"coalesce({is_one_of(text_of(column), column.heads)}, false)"
        for column in kind.required
        if column.name in present
    ]
    blank = f"coalesce({', '.join([*cells, 'NULL'])}) IS NULL"
    return f"({blank} OR ({' AND '.join(heads or ['false'])}))"


def _if_sound(column: Column) -> str:
    """A lake column, empty in faulty rows: what is wrong with them may be that a name stands in it."""
    name = quote_name(str(column.lake))
    return name if column.rule == "commune" else f"CASE WHEN sound THEN {name} END AS {name}"


def _trimmed(cell: str) -> str:
    # Trimming costs more than anything else that is done to most cells, and hardly any needs it.
    return f"CASE WHEN {cell} < '!' OR ends_with({cell}, ' ') THEN nullif(trim({cell}), '') ELSE {cell} END"


def _rules(kind: Kind, contract: Contract, present: Collection[str]) -> tuple[RowRule, ...]:
    """Every rule of ``kind`` in judging order, numbered alike whatever is present."""
    rules: list[RowRule] = []

    def add(rule: str, column: Column | None, condition: str, **details: object) -> None:
        head = f"“{column.label}” ({column.name})" if column else ""
        reason = contract.row_rules[rule].sentence.format_map({"column": head, **details})
        rules.append(RowRule(len(rules) + 1, rule, column.name if column else None, reason, condition))

    for rule in STRUCTURAL_RULES:
        add(rule, None, f"structure = {quote(rule)}")
    for column in kind.landing:
        text, value = text_of(column), quote_name(str(column.lake))
        if column.required:
            add("required", column, f"{text} IS NULL")
        rule = "foreign_unit" if column.rule == "commune" else _TYPE_RULES[column.type]
        add(
            rule,
            column,
            f"strlen({text}) > {column.max_length} AND length({text}) > {column.max_length}"
            if column.type is ColumnType.TEXT
            else f"{text} IS NOT NULL AND {value} IS NULL",
            dates=contract.dates.describe,
            minimum=column.minimum,
            maximum=column.maximum,
            max_length=column.max_length,
            choices=", ".join(column.choices),
        )
    for column in kind.landing:
        if column.required_unless:
            other = kind.by_name[column.required_unless.column]
            status = f"coalesce(CAST({quote_name(str(other.lake))} AS VARCHAR), '')"
            exempt = is_one_of(status, column.required_unless.codes)
            add("required_when_received", column, f"{text_of(column)} IS NULL AND NOT {exempt}")
        if column.rule == "commune" and kind.commune_needed:
            add("unit_unknown", column, f"province_wide AND {text_of(column)} IS NULL")
    for column in kind.landing:
        if column.type in CARRIERS:
            add("personal_value", column, carries_personal(column, kind, present))
    return tuple(rules)


def _value(
    column: Column, kind: Kind, contract: Contract, communes: frozenset[str], present: Collection[str]
) -> str:
    """The typed cell; NULL for a text that is the row's prose or address over again."""
    value = cast(text_of(column), column, contract, communes)
    prose = [text_of(other) for other in personal_columns(kind, present, free_text=True)]
    if column.type is ColumnType.TEXT and prose:
        repeated = " OR ".join(f"{text_of(column)} = {other}" for other in prose)
        return f"CASE WHEN {repeated} THEN NULL ELSE {value} END"
    return value
