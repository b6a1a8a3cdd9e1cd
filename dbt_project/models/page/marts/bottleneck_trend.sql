-- The ranked queues as lists show them: numbers in words, and the line of the last 12 weeks, from 0.
with queue as (
    select
        *,
        row_number() over (partition by stage, unit_type, unit_code order by week_start) as week_place
    from {{ ref('bottleneck_week') }}
),

past_week as (
    select
        queue.stage,
        queue.unit_type,
        queue.unit_code,
        queue.week_start,
        past.week_start as past_start,
        past.waiting_at_end,
        row_number() over up_to_week as place,
        count(*) over week as places,
        greatest(max(past.waiting_at_end) over week, 1) as highest
    from queue
    inner join queue as past
        on
            queue.stage = past.stage
            and queue.unit_type = past.unit_type
            and queue.unit_code = past.unit_code
            and past.week_place between queue.week_place - 11 and queue.week_place
    where queue.rank is not null
    window
        week as (partition by queue.stage, queue.unit_type, queue.unit_code, queue.week_start),
        up_to_week as (
            partition by queue.stage, queue.unit_type, queue.unit_code, queue.week_start order by past.week_start
        )
),

line as (
    select
        stage,
        unit_type,
        unit_code,
        week_start,
        {{ listed(sparkline_point('place', 'places', 'waiting_at_end', '0', 'highest'), 'past_start') }} as line_points
    from past_week
    group by stage, unit_type, unit_code, week_start
)

select
    queue.stage,
    queue.stage_name,
    queue.unit_type,
    queue.unit_code,
    queue.unit_name,
    {{ unit_short_name('queue.unit_name') }} as unit_short_name,
    case when queue.branch_code is not null then queue.unit_name end as branch_name,
    queue.commune_code,
    queue.week_start,
    period.period_label,
    queue.rank,
    case
        when queue.is_alarm then 'red' when queue.over_limit_at_end > 0 then 'yellow' else 'green'
    end as light,
    case
        when queue.is_new_alarm then '■ Báo động mới'
        when queue.is_alarm then '■ Báo động'
        when queue.over_limit_at_end > 0 then '▲ Có hồ sơ quá thời hạn khâu'
        else '● Bình thường'
    end as light_label,
    queue.waiting_at_end,
    queue.over_limit_at_end,
    {{ count_change('queue.growth', '0') }} as growth_text,
    coalesce({{ vietnamese_number('queue.weeks_to_clear', 1) }}, 'không hết') as weeks_text,
    {{ vietnamese_number('abs(round(queue.hours_lost, 0))', 0) }} as hours_text,
    replace(queue.explanation, queue.stage_name || ', ' || queue.unit_name || ': ', '') as explanation,
    line.line_points
from queue
inner join line
    on
        queue.stage = line.stage
        and queue.unit_type = line.unit_type
        and queue.unit_code = line.unit_code
        and queue.week_start = line.week_start
inner join {{ ref('dim_period') }} as period
    on queue.week_start = period.period_start and period.period_type = 'week'
