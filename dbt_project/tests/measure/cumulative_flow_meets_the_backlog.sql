-- Between the two lines of the cumulative flow lies the backlog that the communes' daily flow tells; and all evenings
-- together are the evenings that dossiers spent in process, which is Little's law without a rest.
with by_commune as (
    select
        'commune' as dimension,
        commune_code as member,
        date,
        sum(open_at_end) as open
    from {{ ref('commune_flow_day') }}
    group by commune_code, date
),

by_field as (
    select
        'field' as dimension,
        field_code as member,
        date,
        sum(open_at_end) as open
    from {{ ref('commune_flow_day') }}
    group by field_code, date
),

told as (
    select * from by_commune
    union all
    select * from by_field
),

evenings as (
    select
        sum({{ days_between(
            'greatest(dossier.received_on, span.first_day)',
            'greatest(coalesce(dossier.closed_on, ' ~ add_days('span.last_day', 1) ~ '), span.first_day)'
        ) }}) as evenings
    from {{ ref('fct_dossier') }} as dossier
    cross join {{ ref('int_history_span') }} as span
    where dossier.received_on is not null
),

in_process as (
    select sum(work_in_process) as evenings
    from {{ ref('flow_cumulative_day') }}
    where dimension = 'province'
)

select
    told.dimension,
    told.member,
    told.date
from told
left join {{ ref('flow_cumulative_day') }} as flow
    on told.dimension = flow.dimension and told.member = flow.member and told.date = flow.date
where told.open <> flow.arrivals_so_far - flow.departures_so_far or flow.member is null
union all
select
    'province' as dimension,
    null as member,
    null as date
from evenings
cross join in_process
where evenings.evenings <> in_process.evenings
