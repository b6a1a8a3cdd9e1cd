select
    queue.stage_code as stage,
    queue.stage_name,
    queue.unit_type,
    queue.unit_code,
    queue.unit_name,
    commune.commune_code,
    commune.commune_name,
    case when queue.is_branch_known then queue.unit_code end as branch_code,
    case when queue.is_branch_known then queue.unit_name end as branch_name,
    {{ iso_week('queue.week_start') }} as week,
    queue.week_start,
    {{ add_days('queue.week_start', 6) }} as week_end,
    queue.entered,
    queue.gone as {{ adapter.quote('left') }},
    cast(queue.waiting_at_end as bigint) as waiting_at_end,
    cast(queue.over_limit_at_end as bigint) as over_limit_at_end,
    queue.median_working_hours,
    queue.p90_working_hours,
    queue.median_working_hours / {{ var('hours_per_working_day') }} as median_working_days,
    queue.p90_working_hours / {{ var('hours_per_working_day') }} as p90_working_days,
    cast(queue.late as double) / nullif(queue.gone, 0) as late_share,
    queue.waiting_at_end / nullif(queue.left_per_day, 0) / {{ var('queue')['working_days_per_week'] }}
        as weeks_to_clear,
    queue.week_start = max(queue.week_start) over () as is_latest
from {{ ref('int_queue_week') }} as queue
left join {{ ref('int_commune_spine') }} as commune
    on queue.unit_code = commune.commune_code
