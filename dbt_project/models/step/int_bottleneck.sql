-- What each queue costs and how it moves, where it has dossiers enough to say so. The rank and the words come after.
with queue as (
    select
        *,
        waiting_at_end + recent_left as present,
        mean_limit_hours / {{ var('hours_per_working_day') }} as limit_days,
        case
            when waiting_at_end + recent_left < {{ var('queue')['least_dossiers'] }} then 'too_few'
            when recent_working_days = 0 then 'no_working_day'
            -- Nobody works like that: the unit sends no more, or its system is not kept.
            when recent_entered + recent_left = 0 then 'nothing_moves'
        end as no_figure_reason
    from {{ ref('int_queue_week') }}
    where is_unit_work and waiting_at_end + recent_left > 0
),

-- Without a figure there is no rate, and what follows from the rate is null.
flowing as (
    select
        stage_code,
        stage_name,
        unit_type,
        unit_code,
        unit_name,
        is_branch_known,
        week_start,
        waiting_at_end,
        over_limit_at_end,
        present,
        mean_limit_hours,
        limit_days,
        weeks_before,
        no_figure_reason,
        case when no_figure_reason is null then entered_per_day end as entered_per_day,
        case when no_figure_reason is null then left_per_day end as left_per_day,
        case when no_figure_reason is null then usual_left_per_day end as usual_left_per_day,
        case when no_figure_reason is null then hours_beyond_limit end as hours_beyond_limit,
        case when no_figure_reason is null then cast(recent_entered - recent_left as bigint) end as growth,
        sqrt(greatest(recent_entered + recent_left, 1)) as noise
    from queue
),

-- One more a day, to tell what that would save.
with_one_more as (
    select
        *,
        coalesce(limit_days, 0) as days_allowed,
        left_per_day + 1 as left_per_day_with_one_more
    from flowing
),

ahead as (
    select
        *,
        {{ days_waiting_ahead('waiting_at_end', 'left_per_day') }} as days_ahead,
        {{ days_waiting_ahead('waiting_at_end', 'left_per_day_with_one_more') }} as days_ahead_with_one_more
    from with_one_more
),

measured as (
    select
        *,
        growth / noise as growth_sigmas,
        waiting_at_end / nullif(left_per_day, 0) as days_to_clear,
        {{ hours_to_come('waiting_at_end', 'left_per_day', 'days_ahead', 'days_allowed') }} as hours_to_come,
        {{ hours_to_come('waiting_at_end', 'left_per_day_with_one_more', 'days_ahead_with_one_more', 'days_allowed') }}
            as hours_to_come_with_one_more
    from ahead
),

alarmed as (
    select
        *,
        coalesce(
            growth_sigmas > {{ var('queue')['alarm_sigmas'] }}
            -- A queue that is only just known fills up: that is no news.
            and weeks_before >= {{ var('queue')['warm_up_weeks'] }}
            and coalesce(days_to_clear > days_allowed, true),
            false
        ) as is_alarm
    from measured
)

select
    stage_code,
    stage_name,
    unit_type,
    unit_code,
    unit_name,
    is_branch_known,
    week_start,
    waiting_at_end,
    over_limit_at_end,
    present,
    no_figure_reason,
    mean_limit_hours,
    entered_per_day,
    left_per_day,
    usual_left_per_day,
    growth,
    growth_sigmas,
    hours_beyond_limit,
    hours_to_come,
    hours_beyond_limit + hours_to_come as hours_lost,
    hours_to_come - hours_to_come_with_one_more as hours_saved_by_one_more,
    days_to_clear / {{ var('queue')['working_days_per_week'] }} as weeks_to_clear,
    {{ weeks_to_drain('waiting_at_end', 'left_per_day', 'entered_per_day') }} as weeks_to_drain,
    {{ weeks_to_drain('waiting_at_end', 'left_per_day_with_one_more', 'entered_per_day') }}
        as weeks_to_drain_with_one_more,
    is_alarm,
    -- Not again what has been an alarm for weeks.
    is_alarm and coalesce(
        sum(cast(is_alarm as integer)) over (
            partition by stage_code, unit_type, unit_code order by week_start
            rows between {{ var('queue')['alarm_memory_weeks'] }} preceding
            and {{ var('queue')['new_alarm_weeks'] }} preceding
        ),
        0
    ) = 0 as is_new_alarm
from alarmed
