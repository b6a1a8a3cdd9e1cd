"""The dossiers, deliveries, scores and runs of the made-up release. As steady as the rest of it."""

from __future__ import annotations

TABLES = """
create table marts.dim_commune as
select commune_code, commune_name, commune_type, true as is_current from marts.commune_overview;

create table marts.commune_period as
select unit.commune_code, unit.commune_name, period.period_type, period.period_type_name, period.period_start,
    period.period_end, period.period_label,
    unit.received::bigint as received, unit.resolved::bigint as resolved,
    (unit.resolved // 20)::bigint as resolved_late, 3::bigint as withdrawn_or_refused,
    unit.open_at_end::bigint as open_at_end, unit.overdue_at_end::bigint as overdue_at_end,
    2::bigint as paused_at_end, (unit.received - 10)::bigint as received_before,
    unit.resolved::bigint as resolved_before, (unit.open_at_end + 4)::bigint as open_before,
    null::bigint as overdue_before, period.is_latest, period.is_complete, period.is_shown
from marts.commune_overview as unit, marts.dim_period as period;

create table marts.commune_day as
select unit.commune_code, unit.commune_name, day.date, unit.open_at_end::bigint as open_at_end,
    unit.overdue_at_end::bigint as overdue_at_end
from marts.commune_overview as unit, marts.dim_date as day
where day.date between $last::date - 20 and $last;

create table marts.indicator_spread as
select period_type, period_start, indicator_code, count(*)::integer as communes,
    quantile_cont(value, 0.1) as p10, quantile_cont(value, 0.25) as p25, quantile_cont(value, 0.5) as p50,
    quantile_cont(value, 0.75) as p75, quantile_cont(value, 0.9) as p90,
    replace(printf('%.1f', 100 * p50), '.', ',') || ' %' as p50_label
from marts.commune_indicator
where light <> 'grey'
group by all
having count(*) >= 5;

create table marts.dossier_to_watch as
select 'H56.' || unit.commune_code || '-251101-' || lpad(n::varchar, 4, '0') as dossier_code,
    unit.commune_code,
    unit.commune_name, '1.000' || n as procedure_code, 'Đăng ký khai sinh' as procedure_name,
    'Hộ tịch' as field_name, false as is_land, 'UBND ' || unit.commune_name as resolving_unit,
    $last::date - 10 as received_on, $last::date - 3 + n::integer as due_on, null::date as closed_on,
    (3 - n)::integer as working_days_late,
    case when n < 3 then 'overdue' when n < 5 then 'due_soon' else 'in_time' end as watch_code,
    case when n < 3 then '■ Quá hạn' when n < 5 then '▲ Sắp đến hạn' else '● Trong hạn' end as watch_name,
    case when n < 3 then 'red' when n < 5 then 'yellow' else 'green' end as light,
    case when n < 3 then 1 when n < 5 then 2 else 4 end as watch_order,
    'Thẩm định, xác minh hồ sơ' as waits_at,
    0 as times_supplemented, false as due_moved, $last as last_seen_on
from marts.commune_overview as unit, range(1, 8) as dossiers (n);

create table marts.delivery as
with sent as (
    select unit.commune_code, kind, day.date as export_date,
        case when day.date = $last then unit.delivery_status
            when (unit.commune_code::integer + day.date::date - date '2025-01-01') % 23 = 0 then 'late'
            else 'accepted' end as status
    from marts.commune_overview as unit, marts.dim_date as day, (values ('hoso'), ('phananh')) as kinds (kind)
    where day.date between $last::date - 30 and $last and day.is_working_day
)
select *, status in ('accepted', 'accepted_with_rejects') as is_on_time, kind = 'hoso' as is_expected,
    case status when 'accepted' then '● Đã nhận' when 'late' then '▲ Nộp muộn'
        when 'rejected' then '■ Bị trả lại' else '■ Chưa nộp' end as status_name,
    case status when 'accepted' then 'green' when 'late' then 'yellow' else 'red' end as light,
    case when status <> 'missing' then export_date + interval 17 hour end as arrived_at,
    case when status <> 'missing' then kind || '_' || commune_code || '.csv' end as file_name,
    case when status = 'missing' then 0 else 40 end::bigint as rows_read, 40::bigint as rows_accepted,
    0::bigint as rows_rejected,
    case status when 'rejected' then 'Tệp thiếu cột Mã hồ sơ. Hãy xuất lại đủ cột.' end as reason
from sent;

create table marts.rejected_row as
select commune_code, 'hoso' as kind, $last as export_date, 'hoso_' || commune_code || '.csv' as file_name,
    7 as line, 'NgayTiepNhan' as column_name, 'bad_date' as rule, 'Ngày không hợp lệ. Hãy sửa.' as reason,
    '31/02/2025' as value_masked
from marts.commune_overview;

create table marts.flagged_row as
select dossier_code, commune_code, $last as export_date, 'empty_channel' as flag from marts.dossier_to_watch;

create table marts.commune_score as
with scored as (
    select unit.commune_code, unit.commune_name, period.period_type, period.period_start, period.period_end,
        '766-2026' as profile_code, unit.commune_code = $codes[3] as is_silent,
        period.is_latest, period.is_complete,
        (40 + unit.commune_code::integer * 7 % 160 / 10.0)::double as points
    from marts.commune_overview as unit, marts.dim_period as period
    where period.period_type = 'month'
)
select * exclude (points, is_silent), case when not is_silent then points end as score_total,
    case when not is_silent
        then rank() over (partition by is_silent order by points desc) end::integer as rank,
    (commune_code::integer % 7 - 3)::integer as rank_change, 'Trung bình' as band_name,
    18.0::double as score_timeliness, 6.0::double as score_online, 5.0::double as score_payment,
    8.0::double as score_digitisation, 15.0::double as score_satisfaction, null::double as score_transparency,
    '4.1' as points_lost_most, 'Cấp kết quả giải quyết điện tử' as points_lost_most_name,
    2.5::double as points_lost_most_points, 36.0::double as points_unknown
from scored;

create table marts.commune_score_group as
select score.commune_code, score.commune_name, score.period_type, score.period_start, score.profile_code,
    'digitisation' as group_code, 'Số hóa hồ sơ' as group_name, score.score_total / 5 as points,
    22.0::double as max_points, 3.5::double as points_lost, 8.0::double as points_unknown,
    'e-copy, 4.4' as unknown_indicators, false as is_inherited, score.rank, 5 as group_order
from marts.commune_score as score;

create table marts.commune_score_indicator as
select score.commune_code, score.commune_name, score.period_type, score.period_start, score.profile_code,
    'Số hóa hồ sơ' as group_name, '4.1' as indicator_code, 'Cấp kết quả giải quyết điện tử' as indicator_name,
    60.0::double as numerator, 100.0::double as denominator, 6.0::double as max_points, 3.5::double as points,
    2.5::double as points_lost, 'computed' as basis, false as is_inherited
from marts.commune_score as score
where score.score_total is not null;

create table marts.score_spread as
select period_type, period_start, profile_code, 'total' as group_code,
    count(score_total)::integer as communes,
    quantile_cont(score_total, 0.1) as p10, quantile_cont(score_total, 0.25) as p25,
    quantile_cont(score_total, 0.5) as p50, quantile_cont(score_total, 0.75) as p75,
    quantile_cont(score_total, 0.9) as p90
from marts.commune_score
group by all;

create table marts.dim_score_indicator as
select '766-2026' as profile_code, 'Số hóa hồ sơ' as group_name, '4.1' as indicator_code,
    'Cấp kết quả giải quyết điện tử' as indicator_name, 6.0::double as max_points, true as is_computed,
    false as is_inherited, 1.0::double as full_from, true as verified, 5 as group_order, 1 as display_order,
    null::date as valid_to;

create table meta.check_result as
select 'unique_fact' as check_name, 'delivery' as table_name, 'error' as severity, 'pass' as status,
    0::bigint as failures, 'Không có dòng trùng khóa' as title;

create table meta.run_result as
select 'delivery' as node_name, 'model' as kind, 'marts' as schema_name, 'success' as status,
    1.5::double as seconds, 1200::bigint as rows;

create table meta.run_history as
select *, 'daily' as job_name, 3.0::double as landing_seconds, 20.0::double as build_seconds,
    null::double as release_seconds
from (values
    ('r1', 'failure', $built_at::timestamp - interval 1 day, $built_at::timestamp, 40.0::double, 'Lỗi x.'),
    ('r2', 'running', $built_at::timestamp, null, 30.0, null)
) as t (run_id, status, started_at, ended_at, seconds, cause);

create table meta.release_history as
select *, null::bigint as size_bytes, true as is_current from meta.release;

create table meta.export_kind as
from (values ('hoso', 'Hồ sơ', 1), ('phananh', 'Phản ánh, đánh giá', 3)) as t (kind, kind_name, kind_order);

create table meta.fault_rule as
from (values
    ('bad_date', 'row', 'Ngày giờ không hợp lệ', 'Hãy ghi lại ngày giờ.'),
    ('empty_channel', 'flag', 'Bỏ trống kênh thực hiện', 'Hãy ghi kênh.')
) as t (rule, level, title, remedy);
"""
