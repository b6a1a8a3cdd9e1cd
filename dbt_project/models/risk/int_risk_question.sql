{{ config(materialized='table') }}

-- What open dossiers ask of each of their groups: of those that were in the stage as long as this one, which share was
-- not finished by the end of the due day? Overdue ones, and those without a due date, ask nothing. Curves are drawn
-- for the groups that are asked only; they are numbered, because a number is quicker to join and to sort by than texts.
with asking as (
    select
        cutoff_on,
        dossier_code,
        stage_code,
        field_code,
        procedure_code,
        unit,
        {{ whole_hours('minutes_in_stage') }} as hour_now,
        {{ whole_hours('minutes_in_stage + minutes_to_end_of_due_day') }} as hour_due
    from {{ ref('int_risk_open') }}
    where due_at is not null and not is_missed
),

asked as (
    {% for group in risk_groups() %}
    select distinct
        {{ group['level'] }} as level,
        {{ columns_of_risk_group(group) }}
    from asking
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

numbered as (
    select
        level,
        {{ risk_group_columns() | join(', ') }},
        row_number() over (order by level, {{ risk_group_columns() | join(', ') }}) as group_number
    from asked
)

{% for group in risk_groups() %}
select
    asking.cutoff_on,
    asking.dossier_code,
    wanted.level,
    {% for column in risk_group_columns() %}
    wanted.{{ column }},
    {% endfor %}
    wanted.group_number,
    asking.hour_now,
    asking.hour_due
from asking
inner join numbered as wanted
    on {{ of_risk_group(group, 'asking', 'wanted') }}
{{ 'union all' if not loop.last }}
{% endfor %}
