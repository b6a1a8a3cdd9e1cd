with granted as (
    {{ time_limits_end(ref('int_dossier_limit'), ref('int_dossier_pause_span')) }}
)

select
    granted.case_key as dossier_code,
    granted.due_at as due_expected_at,
    ({{ working_minutes_until('dossier.due_until', 'printed_day') }} - granted.due_minute) / 60.0
        as due_difference_working_hours
from granted
inner join {{ ref('int_dossier_limit') }} as dossier on granted.case_key = dossier.case_key
left join {{ ref('int_calendar') }} as printed_day
    on {{ within_calendar('cast(dossier.due_until as date)') }} = printed_day.date
