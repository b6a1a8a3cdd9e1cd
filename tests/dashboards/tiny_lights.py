"""The lights of the made-up release: periods, indicators, criteria, standings; steady as the rest of it."""

from __future__ import annotations

# Weeks up to the last day, and the month that it lies in.
TABLES = """
create table marts.dim_period as
with week as (
    select distinct date_trunc('week', date)::date as period_start from marts.dim_date
    where date between $first and $last and $communes > 0
),
spans as (
    select 'week' as period_type, 'Tuần' as period_type_name, period_start, period_start + 6 as period_end,
        strftime(period_start, '%G · Tuần %V (%d/%m–') || strftime(period_start + 6, '%d/%m)')
            as period_label
    from week
    union all
    select 'month', 'Tháng', date_trunc('month', $last)::date, last_day($last),
        strftime($last, '%Y · Tháng %m')
    where $communes > 0
)
select *, least(period_end, $last) as counted_to,
    lag(period_start) over (partition by period_type order by period_start) as previous_start,
    period_start = max(period_start) over (partition by period_type) as is_latest, is_latest as is_shown,
    period_end < $last as is_complete
from spans;

create table marts.period_indicator as
select period.period_type, period.period_type_name, period.period_start, period.period_label,
    rule.indicator_code, rule.indicator_name, rule.short_name, rule.display_order, rule.description,
    rule.unit, rule.direction, rule.threshold_source, rule.verified
from marts.dim_period as period, marts.dim_indicator as rule;

create table marts.commune_indicator as
with commune as (
    select commune_code, commune_name, row_number() over (order by commune_code) as n
    from marts.commune_overview
),
period as (
    select *, row_number() over (partition by period_type order by period_start) as p from marts.dim_period
),
told as (
    select *,
        case when n % 23 <> 3 then 1 - ((n * 37 + p * 5 + display_order * 11) % 160) / 1000.0 end as share
    from commune, period, marts.dim_indicator
),
lit as (
    select *, case when share is null then 'grey' when share >= green_from then 'green'
        when share >= yellow_from then 'yellow' else 'red' end as light
    from told
)
select commune_code, commune_name, period_type, period_start, period_end, indicator_code, indicator_name,
    (share * 1000)::bigint as numerator, case when share is not null then 1000::bigint end as denominator,
    share::double as value, replace(printf('%.1f', 100 * share), '.', ',') || ' %' as value_label,
    rtrim(value_label, ' %') as value_short_label,
    case when p > 1 then '▼ 0,5 điểm, xấu đi' end as change_label, light,
    case light when 'green' then '● Xanh' when 'yellow' then '▲ Vàng' when 'red' then '■ Đỏ'
        else '– Chưa có số liệu' end as light_label,
    case light when 'grey' then 'no_data' end as grey_reason,
    green_from as threshold_green, yellow_from as threshold_yellow,
    n % 17 = 0 as is_signal,
    'Lời giải thích của ' || indicator_name || ' ở ' || commune_name || '.' as explanation, is_latest,
    is_complete
from lit;

create table marts.commune_light as
with counted as (
    select commune_code, commune_name, period_type, period_start, period_end,
        (count(*) filter (where light = 'green'))::integer as green,
        (count(*) filter (where light = 'yellow'))::integer as yellow,
        (count(*) filter (where light = 'red'))::integer as red,
        (count(*) filter (where light = 'grey'))::integer as grey
    from marts.commune_indicator
    group by all
)
select *,
    case when green + yellow + red = 0 then 'grey' when red > 0 then 'red' when yellow > 0 then 'yellow'
        else 'green' end as light,
    case light when 'green' then '● Xanh' when 'yellow' then '▲ Vàng' when 'red' then '■ Đỏ'
        else '– Chưa xếp màu' end as light_label,
    'Lời giải thích đèn chung của ' || commune_name || '.' as explanation
from counted;

create table marts.commune_shape as
with numbered as (
    select commune_code, row_number() over (order by commune_code) - 1 as n,
        ceil(sqrt($communes))::integer as columns, 1000.0 / columns as side
    from marts.commune_overview
)
select commune_code, printf('M%.1f %.1fh%.1fv%.1fh-%.1fZ', x, y, side, side, side) as path,
    (x + side / 2)::double as label_x, (y + side / 2)::double as label_y
from (select *, side * (n % columns) as x, side * (n // columns) as y from numbered);

create table marts.commune_criterion as
select commune_code, commune_name, strftime($last, '%Y-%m') as month,
    date_trunc('month', $last)::date as month_start,
    code::varchar as criterion_code, 'Tiêu chí số ' || code as criterion_name,
    case (code * 7 + commune_code::integer) % 9 when 0 then 'red' when 1 then 'yellow' else 'green' end
        as light,
    case light when 'green' then '● Xanh' when 'yellow' then '▲ Vàng' else '■ Đỏ' end as light_label,
    false as verified
from marts.commune_overview, range(1, 17) as codes (code);

create table marts.commune_standing as
with lit as (
    select lit.*, period.period_type_name, period.period_label, lit.commune_code::integer % 3 = 0 as is_better
    from marts.commune_light as lit
    inner join marts.dim_period as period
        on lit.period_type = period.period_type and lit.period_start = period.period_start
)
select * exclude (is_better, explanation), 'Tỷ lệ giải quyết đúng hạn' as worst_indicator_name,
    '95,0 %' as on_time_label,
    (row_number() over (within_period order by red, yellow, commune_code))::integer as best_place,
    (row_number() over (within_period order by red desc, yellow desc, commune_code))::integer as worst_place,
    case when is_better then (row_number() over (
        partition by period_type, period_start, is_better order by commune_code
    ))::integer end as improved_place,
    red || ' đỏ, ' || yellow || ' vàng, ' || green || ' xanh' as lights_text,
    'Kỳ trước 2 đỏ, 0 vàng' as change_text
from lit
window within_period as (partition by period_type, period_start);

create table marts.province_summary as
select period_type, period_type_name, period_start, period_end, period_label,
    'yellow' as light, '▲ Vàng' as light_label, 'Vàng: có chỉ số trọng yếu đang vàng.' as explanation,
    'Tiếp nhận 1.000 hồ sơ.' as work_text, '2 trên 166 xã, phường đang đỏ.' as communes_text,
    'Không chỉ số nào của toàn tỉnh bị đỏ.' as red_text,
    'Chưa đủ kỳ trước để biết thay đổi nào là tín hiệu.' as signal_text, is_complete
from marts.dim_period;

create table marts.forecast_week as
with line as (
    select period_start + (7 * ahead)::integer as week_start, ahead > 0 as is_forecast, measure
    from marts.dim_period, range(0, 5) as weeks (ahead),
        (values ('received'), ('overdue')) as measures (measure)
    where period_type = 'week' and (is_latest or ahead = 0)
)
select 'province' as unit_type, measure, week_start, is_forecast,
    case when not is_forecast then 1000 + 9 * day(week_start) end::double as actual,
    case when is_forecast then 1100 end::double as expected,
    case when is_forecast then 900 end::double as low,
    case when is_forecast then 1300 end::double as high
from line;
"""
