with blocked as (
    select
        stage as stage_code,
        unit_type,
        unit_code,
        week_start,
        count(*) as communes,
        {{ listed(
            "case when place <= 3 then commune_name || ' (' || cast(waiting_at_end as varchar) || ')' end", 'place'
        ) }} as names
    from {{ ref('bottleneck_blocked_week') }}
    group by stage, unit_type, unit_code, week_start
),

ranked as (
    select
        queue.*,
        blocked.communes as blocked_communes,
        blocked.names as blocked,
        successor.next_stage_code as next_stage,
        successor.next_stage_name,
        successor.next_unit_code,
        successor.next_unit_name,
        case
            when queue.no_figure_reason is null
                then
                    row_number() over (
                        partition by queue.week_start, queue.no_figure_reason is null
                        order by
                            queue.is_new_alarm desc,
                            queue.is_alarm desc,
                            queue.hours_lost desc,
                            queue.growth desc,
                            queue.waiting_at_end desc,
                            queue.stage_code asc,
                            queue.unit_code asc
                    )
        end as rank
    from {{ ref('int_bottleneck') }} as queue
    left join blocked
        on
            queue.stage_code = blocked.stage_code
            and queue.unit_type = blocked.unit_type
            and queue.unit_code = blocked.unit_code
            and queue.week_start = blocked.week_start
    left join {{ ref('int_queue_successor') }} as successor
        on queue.stage_code = successor.stage_code and queue.unit_code = successor.unit_code
)

select
    ranked.stage_code as stage,
    ranked.stage_name,
    ranked.unit_type,
    ranked.unit_code,
    ranked.unit_name,
    commune.commune_code,
    case when ranked.is_branch_known then ranked.unit_code end as branch_code,
    {{ iso_week('ranked.week_start') }} as week,
    ranked.week_start,
    {{ add_days('ranked.week_start', 6) }} as week_end,
    ranked.rank,
    ranked.hours_lost,
    ranked.hours_beyond_limit,
    ranked.hours_to_come,
    cast(ranked.waiting_at_end as bigint) as waiting_at_end,
    cast(ranked.over_limit_at_end as bigint) as over_limit_at_end,
    ranked.mean_limit_hours,
    ranked.entered_per_day,
    ranked.left_per_day,
    ranked.usual_left_per_day,
    ranked.growth,
    ranked.growth_sigmas,
    ranked.weeks_to_clear,
    ranked.weeks_to_drain,
    ranked.weeks_to_drain_with_one_more,
    ranked.hours_saved_by_one_more,
    ranked.blocked_communes,
    ranked.blocked,
    ranked.next_stage,
    ranked.next_stage_name,
    ranked.next_unit_code,
    ranked.next_unit_name,
    ranked.is_alarm,
    ranked.is_new_alarm,
    ranked.no_figure_reason,
    {{ bottleneck_words('ranked') }} as explanation,
    ranked.week_start = max(ranked.week_start) over () as is_latest
from ranked
left join {{ ref('int_commune_spine') }} as commune on ranked.unit_code = commune.commune_code
