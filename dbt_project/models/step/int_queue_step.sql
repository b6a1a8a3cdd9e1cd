{{ config(materialized='table') }}

-- Each counted step as a stay in a queue, which is a stage at a unit: the weeks of its coming and going, and in running
-- working minutes when it came, went, and reached its limit.
with stay as (
    select
        step.stage_code,
        step.unit_type,
        step.unit_code,
        step.commune_code,
        step.is_open,
        step.is_late,
        step.working_hours,
        -- Minutes add up exactly; hours, as doubles, differ in their last digits from one build to the next.
        cast(60 * step.working_hours as decimal(18, 6)) as working_minutes,
        cast(60 * step.limit_working_hours as decimal(18, 6)) as limit_minutes,
        cast(date_trunc('week', step.started_at) as date) as entered_week,
        -- A step that ends on the day of the data or before has left.
        case when not step.is_open then cast(date_trunc('week', step.ended_at) as date) end as left_week,
        {{ working_minutes_until('step.started_at', 'start_day') }} as start_minute
    from {{ ref('fct_step') }} as step
    left join {{ ref('int_calendar') }} as start_day
        on {{ within_calendar('cast(step.started_at as date)') }} = start_day.date
    where step.is_counted
)

select
    *,
    start_minute + working_minutes as stop_minute,
    case when working_minutes > limit_minutes then start_minute + limit_minutes end as limit_minute
from stay
