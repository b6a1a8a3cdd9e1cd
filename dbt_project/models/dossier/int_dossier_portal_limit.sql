-- Dossiers without a due date, which the portal judges by the time they took: the limit alone, without the hour after
-- which a procedure counts from the next day, and a whole day for same-day procedures.
with undated as (
    select
        case_key,
        received_at,
        case when time_limit_unit = 'working_days' then greatest(time_limit, 1) else time_limit end as time_limit,
        time_limit_unit,
        cast(null as varchar) as next_day_if_received_after,
        extra_working_days
    from {{ ref('int_dossier_limit') }}
    where due_at is null
),

granted as (
    {{ time_limits_end('undated', ref('int_dossier_pause_span')) }}
)

select
    case_key as dossier_code,
    limit_minutes / 60.0 as limit_working_hours,
    cast(due_at as date) as runs_out_on
from granted
