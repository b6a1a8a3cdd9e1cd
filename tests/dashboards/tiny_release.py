"""A release small enough for tests: the published tables that dashboards read, made up but steady.

Values follow from the commune's number and the day alone, so pictures and assertions do not change.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.access.roles import ALL_COMMUNES
from orchestration.home import Home
from orchestration.landing.communes import communes_of
from orchestration.superset_app.viewers import GRANTS
from orchestration.warehouse.column_dictionary import column_dictionary
from tests.dashboards import tiny_lights, tiny_pages, tiny_queues
from tests.dashboards import tiny_words as words
from tests.dashboards.contract_tables import complete

# Codes that the users file may name; invented ones follow where a test wants more communes.
COMMUNES = tuple(sorted(communes_of("38")))
VIEWERS = (
    ("xa.mot", COMMUNES[0]),
    ("xa.hai", COMMUNES[1]),
    ("trung.tam", ALL_COMMUNES),
    ("lanh.dao", ALL_COMMUNES),
    ("phan.tich", ALL_COMMUNES),
)
DATA_DATE = date(2025, 11, 21)

TABLES = """
create schema marts;
create schema meta;
create schema access;

create table marts.dim_date as
select d::date as date, isodow(d) <= 5 as is_working_day, null::varchar as holiday_name
from range($first::date, $last::date + interval 60 day, interval 1 day) as days (d);

create table marts.dim_indicator as
select *, 'Hồ sơ đạt trên tổng số hồ sơ.' as description, 'share' as unit, 'higher' as direction,
    'Ngưỡng giả định' as threshold_source, true as verified
from (values
    ('on_time_rate', 'Tỷ lệ giải quyết đúng hạn', 'Đúng hạn', 1, 0.95, 0.90, date '2025-07-01', null::date),
    ('online_rate', 'Tỷ lệ nộp trực tuyến', 'Nộp trực tuyến', 2, 0.90, 0.80, date '2025-07-01', null::date)
) as t (
    indicator_code, indicator_name, short_name, display_order, green_from, yellow_from, valid_from, valid_to
);

create table marts.province_day as
with day as (
    select date, row_number() over (order by date) as n, is_working_day,
        is_working_day and date <= $last as has_data
    from marts.dim_date
    where date between $first and $as_of
)
select date,
    case when has_data then $communes * (20 + n % 7) else 0 end::integer as received,
    case when has_data then $communes * (20 + (n + 3) % 7) else 0 end::integer as resolved,
    case when has_data then $communes // 8 else 0 end::integer as withdrawn_or_refused,
    ($communes * (60 + n % 11))::integer as open_at_end,
    ($communes * (2 + n % 3))::integer as overdue_at_end,
    case when has_data then greatest($communes - n % 5, 0) else 0 end::integer as exports_received,
    case when is_working_day then $communes else 0 end::integer as exports_expected,
    date = $as_of as is_latest
from day where $communes > 0;

create table marts.province_indicator as
with week as (
    select distinct date_trunc('week', date)::date as period_start from marts.dim_date
    where date between $first and $last and $communes > 0
),
numbered as (select period_start, row_number() over (order by period_start) as n from week),
rates as (
    select 'on_time_rate' as indicator_code, period_start, 0.91 + (n * 7 % 12) / 200.0 as value from numbered
    union all
    select 'online_rate', period_start, 0.94 + (n * 5 % 10) / 200.0 from numbered
)
select 'week' as period_type, period_start, period_start + 6 as period_end, indicator_code,
    (value * 10000)::bigint as numerator, 10000::bigint as denominator, value::double as value,
    replace(printf('%.1f', 100 * value), '.', ',') || ' %' as value_label,
    green_from::double as threshold_green, yellow_from::double as threshold_yellow,
    case when value >= green_from then 'green' when value >= yellow_from then 'yellow' else 'red' end
        as light,
    case when value >= green_from then '● Xanh' when value >= yellow_from then '▲ Vàng' else '■ Đỏ' end
        as light_label,
    (value - lag(value) over (partition by indicator_code order by period_start))::double as change,
    case when change is not null then '▲ 1,2 điểm, tốt lên' end as change_label,
    indicator_code = 'online_rate' as is_signal, 0.9::double as limit_centre, 'Xã Số 1' as moved_most,
    'Lời giải thích.' as explanation,
    period_start = max(period_start) over () as is_latest, period_start + 6 <= $last as is_complete
from rates inner join marts.dim_indicator using (indicator_code);

create table marts.field_backlog as
select field_code, field_name, (weight * $communes / 4)::integer as open_at_end,
    (weight * $communes / 40)::integer as overdue_at_end
from (values
    ('G09', 'Đất đai', 60), ('G02', 'Hộ tịch', 25), ('G01', 'Chứng thực', 14), ('G05', 'Bảo trợ xã hội', 22),
    ('G07', 'Hộ kinh doanh', 9), ('G08', 'Người có công', 7), ('G03', 'Xây dựng', 5), ('G04', 'Giảm nghèo', 2)
) as t (field_code, field_name, weight)
where $communes > 0;

