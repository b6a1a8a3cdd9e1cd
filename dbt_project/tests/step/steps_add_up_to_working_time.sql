-- Steps neither overlap nor leave holes without a reason: what they took, less what they repeat, plus what lies
-- between them, is the working time from the reception (or an earlier first step) to the end of the last.
with summed as (
    select
        step.dossier_code,
        sum(step.working_hours - step.overlap_hours + step.waiting_hours) as hours,
        sum(case when step.waiting_hours > 0 and step.waiting_reason is null then 1 else 0 end) as unexplained_holes,
        least(min(step.started_at), max(dossier.received_at)) as began_at,
        max(coalesce(
            case when not step.is_open then step.ended_at end, greatest(step.started_at, {{ as_of_timestamp() }})
        )) as ended_at
    from {{ ref('fct_step') }} as step
    inner join {{ ref('fct_dossier') }} as dossier on step.dossier_code = dossier.dossier_code
    where step.is_counted
    group by step.dossier_code
)

select summed.*
from summed
left join {{ ref('int_calendar') }} as first_day
    on {{ within_calendar('cast(summed.began_at as date)') }} = first_day.date
left join {{ ref('int_calendar') }} as last_day
    on {{ within_calendar('cast(summed.ended_at as date)') }} = last_day.date
where
    summed.unexplained_holes > 0
    or abs(
        summed.hours - (
            {{ working_minutes_until('summed.ended_at', 'last_day') }}
            - ({{ working_minutes_until('summed.began_at', 'first_day') }})
        ) / 60.0
    ) > 0.001
