"""Statements that try to leave a release: none reads, writes or changes anything beside it.

The same hundred and more go the way of ``motcua sql`` and the way of Superset's SQL Lab.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from orchestration.dashboards.bundle import SANDBOX_CONNECT_ARGS
from orchestration.errors import MotcuaError
from orchestration.home import Home
from orchestration.release.reader import run_sql
from orchestration.spill import spill_config
from orchestration.superset_app.limits import LimitedConnection, Limits, Places

SECRET = "bi-mat-38199"

READERS = (
    *("read_text", "read_blob", "read_csv", "read_csv_auto", "sniff_csv", "read_json", "read_json_auto"),
    *(
        "read_json_objects",
        "read_json_objects_auto",
        "read_ndjson",
        "read_ndjson_auto",
        "read_ndjson_objects",
    ),
    *("read_parquet", "parquet_scan", "parquet_metadata", "parquet_schema", "parquet_file_metadata"),
    *(
        "parquet_kv_metadata",
        "parquet_bloom_probe",
        "glob",
        "read_xlsx",
        "iceberg_scan",
        "delta_scan",
        "st_read",
    ),
    *("sqlite_scan", "postgres_scan", "mysql_scan", "arrow_scan", "pandas_scan", "python_map_function"),
)
SETTINGS = (
    *("enable_external_access", "lock_configuration", "memory_limit", "threads", "temp_directory"),
    *(
        "max_temp_directory_size",
        "autoinstall_known_extensions",
        "autoload_known_extensions",
        "allow_unsigned_extensions",
    ),
    *(
        "extension_directory",
        "custom_extension_repository",
        "home_directory",
        "secret_directory",
        "log_query_path",
    ),
    *("profile_output", "enable_profiling", "search_path", "schema", "allowed_directories", "allowed_paths"),
    *("enable_logging", "logging_storage", "access_mode", "http_proxy", "file_search_path"),
)
SWITCHES = (
    *(
        "enable_logging",
        "disable_logging",
        "set_log_level",
        "truncate_duckdb_logs",
        "enable_profile",
        "query",
    ),
    *("query_table", "checkpoint", "force_checkpoint", "pragma_database_size", "pragma_storage_info"),
    *("duckdb_secrets", "which_secret", "duckdb_logs", "duckdb_log_contexts", "test_all_types", "seq_scan"),
    *("duckdb_settings", "duckdb_extensions", "duckdb_databases", "duckdb_temporary_files", "duckdb_memory"),
    *(
        "sql_auto_complete",
        "json_execute_serialized_sql",
        "from_substrait",
        "load_aws_credentials",
        "icu_calendar_names",
    ),
)


def attacks(outside: Path) -> Iterator[str]:
    """Statements; what they aim at lies in ``outside``."""
    secret = outside / "secret.csv"
    for function in READERS:
        yield f"select * from {function}('{secret}')"
        yield f"from {function.upper()}(['{outside}/*'])"
    for name in SETTINGS:
        yield f"set {name} = '{outside}'"
    for function in SWITCHES:
        yield f"call {function}('{outside}/x')"
        yield f"select * from {function}('{outside}/x')"
    for statement in (
        "select * from '{o}/secret.csv'",
        "from '{o}/secret.csv'",
        'select * from "{o}/secret.csv"',
        "with s as (select * from '{o}/secret.csv') select * from s",
        "select (select string_agg(column0, ',') from '{o}/secret.csv')",
        "copy t to '{o}/written.csv'",
        "copy t to '{o}/written.parquet' (format parquet)",
        "copy (select 1) to '{o}/written' (format csv, partition_by (i))",
        "copy t from '{o}/secret.csv'",
        "export database '{o}/written'",
        "import database '{o}'",
        "attach '{o}/other.duckdb'",
        "attach '{o}/other.duckdb' as other (type duckdb)",
        "attach ':memory:' as other",
        "detach warehouse",
        "use memory",
        "install httpfs",
        "install spatial from community",
        "force install httpfs from '{o}'",
        "load httpfs",
        "load '{o}/x.duckdb_extension'",
        "update extensions",
        "create table mine as select 1",
        "create temp table mine as select * from '{o}/secret.csv'",
        "create view mine as select 1",
        "create macro f() as 1",
        "create secret s (type s3)",
        "create persistent secret s (type http, bearer_token 'x')",
        "create schema mine",
        "create sequence s",
        "create type mood as enum ('a')",
        "insert into t values (1)",
        "update t set i = 1",
        "delete from t",
        "truncate t",
        "drop table t",
        "alter table t add column j integer",
        "merge into t using t as s on (t.i = s.i) when matched then delete",
        "comment on table t is 'x'",
        "vacuum",
        "analyze",
        "checkpoint",
        "force checkpoint",
        "begin; delete from t; commit",
        "pragma enable_profiling = 'json'",
        "pragma profiling_output = '{o}/written'",
        "pragma database_list; copy t to '{o}/written.csv'",
        "pragma import_database('{o}')",
        "prepare p as copy t to '{o}/written.csv'",
        "execute p",
        "explain analyze copy t to '{o}/written.csv'",
        "explain copy t to '{o}/written.csv'",
        "select 1; copy t to '{o}/written.csv'",
        "select 1;; set threads = 9",
        "/* */ copy /* */ t to '{o}/written.csv'",
        "-- harmless\ncopy t to '{o}/written.csv'",
        "select getenv('HOME')",
        "select current_setting('{o}')",
        "reset lock_configuration",
        "set variable x = '{o}/secret.csv'; select * from getvariable('x')",
        "select * from query('select * from read_text(''{o}/secret.csv'')')",
        "select * from query_table('{o}/secret.csv')",
        "pivot '{o}/secret.csv' on column0",
        "summarize '{o}/secret.csv'",
        "describe select * from '{o}/secret.csv'",
        "show all tables from '{o}'",
        "select unnest(list_transform(['{o}/secret.csv'], lambda x: read_text(x)))",
        "select * from t, lateral (select * from read_text('{o}/secret.csv'))",
        "",
        ";",
        "not a statement",
    ):
        yield statement.replace("{o}", str(outside))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("statements") / "home")
    home.prepare()
    (home.releases / "r1").mkdir()
    with duckdb.connect(home.releases / "r1" / "warehouse.duckdb") as database:
        database.execute("create table t as select range as i from range(10)")
    home.current.symlink_to("releases/r1")
    return home


def superset_way(home: Home, statement: str) -> str:
    """As SQL Lab runs it: sandboxed, guarded, limited."""
    config = {**SANDBOX_CONNECT_ARGS["config"], **spill_config(home, "test", "100MB")}
    raw = duckdb.connect(home.superset / "warehouse.duckdb", read_only=True, config=config)
    connection = LimitedConnection(raw, Limits(20), Places(home.superset / "places", 1))
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return str(cursor.fetchall())
    except (MotcuaError, duckdb.Error) as error:
        return f"refused: {error}"
    finally:
        connection.close()


def command_way(home: Home, statement: str) -> str:
    try:
        return str(run_sql(home, statement).rows)
    except MotcuaError as error:
        return f"refused: {error}"


def state(place: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in place.rglob("*")
        if path.is_file() and "places" not in str(path)
    }


def test_no_statement_leaves_the_release(home: Home, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(f"column0\n{SECRET}\n", encoding="utf-8")
    with duckdb.connect(home.superset / "warehouse.duckdb") as database:
        database.execute("create or replace table t as select range as i from range(10)")
    statements = list(attacks(tmp_path))
    assert len(set(statements)) >= 150
    before, outside = state(home.root), state(tmp_path)
    for statement in statements:
        for way in (command_way, superset_way):
            said = way(home, statement)
            assert SECRET not in said, (way.__name__, statement)
            assert state(tmp_path) == outside, (way.__name__, statement)
    assert state(home.root) == before
    # And what is asked of the release itself is answered.
    assert (
        command_way(home, "select count(*) from t")
        == superset_way(home, "select count(*) from t")
        == "[(10,)]"
    )
