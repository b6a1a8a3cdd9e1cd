{{ config(materialized='table') }}

-- How many exports of a commune had arrived, and how many of its rows been rejected, when a day began.
with day as (
    select
        commune_code,
        date,
        exports_arrived,
        rows_rejected
    from {{ ref('int_commune_delivery_day') }}
),

span as (
    select
        commune_code,
        min(date) as first_day
    from day
    group by commune_code
),

spine as (
    select
        span.commune_code,
        calendar.date
    from span
    inner join {{ ref('int_calendar') }} as calendar on span.first_day <= calendar.date
    where calendar.date <= {{ as_of_date() }}
)

select
    spine.commune_code,
    spine.date,
    coalesce(sum(day.exports_arrived) over earlier, 0) as exports_before,
    coalesce(sum(day.rows_rejected) over earlier, 0) as rejected_before,
    coalesce(day.exports_arrived, 0) as exports_arrived
from spine
left join day on spine.commune_code = day.commune_code and spine.date = day.date
window earlier as (
    partition by spine.commune_code order by spine.date rows between unbounded preceding and 1 preceding
)
