{{ config(materialized='table') }}

-- The spine of monitoring: what every commune owes by the seed, while it is in force, from the first export of that
-- kind ever filed to the last day whose exports had to be in.
with monitoring as (
    select
        kind,
        greatest(min(export_date), {{ history_floor() }}) as starts_on
    from {{ ref('int_delivery') }}
    group by kind
)

select
    commune.commune_code,
    owed.kind,
    calendar.date as export_date
from {{ ref('dim_commune') }} as commune
cross join {{ ref('int_calendar') }} as calendar
cross join {{ ref('expected_export') }} as owed
inner join monitoring on owed.kind = monitoring.kind
where
    {{ is_valid_on('calendar.date', 'commune.valid_from', 'commune.valid_to') }}
    and {{ is_valid_on('calendar.date', 'owed.valid_from', 'owed.valid_to') }}
    and (calendar.is_working_day or owed.cadence = 'day')
    and calendar.date between monitoring.starts_on and {{ last_due_day() }}
