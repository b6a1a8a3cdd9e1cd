{{ config(materialized='table') }}

-- What open dossiers ask of each of their groups: of those that were in the stage as long as this one, which share was
-- not finished by the end of the due day? Overdue ones, and those without a due date, ask nothing.
{% for group in risk_groups() %}
select
    still_open.cutoff_on,
    still_open.dossier_code,
    wanted.level,
    wanted.group_number,
    {{ whole_hours('still_open.minutes_in_stage') }} as hour_now,
    {{ whole_hours('still_open.minutes_in_stage + still_open.minutes_to_end_of_due_day') }} as hour_due
from {{ ref('int_risk_open') }} as still_open
inner join {{ ref('int_risk_group') }} as wanted
    on {{ of_risk_group(group, 'still_open', 'wanted') }}
where still_open.due_at is not null and not still_open.is_missed
{{ 'union all' if not loop.last }}
{% endfor %}
