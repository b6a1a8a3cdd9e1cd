{{ config(materialized='table') }}

-- What communes closed on a day, by field: resolved, or ended without a result.
select
    commune_code,
    field_code,
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
group by commune_code, field_code, closed_on
