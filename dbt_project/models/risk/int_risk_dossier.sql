{{ config(materialized='table') }}

-- Dossiers that any of the evenings can learn from or has to judge, with what tells them apart. The unit is who
-- decides, for stays whose step names nobody: the resolving unit where it is not the commune itself.
with reach as (
    select
        min(learnt_from) as learnt_from,
        min(cutoff_on) as judged_from
    from {{ ref('int_risk_cutoff') }}
),

dossier as (
    select
        dossier.*,
        -- Closed for whoever looks only once an export has said so.
        greatest(dossier.closed_on, history.first_seen_closed_on) as closed_seen_on,
        history.first_seen_on < history.first_seen_closed_on as was_seen_open
    from {{ ref('fct_dossier') }} as dossier
    inner join {{ ref('int_dossier_history') }} as history on dossier.dossier_code = history.dossier_code
    where dossier.received_on is not null
)

select
    dossier.dossier_code,
    dossier.procedure_code,
    dossier.field_code,
    case
        when coalesce(dossier.resolving_unit_type, 'xa') = 'xa' then dossier.commune_code
        else coalesce(dossier.resolving_unit, dossier.commune_code)
    end as unit,
    dossier.received_at,
    dossier.received_on,
    dossier.state = 'finished' as is_finished,
    dossier.closed_on,
    case when dossier.closed_on is not null then dossier.closed_seen_on end as closed_seen_on,
    {{ working_minutes_until('dossier.received_at', 'received_day') }} as received_minute,
    case
        when dossier.closed_on is not null then cast(round(dossier.working_hours_spent * 60, 0) as bigint)
    end as closed_spent,
    -- For so long after its closing exports still showed it open: up to the evening before the one that told.
    case
        when dossier.was_seen_open and dossier.closed_seen_on > dossier.closed_on
            then
                greatest(
                    0,
                    seen_day.working_minutes_before - ({{ working_minutes_until(
                        'coalesce(dossier.finished_at, cast(dossier.closed_on as timestamp))', 'closed_day'
                    ) }})
                )
        else 0
    end as shown_open_after
from dossier
cross join reach
left join {{ ref('int_calendar') }} as received_day
    on {{ within_calendar('dossier.received_on') }} = received_day.date
left join {{ ref('int_calendar') }} as closed_day on {{ within_calendar('dossier.closed_on') }} = closed_day.date
left join {{ ref('int_calendar') }} as seen_day on {{ within_calendar('dossier.closed_seen_on') }} = seen_day.date
where
    dossier.received_on >= reach.learnt_from
    or dossier.closed_on is null
    or dossier.closed_seen_on > reach.judged_from
