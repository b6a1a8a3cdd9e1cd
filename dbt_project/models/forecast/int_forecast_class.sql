{{ config(materialized='table') }}

-- Units by week and class of day: the days of the class and what was received on them. Only weeks that are over and
-- that exports tell from their first day on: what was received earlier is known only as far as it was still open.
with first_export as (
    select min(export_date) as exported_from
    from {{ ref('int_delivery') }}
    where kind = 'hoso' and is_live
),

day as (
    select
        calendar.date,
        calendar.week_start,
        {{ week_number('calendar.week_start') }} as week_number,
        {{ day_class('calendar') }} as day_class,
        {{ add_days('calendar.week_start', 6) }} as week_end
    from {{ ref('int_calendar') }} as calendar
    cross join first_export
    where
        calendar.week_start >= greatest(first_export.exported_from, {{ history_floor() }})
        and {{ add_days('calendar.week_start', 6) }} <= {{ as_of_date() }}
),

week as (
    select distinct
        week_start,
        week_number
    from day
),

class_of_day as (
    {{ number_series(0, 6) }}
),

unit as (
    select
        unit_type,
        unit_code,
        min(date) as first_date
    from {{ ref('int_forecast_day') }}
    group by unit_type, unit_code
),

-- A week without a day of the class counts as none of them.
spine as (
    select
        unit.unit_type,
        unit.unit_code,
        week.week_start,
        week.week_number,
        class_of_day.number as day_class
    from unit
    cross join week
    cross join class_of_day
    where week.week_start >= unit.first_date
),

counted as (
    select
        unit_day.unit_type,
        unit_day.unit_code,
        day.week_start,
        day.day_class,
        count(*) as days,
        sum(unit_day.received) as received,
        max(case when day.date = day.week_end then unit_day.overdue end) as overdue_at_week_end
    from {{ ref('int_forecast_day') }} as unit_day
    inner join day on unit_day.date = day.date
    group by unit_day.unit_type, unit_day.unit_code, day.week_start, day.day_class
)

select
    spine.unit_type,
    spine.unit_code,
    spine.week_start,
    spine.week_number,
    spine.day_class,
    coalesce(counted.days, 0) as days,
    coalesce(counted.received, 0) as received,
    counted.overdue_at_week_end
from spine
left join counted
    on
        spine.unit_type = counted.unit_type
        and spine.unit_code = counted.unit_code
        and spine.week_start = counted.week_start
        and spine.day_class = counted.day_class
