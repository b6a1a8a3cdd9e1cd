-- The running week and the next ones, of every unit, also where nothing can be forecast.
{%- set rules = var('forecast') %}

with unit as (
    select distinct
        unit_type,
        unit_code
    from {{ ref('int_forecast_day') }}
),

today as (
    select week_start
    from {{ ref('int_calendar') }}
    where date = {{ as_of_date() }}
),

week as (
    select
        calendar.week_start,
        sum(case when calendar.is_working_day then 1 else 0 end) as working_days
    from {{ ref('int_calendar') }} as calendar
    cross join today
    where
        calendar.week_start >= today.week_start
        and calendar.week_start <= {{ add_days('today.week_start', 7 * (rules['weeks_ahead'] | int)) }}
        and {{ add_days('calendar.week_start', 6) }} > {{ as_of_date() }}
    group by calendar.week_start
),

newest_week as (
    select max(made_after) as made_after
    from {{ ref('int_forecast') }}
),

newest as (
    select forecast.*
    from {{ ref('int_forecast') }} as forecast
    inner join newest_week on forecast.made_after = newest_week.made_after
)

select
    unit.unit_type,
    unit.unit_code,
    measure.measure,
    week.week_start,
    week.working_days,
    newest.expected,
    newest.low,
    newest.high,
    case
        when newest.unit_code is null
            then 'Chưa có tuần trọn vẹn số liệu nào, cần ít nhất {{ rules["least_weeks"] }}.'
        else newest.reason
    end as reason
from unit
cross join {{ ref('int_forecast_measure') }} as measure
cross join week
left join newest
    on
        unit.unit_type = newest.unit_type
        and unit.unit_code = newest.unit_code
        and measure.measure = newest.measure
        and week.week_start = newest.week_start
