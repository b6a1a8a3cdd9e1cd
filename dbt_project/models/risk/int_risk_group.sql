{{ config(materialized='table') }}

-- The groups that open dossiers are held against, numbered: curves are drawn for these only, and a number is quicker to
-- join and to sort by than four texts.
with asked as (
    {% for group in risk_groups() %}
    select distinct
        {{ group['level'] }} as level,
        {{ columns_of_risk_group(group) }}
    from {{ ref('int_risk_open') }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select
    level,
    {{ risk_group_columns() | join(', ') }},
    row_number() over (order by level, {{ risk_group_columns() | join(', ') }}) as group_number
from asked
