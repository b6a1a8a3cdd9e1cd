{{ config(materialized='table') }}

-- Which working day holds each working hour's first minute, to find the day of a running minute by an equi-join: a
-- day is at least an hour long, so the rest of that hour lies in the same working day or the next.
with working_day as (
    select
        working_day_number,
        working_minutes_before,
        working_minutes_before + working_minutes as day_ends_at_minute
    from {{ ref('int_calendar') }}
    where is_working_day
),

hour_of_day as (
    {{ number_series(0, 23) }}
),

numbered as (
    select
        working_day.working_day_number,
        working_day.day_ends_at_minute,
        cast(ceil(working_day.working_minutes_before / 60.0) as bigint) + hour_of_day.number as hour_number
    from working_day
    cross join hour_of_day
)

select
    hour_number,
    working_day_number,
    day_ends_at_minute
from numbered
where hour_number * 60 < day_ends_at_minute
