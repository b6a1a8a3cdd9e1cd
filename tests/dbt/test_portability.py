"""What ties the warehouse to DuckDB: sqlglot reads its models as DuckDB and as another engine, Spark."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import sqlglot
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.nodes import Macro
from sqlglot import exp
from sqlglot.tokens import TokenType

from tests.support.dbt import run
from tests.support.lake import Lake

NOW = datetime(2025, 12, 3, 18)
ENGINE = "macros/engine"

# What DuckDB reads and Spark reads otherwise or not at all, and why it stays.
NOT_PORTABLE = {
    "strftime": "dispatched: formatted, iso_week",
    "isodow": "dispatched: iso_weekday",
    "range": "dispatched: each_day",
    "unnest": "dispatched: each_day",
    "format": "dispatched: vietnamese_number",
    "read_parquet": "dispatched: parquet_files",
    "date_diff": "dispatched by dbt: days_between, epoch_seconds",
    "string_agg": "dispatched by dbt: listed",
    "generate_series": "dispatched by dbt: day_series",
    "substr": "Spark has it; sqlglot writes it substring",
    "percentile_cont": "Spark has it; sqlglot writes it percentile",
    "date_trunc": "of a date it is a date in DuckDB and a timestamp in Spark: cast where it is kept",
    "null order": "nulls come last in DuckDB, first in Spark: to be looked at once there is a second engine",
    "concat": "passes over nulls in DuckDB: the score's sentences name only what is known",
    "type TIMESTAMPNTZ": "Spark's timestamp has a zone; its session is to be in Asia/Ho_Chi_Minh",
    "quoted left": "published name; the model quotes it by the adapter, the contract by `quote`",
}
# Spark's own functions that sqlglot does not know to be Spark's.
OF_SPARK = {"format_number", "weekday"}
# Published functions are macros of DuckDB; another engine has its own kind.
WORDS = {
    *("count_change", "unit_short_name", "vietnamese_day", "vietnamese_day_month", "vietnamese_moment"),
    *("vietnamese_month", "vietnamese_number", "vietnamese_weekday"),
}
FUNCTIONS = {
    "table_function": {"indicator_between", "report_ii06"},
    "scalar_function": {"score_points", *WORDS},
}

# Clauses that Spark does not have, although sqlglot reads them as Spark.
OF_DUCKDB = (exp.Qualify, exp.Comprehension, exp.Slice, exp.Pivot, exp.TableSample)


def not_portable(sql: str) -> set[str]:
    """What of ``sql``, written for DuckDB, is said otherwise to Spark, or means something else to it."""
    try:
        other = sqlglot.parse_one(sql, read="spark")
    except sqlglot.ParseError as refused:
        return {f"refused: {refused.errors[0]['description']}"}
    duckdb = sqlglot.parse_one(sql, read="duckdb")
    written = duckdb.sql("spark", unsupported_level=sqlglot.ErrorLevel.IGNORE)
    found = functions(sql, "duckdb") - functions(written, "spark")
    found |= unknown_functions(other)
    found |= set(other_meanings(duckdb, other))
    found |= {type(clause).__name__ for clause in duckdb.find_all(*OF_DUCKDB)}
    found |= {"type TIME" for kind in duckdb.find_all(exp.DataType) if kind.is_type(exp.DataType.Type.TIME)}
    found |= {
        f"quoted {name.name}"
        for name in duckdb.find_all(exp.Identifier)
        if name.quoted and not isinstance(name.parent, exp.Table)
    }
    return found


def functions(sql: str, dialect: str) -> set[str]:
    """The words of ``sql`` that a bracket follows, but for names of relations (``name (column, …)``)."""
    tokens = sqlglot.tokenize(sql, read=dialect)
    return {
        word.text.lower()
        for before, word, bracket in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if bracket.token_type is TokenType.L_PAREN
        and word.text.isidentifier()
        and before.token_type is not TokenType.ALIAS
        and word.text.lower() not in _BEFORE_BRACKETS
    }


def unknown_functions(tree: exp.Expression) -> set[str]:
    """Functions that the engine, as which ``tree`` was read, does not have as far as sqlglot knows."""
    return {call.name.lower() for call in tree.find_all(exp.Anonymous)}


def other_meanings(one: exp.Expression, other: exp.Expression) -> Iterator[str]:
    """Where two readings of the same words differ, but for functions that one of them does not know."""
    if isinstance(one, exp.DateDiff) or isinstance(other, exp.Anonymous):
        return
    # To Spark a cast is a try, unless in ANSI mode, the default since Spark 4.
    same_kind = type(one) is type(other) or (isinstance(one, exp.Cast) and isinstance(other, exp.Cast))
    if not same_kind or _own(one) != _own(other):
        yield _NAMES.get(
            type(one), f"type {one.sql()}" if isinstance(one, exp.DataType) else type(one).__name__
        )
    if not same_kind:
        return
    for child, twin in zip(one.iter_expressions(), other.iter_expressions(), strict=False):
        yield from other_meanings(child, twin)


# Words of SQL itself.
_BEFORE_BRACKETS = {"and", "as", "exists", "from", "group", "in", "join", "not", "or", "over"}
_NAMES: dict[type[exp.Expression], str] = {
    exp.Ordered: "null order",
    exp.Concat: "concat",
    exp.DateTrunc: "date_trunc",
    exp.Explode: "unnest",
}


def _own(tree: exp.Expression) -> dict[str, object]:
    """What a node says beside its children."""
    return {
        key: value
        for key, value in tree.args.items()
        if value and not isinstance(value, exp.Expression | list)
    }


@pytest.fixture(scope="module")
def lake(manifest: Manifest, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """An empty lake with the seeds in its warehouse: some models ask them while they are compiled."""
    lake = Lake(tmp_path_factory.mktemp("portable"))
    assert run(manifest, lake, NOW, "seed").failures == {}
    return lake


def compiled(manifest: Manifest, lake: Lake) -> dict[str, str]:
    """The models' SQL."""
    assert run(manifest, lake, NOW, "compile").failures == {}
    models = lake.home / "warehouse" / "target" / "compiled" / "motcua" / "models"
    return {path.stem: path.read_text(encoding="utf-8") for path in models.rglob("*.sql") if path.is_file()}