create table marts.commune_overview as
with commune as (select n from range(1, $communes + 1) as communes (n)),
rates as (
    select n, 0.86 + (n * 37 % 140) / 1000.0 as on_time_rate, 0.85 + (n * 53 % 150) / 1000.0 as online_rate,
        0.90 + (n * 29 % 100) / 1000.0 as online_payment_rate,
        0.88 + (n * 41 % 120) / 1000.0 as digitised_dossier_rate,
        (n * 17 % 80) / 1000.0 as overdue_open_rate, (17 + n % 4) / 20.0 as delivery_rate
    from commune
)
select coalesce($codes[n], (90000 + n)::varchar) as commune_code,
    left(case when n % 5 = 0 then 'Phường Số ' else 'Xã Số ' end || n || $surname, 40) as commune_name,
    case when n % 5 = 0 then 'phuong' else 'xa' end as commune_type,
    date_trunc('month', $last)::date as period_start, $last as period_end,
    case n % 9 when 0 then 'missing' when 4 then 'late' when 7 then 'rejected' else 'accepted' end
        as delivery_status,
    case delivery_status when 'missing' then '■ Chưa nộp' when 'late' then '▲ Nộp muộn'
        when 'rejected' then '■ Bị trả lại' else '● Đã nhận' end as delivery_status_name,
    case delivery_status when 'accepted' then 'green' when 'late' then 'yellow' else 'red' end
        as delivery_status_light,
    strftime(period_start, '%d/%m') || '–' || strftime(period_end, '%d/%m') as period_text,
    (200 + n * 13 % 700)::integer as received, (190 + n * 13 % 700)::integer as resolved,
    (30 + n * 7 % 90)::integer as open_at_end, (n * 7 % 9)::integer as overdue_at_end,
    {rates},
    len(list_filter([{lights}], light -> light = 'red')) as red_lights,
    len(list_filter([{lights}], light -> light = 'yellow')) as yellow_lights
from rates;

create table access.commune_viewer as
select viewer.username, viewer.commune_code
from (select unnest($viewers::struct(username varchar, commune_code varchar)[]) as viewer);

create table meta.release as
select $release as release_id, $last as data_date, $as_of as as_of, null::varchar as weekly,
    $built_at::timestamp as built_at, 'abc1234' as git_commit, '1' as contract_version;
"""

# Last, so that it knows all.
DICTIONARY = """
create table meta.data_dictionary as
select schema_name, table_name, null::varchar as column_name, null::varchar as data_type,
    'Table.' as description_en, 'Bảng ' || table_name as description_vi
from duckdb_tables()
union all
select schema_name, table_name, column_name, data_type, 'Column.',
    coalesce(map($names, $meanings)[column_name], 'Cột ' || column_name)
from duckdb_columns()
where not internal;
"""

RATE = """
    case when n = 3 then null else {name}_rate end::double as {name}_rate,
    case when n = 3 then 'grey' when {better} >= {green} then 'green' when {better} >= {yellow} then 'yellow'
        else 'red' end as {name}_light,
    case {name}_light when 'green' then '● Xanh' when 'yellow' then '▲ Vàng' when 'red' then '■ Đỏ'
        else '– Chưa đủ số liệu' end as {name}_label,
    lpad(coalesce(replace(printf('%.1f%%', 100 * {name}_rate), '.', ','), ''), 6, ' ') || ' ' || {name}_label
        as {name}_text"""

RATES = {
    "on_time": ("on_time_rate", 0.95, 0.90),
    "online": ("online_rate", 0.90, 0.80),
    "online_payment": ("online_payment_rate", 0.95, 0.90),
    "digitised_dossier": ("digitised_dossier_rate", 0.95, 0.90),
    "overdue_open": ("1 - overdue_open_rate", 0.98, 0.95),
    "delivery": ("delivery_rate", 0.95, 0.90),
}


def publish(
    home: Home,
    release_id: str,
    *,
    communes: int = 166,
    days: int = 84,
    data_date: date = DATA_DATE,
    as_of: date | None = None,
    viewers: tuple[tuple[str, str], ...] = VIEWERS,
    surname: str = "",
) -> Path:
    """Write the release and point ``current`` at it, as publishing would. Returns its directory.

    ``surname`` makes the communes' names longer, up to 40 letters.
    """
    directory = home.releases / release_id
    directory.mkdir(parents=True)
    rates = ",".join(
        RATE.format(name=name, better=better, green=green, yellow=yellow)
        for name, (better, green, yellow) in RATES.items()
    )
    lights = ", ".join(f"{name}_light" for name in RATES)
    values = {
        "first": data_date - timedelta(days=days - 1),
        "last": data_date,
        "as_of": as_of or data_date,
        "communes": communes,
        "codes": list(COMMUNES),
        "viewers": [{"username": username, "commune_code": code} for username, code in viewers],
        "release": release_id,
        "surname": surname,
        "built_at": datetime.combine(data_date, datetime.min.time()).replace(hour=18, minute=21),
    }
    with duckdb.connect(str(directory / "warehouse.duckdb")) as connection:
        made_up = "".join(
            (
                TABLES.replace("{rates}", rates).replace("{lights}", lights),
                tiny_lights.TABLES,
                tiny_pages.TABLES,
                tiny_queues.TABLES,
            )
        )
        for statement in made_up.split(";"):
            used = {name: value for name, value in values.items() if f"${name}" in statement}
            connection.execute(statement, used)
        complete(connection)
        words.write(connection, as_of or data_date)
        described = column_dictionary()
        meanings = [meaning.vietnamese for meaning in described.values()]
        connection.execute(DICTIONARY, {"names": list(described), "meanings": meanings})
        (directory / "parquet").mkdir()
        connection.execute(f"copy access.commune_viewer to '{directory / 'parquet' / GRANTS}'")
    (directory / "warehouse.duckdb").chmod(0o444)
    point_current(home, release_id)
    return directory


def point_current(home: Home, release_id: str) -> None:
    """Flip the link in one step."""
    aside = home.root / "current.new"
    aside.symlink_to(Path("releases") / release_id)
    aside.replace(home.current)
