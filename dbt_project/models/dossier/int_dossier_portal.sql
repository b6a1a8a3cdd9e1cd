-- The national portal's rule: whether a received dossier is on time by the clock, and from which evening on it is late.
with dossier as (
    select
        *,
        -- The moment that the rule holds against the due time: the end less the citizen's time; while a supplement is
        -- awaited, the moment it was asked; for other open dossiers, the day of the data.
        case
            when is_open and status_code = 5
                then coalesce(supplement_asked_at, updated_at, cast({{ as_of_date() }} as timestamp))
            when is_open then cast({{ as_of_date() }} as timestamp)
            when supplement_received_at > supplement_asked_at
                then
                    {{ add_seconds(
                        'ended_at',
                        epoch_seconds('supplement_asked_at') ~ ' - ' ~ epoch_seconds('supplement_received_at')
                    ) }}
            else ended_at
        end as judged_at,
        is_open and status_code = 5 and times_supplemented > 1 as is_late_by_supplements
    from {{ ref('int_dossier') }}
)

select
    dossier.dossier_code,
    case
        when dossier.received_on is null then null
        when dossier.is_late_by_supplements then 'late'
        when dossier.due_until is not null
            then case when dossier.judged_at <= dossier.due_until then 'on_time' else 'late' end
        when dossier.is_open
            then case when portal_limit.runs_out_on < {{ as_of_date() }} then 'late' else 'on_time' end
        when clock.working_hours_spent > portal_limit.limit_working_hours then 'late'
        else 'on_time'
    end as timeliness_portal,
    -- The first evening on which the dossier, if still open, is late. A supplement that was asked only after the due
    -- time gives nothing back.
    case
        when dossier.is_late_by_supplements then cast(dossier.judged_at as date)
        when dossier.is_open and dossier.status_code = 5
            then
                case
                    when dossier.judged_at > dossier.due_until then {{ add_days('dossier.due_on', 1) }}
                end
        when dossier.due_on is null then {{ add_days('portal_limit.runs_out_on', 1) }}
        when dossier.supplement_asked_at > dossier.due_until then {{ add_days('dossier.due_on', 1) }}
        else
            {{ add_days('dossier.due_on', '1 + coalesce(' ~ days_between(
                'cast(dossier.supplement_asked_at as date)', 'cast(dossier.supplement_received_at as date)'
            ) ~ ', 0)') }}
    end as portal_late_from
from dossier
left join {{ ref('int_dossier_clock') }} as clock on dossier.dossier_code = clock.dossier_code
left join {{ ref('int_dossier_portal_limit') }} as portal_limit on dossier.dossier_code = portal_limit.dossier_code
