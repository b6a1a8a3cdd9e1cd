"""The queues of the made-up release: two branches and a commune at work; steady as the rest of it."""

from __future__ import annotations

# Numbers rise with the week, so that the first branch is in alarm in the newest one.
TABLES = """
create table marts.bottleneck_week as
with queue as (
    from (values
        ('vpdk', 'Chi nhánh đất đai xử lý', 'vpdk', 'VPDK-01', 'Chi nhánh Số 1', 'VPDK-01', 1),
        ('vpdk', 'Chi nhánh đất đai xử lý', 'vpdk', 'VPDK-02', 'Chi nhánh Số 2', 'VPDK-02', 2),
        ('tham_dinh', 'Thẩm định', 'xa', $codes[1], 'Xã Số 1', null, 3)
    ) as t (stage, stage_name, unit_type, unit_code, unit_name, branch_code, rank)
    where $communes > 0
),
week as (
    select period_start as week_start, period_end as week_end, is_latest,
        row_number() over (order by period_start) as w
    from marts.dim_period where period_type = 'week'
)
select queue.* replace (queue.rank::bigint as rank), strftime(week_start, '%G-W%V') as week, week_start,
    week_end, is_latest, (20 * (4 - rank) + w * 2)::bigint as waiting_at_end,
    (5 * (4 - rank))::bigint as over_limit_at_end, (3 - rank)::bigint as growth,
    (1.5 * (4 - rank))::double as weeks_to_clear, (1000.0 / rank)::double as hours_lost,
    rank = 1 and is_latest as is_alarm, rank = 1 and is_latest as is_new_alarm,
    null::varchar as no_figure_reason,
    unit_name || ': hàng chờ ở khâu ' || stage_name || '.' as explanation
from queue, week;

create table marts.stage_queue_week as
select stage, stage_name, unit_name, case when branch_code is not null then unit_name end as branch_name,
    case when branch_code is null then unit_name end as commune_name, week_start, 40::bigint as entered,
    38::bigint as "left", waiting_at_end, over_limit_at_end, 1.6::double as median_working_days,
    5::double as p90_working_days, 0.12::double as late_share, weeks_to_clear
from marts.bottleneck_week;

create table marts.land_backlog_day as
with commune as (
    select commune_code, commune_name, row_number() over (order by commune_code) as n
    from marts.commune_overview
)
select commune_code, commune_name, 'VPDK-0' || (1 + n % 2) as branch_code,
    'Chi nhánh Số ' || (1 + n % 2) as branch_name, stage.stage_name as stage,
    stage.stage_name, date, (10 + n % 4)::bigint as open, (n % 3)::bigint as overdue, 5::bigint as age_0_5,
    3::bigint as age_6_10, 1::bigint as age_11_20, (1 + n % 4)::bigint as age_over_20,
    date = $last as is_latest
from commune, (values ('Chi nhánh đất đai xử lý'), ('Cơ quan thuế')) as stage (stage_name), marts.dim_date
where date between $first and $last;

create table marts.dossier_at_risk as
select 'H56.' || commune_code || '-251110-0001' as dossier_code, commune_code, commune_name,
    'Đăng ký biến động đất đai' as procedure_name, 'Đất đai' as field_name,
    'Chi nhánh đất đai xử lý' as stage_name, 'Chi nhánh Số 1' as resolving_unit,
    $last + interval 40 hour as due_at, 1::double as working_days_to_end_of_due_day,
    0.83::double as risk, 'red' as light,
    'Nguy cơ cao' as risk_name, true as is_listed, false as is_overdue, false as is_paused,
    'Hồ sơ giống nó thường cần thêm 3 ngày làm việc.' as reason, 'Chuyển khâu trong hôm nay.' as rescue
from marts.commune_overview;

create table marts.lead_time_month as
select 'field' as dimension, field_name as member_name, strftime($last, '%Y-%m') as month,
    open_at_end::bigint as resolved, 12.5::double as resolved_per_working_day, 1::double as p50_working_days,
    5::double as p85_working_days, 10::double as p95_working_days, null::varchar as no_figure_reason,
    true as is_latest
from marts.field_backlog;

create table marts.flow_cumulative_day as
select 'province' as dimension, date, sum(received) over (order by date)::bigint as arrivals_so_far,
    sum(resolved) over (order by date)::bigint as departures_so_far
from marts.province_day;

create table marts.text_to_map as
select 'stage_text' as seed, 'Chờ lãnh đạo cho ý kiến' as text, 'xa' as unit_type, 12::bigint as steps,
    9::bigint as dossiers, 3::bigint as communes, $last as last_seen_on
where $communes > 0;
"""
