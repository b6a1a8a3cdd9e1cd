-- Every open land dossier stands in one stage on every evening: the stages of a day add up to what came and has not
-- ended.
with span as (
    select min(date) as first_day
    from {{ ref('land_backlog_day') }}
),

move as (
    select
        {{ within_calendar('received_on') }} as date,
        1 as change
    from {{ ref('fct_dossier') }}
    where is_land and received_on is not null
    union all
    select
        {{ within_calendar('closed_on') }} as date,
        -1 as change
    from {{ ref('fct_dossier') }}
    where is_land and closed_on is not null
),

day_move as (
    select
        date,
        sum(change) as change
    from move
    group by date
),

expected as (
    select
        calendar.date,
        sum(coalesce(day_move.change, 0)) over (order by calendar.date rows unbounded preceding) as open
    from {{ ref('int_calendar') }} as calendar
    left join day_move on calendar.date = day_move.date
    where calendar.date <= {{ as_of_date() }}
),

shown as (
    select
        date,
        sum(open) as open,
        sum(age_0_5 + age_6_10 + age_11_20 + age_over_20) as aged,
        sum(case when is_latest then overdue else 0 end) as overdue
    from {{ ref('land_backlog_day') }}
    group by date
),

overdue_now as (
    select count(*) as overdue
    from {{ ref('fct_dossier') }}
    where is_land and is_overdue and received_on is not null
)

select
    expected.date,
    expected.open as expected_open,
    shown.open,
    shown.aged
from expected
cross join span
cross join overdue_now
left join shown on expected.date = shown.date
where
    expected.date >= span.first_day
    and (
        expected.open <> coalesce(shown.open, 0)
        or shown.open <> shown.aged
        or (expected.date = {{ as_of_date() }} and overdue_now.overdue <> coalesce(shown.overdue, 0))
    )