def names_of(macros: list[Macro], prefix: str) -> set[str]:
    """The macros' names behind ``prefix``."""
    return {macro.name.removeprefix(prefix) for macro in macros if macro.name.startswith(prefix)}


def test_what_spark_reads_otherwise_is_listed(manifest: Manifest, lake: Lake) -> None:
    found = {kind for sql in compiled(manifest, lake).values() for kind in not_portable(sql)}
    assert found == set(NOT_PORTABLE)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("select x from t qualify row_number() over (order by x) = 1", "Qualify"),
        ("select cast(x as time) from t", "type TIME"),
        ('select x as "left" from t', "quoted left"),
        ("select list_transform(x, y -> y + 1) from t", "list_transform"),
        ("select epoch(x) from t", "epoch"),
        ("select * exclude (x) from t", "exclude"),
    ],
)
def test_what_is_not_portable_is_found(sql: str, kind: str) -> None:
    assert any(found.startswith(kind) for found in not_portable(sql)), not_portable(sql)


def test_spark_reads_what_its_macros_write(manifest: Manifest, lake: Lake) -> None:
    other = manifest.deepcopy()
    for name in [name for name in other.macros if name.startswith("macro.motcua.duckdb__")]:
        del other.macros[name]
    trees = {model: sqlglot.parse_one(sql, read="spark") for model, sql in compiled(other, lake).items()}
    assert len(trees) > 100
    assert {name for tree in trees.values() for name in unknown_functions(tree)} == OF_SPARK


def test_engines_differ_in_one_folder_each_macro_with_its_twin(manifest: Manifest) -> None:
    dispatched = [
        macro
        for macro in manifest.macros.values()
        if macro.package_name == "motcua" and macro.name.startswith(("duckdb__", "default__"))
    ]
    assert {str(Path(macro.original_file_path).parent) for macro in dispatched} == {ENGINE}
    assert names_of(dispatched, "duckdb__") == names_of(dispatched, "default__") != set()


def test_only_published_functions_are_no_tables_or_views(manifest: Manifest) -> None:
    found: dict[str, set[str]] = {}
    for node in manifest.nodes.values():
        if node.resource_type == "model" and node.config.materialized not in ("view", "table", "incremental"):
            found.setdefault(node.config.materialized, set()).add(node.name)
    assert found == FUNCTIONS
