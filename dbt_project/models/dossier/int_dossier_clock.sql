with paused as (
    select
        case_key as dossier_code,
        sum(ended_minute - began_minute) as minutes
    from {{ ref('int_dossier_pause_span') }}
    group by case_key
),

measured as (
    select
        dossier.dossier_code,
        {{ working_minutes_until('dossier.clock_stops_at', 'stop_day') }}
        - ({{ working_minutes_until('dossier.received_at', 'start_day') }}) as gross_minutes,
        coalesce(paused.minutes, 0) as paused_minutes
    from {{ ref('int_dossier') }} as dossier
    left join paused on dossier.dossier_code = paused.dossier_code
    left join {{ ref('int_calendar') }} as start_day
        on {{ within_calendar('cast(dossier.received_at as date)') }} = start_day.date
    left join {{ ref('int_calendar') }} as stop_day
        on {{ within_calendar('cast(dossier.clock_stops_at as date)') }} = stop_day.date
    where dossier.received_on is not null
)

select
    dossier_code,
    greatest(0, gross_minutes - paused_minutes) / 60.0 as working_hours_spent,
    paused_minutes / 60.0 as working_hours_paused
from measured
