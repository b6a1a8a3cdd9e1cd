{{ config(materialized='table') }}

-- What is forecast, day by day: of the province, of fields, of communes, and of land-registry branches under the name
-- that exports give them.
with flow as (
    select
        commune_code,
        field_code,
        date,
        received,
        overdue_at_end
    from {{ ref('commune_flow_day') }}
),

of_branch as (
    select
        dossier_code,
        resolving_unit as unit_code,
        received_on
    from {{ ref('fct_dossier') }}
    where resolving_unit_type = 'vpdk' and resolving_unit is not null and received_on is not null
),

overdue_stay as (
    select
        of_branch.unit_code,
        stay.stays_from,
        stay.stays_until
    from of_branch
    inner join {{ ref('dossier_stay') }} as stay on of_branch.dossier_code = stay.dossier_code
    where stay.stock = 'overdue'
),

branch_change as (
    select
        unit_code,
        received_on as date,
        1 as received,
        0 as overdue_change
    from of_branch
    union all
    select
        unit_code,
        stays_from as date,
        0 as received,
        1 as overdue_change
    from overdue_stay
    union all
    select
        unit_code,
        stays_until as date,
        0 as received,
        -1 as overdue_change
    from overdue_stay
    where stays_until is not null
),

branch_name as (
    select distinct unit_code
    from of_branch
),

branch_spine as (
    select
        unit.unit_code,
        calendar.date
    from branch_name as unit
    cross join {{ ref('int_history_span') }} as span
    cross join {{ ref('int_calendar') }} as calendar
    where calendar.date between span.first_day and span.last_day
),

-- What changed before the first day stands in the stock of that day.
clipped as (
    select
        branch_change.unit_code,
        greatest(branch_change.date, span.first_day) as date,
        case when branch_change.date >= span.first_day then branch_change.received else 0 end as received,
        branch_change.overdue_change
    from branch_change
    cross join {{ ref('int_history_span') }} as span
),

branch_day as (
    select
        unit_code,
        date,
        sum(received) as received,
        sum(overdue_change) as overdue_change
    from clipped
    group by unit_code, date
),

branch as (
    select
        branch_spine.unit_code,
        branch_spine.date,
        coalesce(branch_day.received, 0) as received,
        sum(coalesce(branch_day.overdue_change, 0)) over (
            partition by branch_spine.unit_code order by branch_spine.date rows unbounded preceding
        ) as overdue
    from branch_spine
    left join branch_day
        on branch_spine.unit_code = branch_day.unit_code and branch_spine.date = branch_day.date
)

select
    'province' as unit_type,
    {{ province_code() }} as unit_code,
    date,
    cast(sum(received) as bigint) as received,
    cast(sum(overdue_at_end) as bigint) as overdue
from flow
group by date
union all
select
    'field' as unit_type,
    field_code as unit_code,
    date,
    cast(sum(received) as bigint) as received,
    cast(sum(overdue_at_end) as bigint) as overdue
from flow
group by field_code, date
union all
select
    'commune' as unit_type,
    commune_code as unit_code,
    date,
    cast(sum(received) as bigint) as received,
    cast(sum(overdue_at_end) as bigint) as overdue
from flow
group by commune_code, date
union all
select
    'branch' as unit_type,
    unit_code,
    date,
    cast(received as bigint) as received,
    cast(overdue as bigint) as overdue
from branch
