-- Dossiers that reach their limit while they stand in a queue, and those that leave it after that, by week: how many,
-- and the sum of the minutes at which they did. Any evening's dossier-minutes beyond the limit follow from the sums
-- so far.
with over_limit as (
    select
        *,
        cast(floor((limit_minute - 1) / 60.0) as bigint) as limit_hour
    from {{ ref('int_queue_step') }}
    where limit_minute is not null
),

placed as (
    select
        over_limit.*,
        limit_hour.working_day_number
        + case when over_limit.limit_minute > limit_hour.day_ends_at_minute then 1 else 0 end as limit_day_number
    from over_limit
    left join {{ ref('int_working_hour') }} as limit_hour on over_limit.limit_hour = limit_hour.hour_number
),

working_day as (
    select
        working_day_number,
        week_start
    from {{ ref('int_calendar') }}
    where is_working_day
),

dated as (
    select
        placed.*,
        -- A limit of no time at all is reached on coming.
        greatest(coalesce(limit_day.week_start, placed.entered_week), placed.entered_week) as limit_week
    from placed
    left join working_day as limit_day on placed.limit_day_number = limit_day.working_day_number
)

select
    stage_code,
    unit_type,
    unit_code,
    limit_week as week_start,
    count(*) as change,
    sum(limit_minute) as minute_change
from dated
group by stage_code, unit_type, unit_code, limit_week
union all
select
    stage_code,
    unit_type,
    unit_code,
    left_week as week_start,
    -count(*) as change,
    -sum(stop_minute) as minute_change
from dated
where left_week is not null
group by stage_code, unit_type, unit_code, left_week
