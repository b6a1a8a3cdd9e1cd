with span as (
    select *
    from {{ ref('int_history_span') }}
),

pair as (
    select
        commune_code,
        field_code,
        min(date) as first_date
    from {{ ref('int_stock_change') }}
    group by commune_code, field_code
),

spine as (
    select
        pair.commune_code,
        pair.field_code,
        calendar.date
    from pair
    cross join {{ ref('int_calendar') }} as calendar
    cross join span
    where calendar.date between pair.first_date and span.last_day
),

counted as (
    select
        commune_code,
        field_code,
        date,
        sum(received) as received,
        sum(resolved) as resolved,
        sum(withdrawn_or_refused) as withdrawn_or_refused
    from {{ ref('int_dossier_day') }}
    group by commune_code, field_code, date
),

running as (
    select
        spine.commune_code,
        spine.field_code,
        spine.date,
        coalesce(counted.received, 0) as received,
        coalesce(counted.resolved, 0) as resolved,
        coalesce(counted.withdrawn_or_refused, 0) as withdrawn_or_refused,
        coalesce(change.open_change, 0) as open_change,
    {% for stock in ['open', 'overdue', 'paused', 'overdue_with_apology', 'late_by_portal'] -%}
    coalesce(sum(change.{{ stock }}_change) over so_far, 0) as {{ stock }}_at_end{{ ',' if not loop.last }}
    {% endfor %}
    from spine
    left join {{ ref('int_stock_change') }} as change
        on
            spine.commune_code = change.commune_code
            and spine.field_code = change.field_code
            and spine.date = change.date
    left join counted
        on
            spine.commune_code = counted.commune_code
            and spine.field_code = counted.field_code
            and spine.date = counted.date
    window so_far as (
        partition by spine.commune_code, spine.field_code order by spine.date rows unbounded preceding
    )
)

select
    running.commune_code,
    running.field_code,
    field.field_name,
    running.date,
    cast(running.open_at_end - running.open_change as bigint) as opening,
    cast(running.received as bigint) as received,
    cast(running.resolved as bigint) as resolved,
    cast(running.withdrawn_or_refused as bigint) as withdrawn_or_refused,
    cast(running.open_at_end as bigint) as open_at_end,
    cast(running.overdue_at_end as bigint) as overdue_at_end,
    cast(running.paused_at_end as bigint) as paused_at_end,
    cast(running.overdue_with_apology_at_end as bigint) as overdue_with_apology_at_end,
    cast(running.open_at_end - running.late_by_portal_at_end as bigint) as on_time_portal_at_end,
    running.date = span.last_day as is_latest
from running
inner join {{ ref('int_field') }} as field on running.field_code = field.field_code
cross join span
where running.date >= span.first_day
