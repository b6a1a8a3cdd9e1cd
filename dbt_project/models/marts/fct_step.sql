with step as (
    select
        *,
        -- Counting a step twice, or one that cannot be, would lengthen the dossier's way.
        not is_ended_before_started
        and not is_repeated
        and not is_open_twice
        and not is_of_unknown_dossier as is_counted,
        {{ end_of_due('due_at') }} as due_until
    from {{ ref('int_step') }}
),

measured as (
    select
        step.*,
        greatest(
            0,
            {{ working_minutes_until('step.stopped_at', 'stop_day') }}
            - ({{ working_minutes_until('step.started_at', 'start_day') }})
        ) / 60.0 as working_hours
    from step
    left join {{ ref('int_calendar') }} as start_day
        on {{ within_calendar('cast(step.started_at as date)') }} = start_day.date
    left join {{ ref('int_calendar') }} as stop_day
        on {{ within_calendar('cast(step.stopped_at as date)') }} = stop_day.date
)

select
    measured.dossier_code,
    measured.commune_code,
    measured.step_position,
    measured.step_number,
    measured.stage,
    coalesce(named.stage_code, measured.stage) as stage_code,
    coalesce(named.stage_name, measured.stage) as stage_name,
    named.stage_code is not null as is_stage_mapped,
    measured.department,
    measured.unit_type,
    measured.started_at,
    measured.ended_at,
    measured.due_at,
    case when not measured.is_ended_before_started then measured.working_hours end as working_hours,
    measured.is_open,
    coalesce(measured.stopped_at > measured.due_until, false) as is_late,
    measured.is_counted,
    measured.export_date
from measured
left join {{ ref('stage_text') }} as spelling on lower(measured.stage) = spelling.stage_text
left join {{ ref('stage') }} as named on coalesce(spelling.stage_code, lower(measured.stage)) = named.stage_code
