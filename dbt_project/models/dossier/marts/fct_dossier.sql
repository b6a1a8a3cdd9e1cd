with dossier as (
    select
        *,
        -- The moment that the national portal's rule holds against the due time: the end less the citizen's time;
        -- while a supplement is awaited, the moment it was asked; for other open dossiers, the day of the data.
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
        end as portal_judged_at,
        is_open and status_code = 5 and times_supplemented > 1 as is_late_by_supplements
    from {{ ref('int_dossier') }}
)

select
    dossier.dossier_code,
    dossier.commune_code,
    dossier.resolving_unit,
    dossier.resolving_unit_type,
    dossier.procedure_code,
    coalesce(procedure.procedure_name, dossier.procedure_name) as procedure_name,
    coalesce(procedure.field_code, dossier.field_code, dossier.field_name, 'khac') as field_code,
    coalesce(
        procedure.field_name, field.field_name, dossier.field_name, dossier.field_code, 'Lĩnh vực khác'
    ) as field_name,
    coalesce(
        procedure.is_land, coalesce(field.is_land, false) or coalesce(dossier.resolving_unit_type = 'vpdk', false)
    ) as is_land,
    case dossier.channel_code when 2 then 'online' when 3 then 'post' else 'counter' end as channel,
    dossier.service_site,
    dossier.source_system,
    coalesce(dossier.outside_territory, false) as is_outside_territory,
    dossier.submitted_at,
    dossier.received_at,
    dossier.due_at,
    due.due_expected_at,
    due.due_difference_working_hours,
    abs(due.due_difference_working_hours) > {{ var('due_tolerance_working_hours') }} as due_differs,
    dossier.finished_at,
    dossier.returned_at,
    dossier.received_on,
    dossier.due_on,
    dossier.closed_on,
    dossier.paused_from,
    dossier.paused_until,
    dossier.status_code,
    dossier.state,
    dossier.is_open,
    case
        when dossier.state = 'finished' and dossier.closed_on is not null
            then {{ timeliness_by_date('cast(dossier.ended_at as date)', 'dossier.due_on') }}
    end as timeliness,
    case
        when dossier.received_on is null then null
        when dossier.is_late_by_supplements then 'late'
        when dossier.due_until is not null
            then case when dossier.portal_judged_at <= dossier.due_until then 'on_time' else 'late' end
        when dossier.is_open
            then case when portal_limit.runs_out_on < {{ as_of_date() }} then 'late' else 'on_time' end
        when clock.working_hours_spent > portal_limit.limit_working_hours then 'late'
        else 'on_time'
    end as timeliness_portal,
    dossier.is_open
    and dossier.state <> 'paused'
    and coalesce(dossier.due_on < {{ as_of_date() }}, false) as is_overdue,
    -- The first evening on which the dossier, if still open, is late by the portal's rule. A supplement that was asked
    -- only after the due time gives nothing back.
    case
        when dossier.is_late_by_supplements then cast(dossier.portal_judged_at as date)
        when dossier.is_open and dossier.status_code = 5
            then
                case
                    when dossier.portal_judged_at > dossier.due_until then {{ add_days('dossier.due_on', 1) }}
                end
        when dossier.due_on is null then {{ add_days('portal_limit.runs_out_on', 1) }}
        when dossier.supplement_asked_at > dossier.due_until then {{ add_days('dossier.due_on', 1) }}
        else
            {{ add_days('dossier.due_on', '1 + coalesce(' ~ days_between(
                'cast(dossier.supplement_asked_at as date)', 'cast(dossier.supplement_received_at as date)'
            ) ~ ', 0)') }}
    end as portal_late_from,
    clock.working_hours_spent,
    clock.working_hours_paused,
    coalesce(dossier.times_supplemented, case when dossier.supplement_asked_at is null then 0 else 1 end)
        as times_supplemented,
    coalesce(dossier.previous_due_at <> dossier.due_at, false)
    or coalesce(dossier.earliest_due_on <> dossier.latest_due_on, false) as due_moved,
    dossier.fee_amount,
    coalesce(dossier.online_payment_code in (1, 2), false) as paid_online,
    coalesce(dossier.has_digitised_component, false)
    or coalesce(dossier.digitised_component_count > 0, false) as is_digitised,
    dossier.component_count,
    dossier.digitised_component_count,
    coalesce(dossier.has_reused_component, false) as is_reused,
    coalesce(dossier.has_e_result, false) as has_e_result,
    coalesce(dossier.vneid_verified, false) as vneid_verified,
    coalesce(dossier.apology_sent, false) as apology_sent,
    dossier.first_seen_on,
    dossier.last_seen_on,
    {{ days_between('cast(dossier.finished_at as date)', 'finish.first_seen_on') }} as update_lag_days,
    seen_day.working_day_number - finish_day.working_day_number as update_lag_working_days,
    coalesce(integrity.is_closed_in_bulk, false) as is_closed_in_bulk,
    coalesce(integrity.is_never_seen_open, false) as is_never_seen_open,
    coalesce(integrity.is_reopened, false) as is_reopened,
    coalesce(integrity.is_returned_before_finish, false) as is_returned_before_finish,
    coalesce(integrity.is_limit_beyond_a_day, false) as is_limit_beyond_a_day,
    coalesce(integrity.is_finished_at_once, false) as is_finished_at_once
from dossier
left join {{ ref('int_dossier_clock') }} as clock on dossier.dossier_code = clock.dossier_code
left join {{ ref('int_dossier_finish') }} as finish on dossier.dossier_code = finish.dossier_code
left join {{ ref('int_dossier_integrity') }} as integrity on dossier.dossier_code = integrity.dossier_code
left join {{ ref('int_procedure_version') }} as procedure
    on {{ procedure_at_reception('dossier', 'procedure') }}
left join {{ ref('int_dossier_due') }} as due on dossier.dossier_code = due.dossier_code
left join {{ ref('int_dossier_portal_limit') }} as portal_limit on dossier.dossier_code = portal_limit.dossier_code
left join {{ ref('field') }} as field on dossier.field_code = field.field_code
left join {{ ref('int_calendar') }} as finish_day
    on {{ within_calendar('cast(dossier.finished_at as date)') }} = finish_day.date
left join {{ ref('int_calendar') }} as seen_day on finish.first_seen_on = seen_day.date
