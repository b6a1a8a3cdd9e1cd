"""The statement that types and judges rows, generated from the contract. Builds SQL; runs nothing.

A row breaks at most one rule here: the first in written order (structure, then columns in contract order,
then rules across columns, then shapes of personal data). A cast that gave NULL for a text that is not
empty is a broken rule, so nothing turns into NULL unseen.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from orchestration.contract import TWIN, Column, ColumnType, Contract, Kind
from orchestration.landing.files import GARBLED, describe
from orchestration.landing.judging.casts import cast, is_number_code, no_default, text_of
from orchestration.landing.judging.personal_sql import (
    CARRIERS,
    carried,
    carries_personal,
    personal_columns,
    search,
    suspicion,
)
from orchestration.landing.masking import mask_sql
from orchestration.sql_text import is_one_of, quote, quote_name

# Stand in the place of a rule's number for a row that is no data at all: it is blank, the head over again, or
# a note (a signature, the name of a group) between or below the rows of a table.
BLANK, HEAD_AGAIN, NOTE = 0, -1, -2
STRUCTURAL_RULES = ("wrong_field_count", "broken_line")
# Structural rules of one cell; ``structure`` names the column behind the rule, its text is what is shown.
CELL_RULES = ("error_cell", "uncalculated")
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


# Dates of a daily export lie so near to it; and so many different ones do not by chance.
_ABOUT_DAYS, _FEWEST_DAYS = 31, 3
# A number that is this long is one, whatever else its row lacks; a shorter one may be a count of rows.
_NUMBER_LENGTH = 6
# A note has this many cells at most: what signs a list has a place for each of three or four officers.
_NOTE_CELLS = 4


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

    def number_of(self, rule: str, column: Column) -> int:
        """The number of a rule of a column."""
        return next(each.number for each in self.rules if (each.rule, each.column) == (rule, column.name))


def judged_columns(kind: Kind) -> list[tuple[str, str]]:
    """Name and DuckDB type of every column that a judged row has."""
    return [
        ("part", "INTEGER"),
        ("line", "INTEGER"),
        *((column.name, column.type) for column in kind.lake_columns),
        ("emptied", "VARCHAR"),
        ("swapped_dates", "VARCHAR"),
        ("fault", "SMALLINT"),
        ("masked", "VARCHAR"),
    ]


def build_judge(kind: Kind, contract: Contract, communes: frozenset[str], present: Collection[str]) -> Judge:
    """The judge for sources with the columns ``present`` (exchange names).

    The source must give ``part``, ``line``, ``structure`` (NULL or a structural rule), ``swapped`` (NULL or
    names of columns whose dates may have day and month swapped), ``province_wide``
    (whether rows must name their commune, if the kind needs one), ``of_table`` (whether rows are lines of a
    table, which may hold notes, and not objects) and those columns as text.
    """
    rules = _rules(kind, contract, present)
    cells = [
        f"{_together(column, contract, present)} AS {text_of(column)}"
        if column.name in present
        else f"CAST(NULL AS VARCHAR) AS {text_of(column)}"
        for column in kind.columns
    ]
    twins = [(name, kind.column(name)) for name in sorted(present) if TWIN in name]
    cells += [f"{_cell(name, column, contract)} AS {quote_name(f'{name} text')}" for name, column in twins]
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
    fault = f"CASE WHEN doubtful THEN CASE {_no_data(kind, present)} {faults} END END"
    shown = " ".join(
        f"WHEN {rule.number} THEN {text_of(kind.by_name[rule.column])}" for rule in rules if rule.column
    )
    lake = ", ".join(_if_sound(column) for column in kind.landing)
    select = (
        f"WITH cells AS (SELECT part, line, structure, swapped, province_wide, of_table, "
        f"{', '.join(cells)} "
        f"FROM {{source}}), "
        f"typed AS (SELECT *, {', '.join(typed)}, {carried(kind, present)} FROM cells), "
        f"emptying AS (SELECT *, {_emptied(kind, present)} AS emptied FROM typed), "
        f"suspected AS (SELECT *, {suspicion(kind, contract, present)} AS suspect FROM emptying), "
        f"doubted AS (SELECT *, {_doubt(breakable)} AS doubtful FROM suspected), "
        f"searched AS (SELECT *, {search(kind, contract, present)} FROM doubted), "
        f"faulted AS (SELECT *, CAST({fault} AS SMALLINT) AS fault FROM searched), "
        f"shown AS (SELECT *, fault IS NULL AS sound, "
        f"CASE WHEN fault IS NOT NULL THEN CASE fault {shown} END END AS shown FROM faulted) "
        f"SELECT part, line, {lake}, CASE WHEN sound THEN emptied END AS emptied, "
        f"CASE WHEN sound THEN swapped END AS swapped_dates, fault, "
        f"CASE WHEN shown IS NULL THEN NULL WHEN structure IS NOT NULL THEN shown "
        f"ELSE {mask_sql('shown')} END AS masked FROM shown"
    )
    return Judge(select, rules)


def swapped_parts_sql(table: str, column: Column, parts: Collection[int], export_date: date) -> str:
    """The query for those of ``parts``, no day of which is after the twelfth, whose dates in ``column`` have
    day and month swapped by all that they tell: no more than half of them lie within a month of the export,
    swapped all do.
    """
    moment = quote_name(str(column.lake))
    day = f"CAST({moment} AS DATE)"
    swapped = f"make_date(year({moment}), day({moment}), month({moment}))"
    exported = f"DATE '{export_date.isoformat()}'"
    about = f"{exported} - {_ABOUT_DAYS} AND {exported} + {_ABOUT_DAYS}"
    return (
        f"SELECT part FROM {table} WHERE part IN ({', '.join(map(str, parts))}) AND {moment} IS NOT NULL "
        f"GROUP BY part HAVING 2 * count_if({day} BETWEEN {about}) <= count(*) "
        f"AND bool_and({swapped} BETWEEN {about}) AND count(DISTINCT {day}) >= {_FEWEST_DAYS}"
    )


def mark_swapped_sql(table: str, column: Column, part: int) -> str:
    """The statement that marks the dates of ``column`` in ``part``."""
    name, moment = quote(column.name), quote_name(str(column.lake))
    return (
        f"UPDATE {table} SET swapped_dates = concat_ws(' ', swapped_dates, {name}) WHERE part = {part} "
        f"AND {moment} IS NOT NULL AND NOT contains(coalesce(swapped_dates, ''), {name})"
    )


def _doubt(rules: Collection[RowRule]) -> str:
    """Whether a row may break a rule: plain logic over whole columns, which spares nearly all rows the search
    for the first rule that they break.
    """
    # Of a number in the place of a code it is seen that it is no code.
    apart = {"personal_value", "number_code", *STRUCTURAL_RULES, *CELL_RULES}
    plain = ["structure IS NOT NULL", *(rule.condition for rule in rules if rule.rule not in apart)]
    return f"suspect OR coalesce({' OR '.join(plain)}, false)"


def _no_data(kind: Kind, present: Collection[str]) -> str:
    """Branches for a faulty row that is none: without any cell, the head over again, as on every printed
    page, or a note.
    """
    cells = [text_of(column) for column in kind.columns if column.name in present]
    heads = [
        f"coalesce({is_one_of(text_of(column), column.heads)}, false)"
        for column in kind.required
        if column.name in present
    ]
    blank = f"coalesce({', '.join([*cells, 'NULL'])}) IS NULL"
    return (
        f"WHEN structure IS NULL AND {blank} THEN {BLANK} "
        f"WHEN structure IS NULL AND {' AND '.join(heads or ['false'])} THEN {HEAD_AGAIN} "
        f"WHEN of_table AND coalesce(structure = 'wrong_field_count', true) AND {_is_note(kind, present)} "
        f"THEN {NOTE}"
    )


def _is_note(kind: Kind, present: Collection[str]) -> str:
    """Whether a line of a table is words between or below its rows: hardly any of its cells says what its
    column says, and it is not filled like a row.

    A row that lacks much is still one if it has a number, or two cells of their types.
    """
    there = [column for column in kind.columns if column.name in present]
    cells = [text_of(column) for column in there]
    values = [
        quote_name(str(column.lake))
        for column in there
        if column.lake is not None and column.type is not ColumnType.TEXT
    ]
    key = kind.required[0]
    value = quote_name(str(key.lake))
    numbered = (
        f"({value} IS NOT NULL AND NOT contains({value}, ' ') AND strlen({value}) >= {_NUMBER_LENGTH})"
        if key.name in present
        else "false"
    )
    filled = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells) or "0"
    told = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in values) or "0"
    digits = rf"regexp_matches(concat({', '.join([*cells, quote('')])}), '\d')"
    return (
        f"(NOT {numbered} AND {told} < 2 AND {filled} <= {_NOTE_CELLS} "
        f"AND (2 * ({filled}) <= {len(cells)} OR NOT {digits}))"
    )


def _if_sound(column: Column) -> str:
    """A lake column, empty in faulty rows: what is wrong with them may be that a name stands in it."""
    name = quote_name(str(column.lake))
    return name if column.rule == "commune" else f"CASE WHEN sound THEN {name} END AS {name}"


def _emptied(kind: Kind, present: Collection[str]) -> str:
    """Which minor columns of a row lose their value: it is none of its type, or two heads of the column say
    different things. Exchange names, parted by commas; NULL if none does.
    """
    told: list[tuple[str, str]] = []
    for column in kind.landing:
        if column.minor and column.name in present:
            reasons = [_is_of_no_type(column), *_disputes(column, present)]
            told.append((column.name, f"coalesce({' OR '.join(reasons)}, false)"))
    if not told:
        return "CAST(NULL AS VARCHAR)"
    named = ", ".join(f"CASE WHEN {condition} THEN {quote(name)} END" for name, condition in told)
    return f"CASE WHEN {' OR '.join(condition for _, condition in told)} THEN concat_ws(',', {named}) END"


def _together(column: Column, contract: Contract, present: Collection[str]) -> str:
    """The text of a cell, or of the first further head of its column that says something."""
    cells = [_cell(name, column, contract) for name in (column.name, *_twins(column, present))]
    return f"coalesce({', '.join(cells)})" if len(cells) > 1 else cells[0]


def _twins(column: Column, present: Collection[str]) -> list[str]:
    return [name for name in sorted(present) if TWIN in name and name.partition(TWIN)[0] == column.name]


def _disputes(column: Column, present: Collection[str]) -> list[str]:
    """Conditions under which a further head of ``column`` says something else."""
    return [f"{text_of(column)} <> {quote_name(f'{name} text')}" for name in _twins(column, present)]


def _is_of_no_type(column: Column) -> str:
    """Condition under which a cell says something that its column cannot hold."""
    text, value = text_of(column), quote_name(str(column.lake))
    if column.type is not ColumnType.TEXT:
        return f"{text} IS NOT NULL AND {value} IS NULL"
    too_long = f"strlen({text}) > {column.max_length} AND length({text}) > {column.max_length}"
    return f"{too_long} OR {text} = {quote(GARBLED)}"


def _cell(name: str, column: Column, contract: Contract) -> str:
    """The text of a cell; none of a date that stands for no date."""
    cell = _trimmed(quote_name(name))
    return no_default(f"({cell})", contract) if column.type is ColumnType.TIMESTAMP else cell


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
        for rule in CELL_RULES:
            add(rule, column, f"structure = {quote(f'{rule} {column.name}')}")
    for column in kind.landing:
        text = text_of(column)
        if column.required:
            add("required", column, f"{text} IS NULL")
        if column.rule is not None and contract.codes[column.rule].as_number is not None:
            number = is_number_code(text, contract.codes[column.rule])
            add("number_code", column, f"{quote_name(str(column.lake))} IS NULL AND {number}")
        rule = "foreign_unit" if column.rule == "commune" else _TYPE_RULES[column.type]
        if column.minor:
            continue
        if column.type is ColumnType.TEXT:
            add("garbled", column, f"{text} = {quote(GARBLED)}")
        add(
            rule,
            column,
            _is_of_no_type(column),
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
    if kind.either:
        empty = " AND ".join(f"{text_of(kind.by_name[name])} IS NULL" for name in kind.either)
        add("none_of_these", None, empty, columns=describe(contract, kind.code, kind.either))
    for column in kind.landing:
        if column.type in CARRIERS:
            add("personal_value", column, carries_personal(column, kind, present))
    return tuple(rules)


def _value(
    column: Column, kind: Kind, contract: Contract, communes: frozenset[str], present: Collection[str]
) -> str:
    """The typed cell; NULL for a text that is the row's prose or address over again."""
    value = cast(text_of(column), column, contract, communes)
    disputes = _disputes(column, present) if column.minor else []
    if disputes:
        value = f"CASE WHEN coalesce({' OR '.join(disputes)}, false) THEN NULL ELSE {value} END"
    prose = [text_of(other) for other in personal_columns(kind, present, free_text=True)]
    if column.type is ColumnType.TEXT and prose:
        repeated = " OR ".join(f"{text_of(column)} = {other}" for other in prose)
        return f"CASE WHEN {repeated} THEN NULL ELSE {value} END"
    return value
