{{ config(materialized='table') }}

-- The spine of monitoring: every commune in force owes a `hoso` export on every working day, from the first export
-- ever filed (or its own start) to the last day whose exports had to be in.
with monitoring as (
    select greatest(min(export_date), {{ history_floor() }}) as starts_on
    from {{ ref('int_delivery') }}
    where kind = 'hoso'
    -- `greatest` passes over nulls: without this line an empty lake would owe five years.
    having min(export_date) is not null
)

select
    commune.commune_code,
    'hoso' as kind,
    calendar.date as export_date
from {{ ref('dim_commune') }} as commune
cross join {{ ref('int_calendar') }} as calendar
cross join monitoring
where
    commune.is_current
    and calendar.is_working_day
    and calendar.date >= monitoring.starts_on
    and calendar.date >= commune.valid_from
    and calendar.date <= {{ last_due_day() }}
