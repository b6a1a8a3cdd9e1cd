-- Who is overdue tonight.
with overdue as (
    select dossier_code
    from {{ ref('int_dossier_stay') }}
    where stock = 'overdue' and {{ holds_evening('stays_from', 'stays_until', as_of_date()) }}
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
    portal.timeliness_portal,
    overdue.dossier_code is not null as is_overdue,
    portal.portal_late_from,
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
from {{ ref('int_dossier') }} as dossier
left join {{ ref('int_dossier_clock') }} as clock on dossier.dossier_code = clock.dossier_code
left join {{ ref('int_dossier_finish') }} as finish on dossier.dossier_code = finish.dossier_code
left join {{ ref('int_dossier_integrity') }} as integrity on dossier.dossier_code = integrity.dossier_code
left join {{ ref('int_procedure_version') }} as procedure
    on {{ procedure_at_reception('dossier', 'procedure') }}
left join {{ ref('int_dossier_due') }} as due on dossier.dossier_code = due.dossier_code
left join {{ ref('int_dossier_portal') }} as portal on dossier.dossier_code = portal.dossier_code
left join overdue on dossier.dossier_code = overdue.dossier_code
left join {{ ref('field') }} as field on dossier.field_code = field.field_code
left join {{ ref('int_calendar') }} as finish_day
    on {{ within_calendar('cast(dossier.finished_at as date)') }} = finish_day.date
left join {{ ref('int_calendar') }} as seen_day on finish.first_seen_on = seen_day.date
