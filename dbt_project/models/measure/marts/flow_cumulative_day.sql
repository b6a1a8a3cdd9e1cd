with span as (
    select *
    from {{ ref('int_history_span') }}
),

-- What happened before the history stands on its eve.
dated as (
    select
        day.commune_code,
        day.field_code,
        day.procedure_code,
        day.received,
        day.resolved + day.withdrawn_or_refused as closed,
        greatest(day.date, {{ add_days('span.first_day', -1) }}) as date
    from {{ ref('int_dossier_day') }} as day
    cross join span
),

counted as (
    select
        commune_code,
        field_code,
        procedure_code,
        date,
        sum(received) as arrivals,
        sum(closed) as departures
    from dated
    group by commune_code, field_code, procedure_code, date
),

day_move as (
    select
        'province' as dimension,
        {{ province_code() }} as member,
        date,
        sum(arrivals) as arrivals,
        sum(departures) as departures
    from counted
    group by date
    {% for dimension in ['commune', 'field', 'procedure'] -%}
    union all
    select
        '{{ dimension }}' as dimension,
        {{ dimension }}_code as member,
        date,
        sum(arrivals) as arrivals,
        sum(departures) as departures
    from counted
    group by {{ dimension }}_code, date
    {% endfor %}
),

named as (
    select
        dimension,
        member,
        max(member_name) as member_name,
        min(received_on) as first_day
    from {{ ref('int_dossier_member') }}
    where dimension <> 'unit'
    group by dimension, member
),

running as (
    select
        named.dimension,
        named.member,
        named.member_name,
        calendar.date,
        coalesce(day_move.arrivals, 0) as arrivals,
        coalesce(day_move.departures, 0) as departures,
        sum(coalesce(day_move.arrivals, 0)) over so_far as arrivals_so_far,
        sum(coalesce(day_move.departures, 0)) over so_far as departures_so_far
    from named
    cross join span
    cross join {{ ref('int_calendar') }} as calendar
    left join day_move
        on
            named.dimension = day_move.dimension
            and named.member = day_move.member
            and calendar.date = day_move.date
    where
        calendar.date between {{ add_days('span.first_day', -1) }} and span.last_day
        and calendar.date >= least(named.first_day, span.last_day)
    window so_far as (partition by named.dimension, named.member order by calendar.date rows unbounded preceding)
)

select
    running.dimension,
    running.member,
    running.member_name,
    case when running.dimension = 'commune' then running.member end as commune_code,
    running.date,
    cast(running.arrivals as bigint) as arrivals,
    cast(running.departures as bigint) as departures,
    cast(running.arrivals_so_far as bigint) as arrivals_so_far,
    cast(running.departures_so_far as bigint) as departures_so_far,
    cast(running.arrivals_so_far - running.departures_so_far as bigint) as work_in_process,
    running.date = span.last_day as is_latest
from running
cross join span
where running.date >= span.first_day
