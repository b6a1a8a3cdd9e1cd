{{ config(materialized='table') }}

-- What was received and closed on a day, by commune, field and procedure: the one place in which dossiers are counted.
-- Payment and components count only where there is a fee, or a component, to count; what is said of resolved dossiers
-- leaves out those that ended without a result.
{%- set measures = measures_of('received') + measures_of('closed') %}

with received as (
    select
        commune_code,
        field_code,
        procedure_code,
        received_on as date,
        count(*) as received,
        sum(case when channel = 'online' then 1 else 0 end) as received_online,
        sum(case when fee_amount > 0 then 1 else 0 end) as fee_dossiers,
        sum(case when fee_amount > 0 and paid_online then 1 else 0 end) as fee_dossiers_paid_online,
        sum(greatest(coalesce(component_count, 0), 0)) as components,
        sum(greatest(least(coalesce(digitised_component_count, 0), coalesce(component_count, 0)), 0))
            as components_digitised,
        sum(case when is_digitised then 1 else 0 end) as dossiers_digitised,
        sum(case when is_reused then 1 else 0 end) as dossiers_reused,
        sum(case when vneid_verified then 1 else 0 end) as dossiers_vneid,
        sum(case when times_supplemented > 0 then 1 else 0 end) as dossiers_supplemented,
        sum(case when due_moved then 1 else 0 end) as dossiers_due_moved
    from {{ ref('fct_dossier') }}
    where received_on is not null
    group by commune_code, field_code, procedure_code, received_on
),

closed as (
    select
        commune_code,
        field_code,
        procedure_code,
        closed_on as date,
        sum(case when state = 'finished' then 1 else 0 end) as resolved,
        sum(case when timeliness = 'early' then 1 else 0 end) as resolved_early,
        sum(case when timeliness = 'on_time' then 1 else 0 end) as resolved_on_time,
        sum(case when timeliness = 'late' then 1 else 0 end) as resolved_late,
        sum(case when timeliness = 'late' and apology_sent then 1 else 0 end) as resolved_late_with_apology,
        sum(case when state = 'finished' and has_e_result then 1 else 0 end) as resolved_with_e_result,
        sum(case when state = 'finished' and has_e_result and is_digitised then 1 else 0 end)
            as resolved_digitised_with_e_result,
        sum(case when state = 'finished' and update_lag_working_days is not null then 1 else 0 end)
            as resolved_with_known_lag,
        sum(case when state = 'finished' and update_lag_working_days > 1 then 1 else 0 end) as resolved_updated_late,
        sum(case when state <> 'finished' then 1 else 0 end) as withdrawn_or_refused,
        sum(case when timeliness_portal = 'on_time' then 1 else 0 end) as closed_on_time_portal,
        sum(case when state = 'finished' and is_closed_in_bulk then 1 else 0 end) as resolved_in_bulk,
        sum(case when state = 'finished' and (is_never_seen_open or is_reopened) then 1 else 0 end) as resolved_by_jump,
        sum(case when state = 'finished' and returned_at is not null then 1 else 0 end) as resolved_returned,
        sum(case when state = 'finished' and is_returned_before_finish then 1 else 0 end) as resolved_returned_before,
        sum(case when state = 'finished' and is_limit_beyond_a_day then 1 else 0 end) as resolved_beyond_a_day,
        sum(case when state = 'finished' and is_limit_beyond_a_day and is_finished_at_once then 1 else 0 end)
            as resolved_at_once
    from {{ ref('fct_dossier') }}
    where closed_on is not null
    group by commune_code, field_code, procedure_code, closed_on
),

either as (
    select
        commune_code,
        field_code,
        procedure_code,
        date,
    {% for measure in measures -%}
    {{ measure if measure in measures_of('received') else '0 as ' ~ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from received
    union all
    select
        commune_code,
        field_code,
        procedure_code,
        date,
    {% for measure in measures -%}
    {{ measure if measure in measures_of('closed') else '0 as ' ~ measure }}{{ ',' if not loop.last }}
    {% endfor %}
    from closed
)

select
    commune_code,
    field_code,
    procedure_code,
    date,
{% for measure in measures -%}
cast(sum({{ measure }}) as bigint) as {{ measure }}{{ ',' if not loop.last }}
{% endfor %}
from either
group by commune_code, field_code, procedure_code, date
