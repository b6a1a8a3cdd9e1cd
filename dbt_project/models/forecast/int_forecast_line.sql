-- The forecast of the running week and the next ones, of every unit, also where nothing can be forecast, behind the
-- weeks that led to it: one line on a page.
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

coming_week as (
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

newest_forecast as (
    select forecast.*
    from {{ ref('int_forecast') }} as forecast
    inner join newest_week on forecast.made_after = newest_week.made_after
),

line as (
    select
        unit.unit_type,
        unit.unit_code,
        measure.measure,
        coming_week.week_start,
        coming_week.working_days,
        cast(null as bigint) as actual,
        newest_forecast.expected,
        newest_forecast.low,
        newest_forecast.high,
        case
            when newest_forecast.unit_code is null
                then 'Chưa có tuần trọn vẹn số liệu nào, cần ít nhất {{ rules["least_weeks"] }}.'
            else newest_forecast.reason
        end as reason,
        true as is_forecast
    from unit
    cross join {{ ref('int_forecast_measure') }} as measure
    cross join coming_week
    left join newest_forecast
        on
            unit.unit_type = newest_forecast.unit_type
            and unit.unit_code = newest_forecast.unit_code
            and measure.measure = newest_forecast.measure
            and coming_week.week_start = newest_forecast.week_start
    union all
    select
        week.unit_type,
        week.unit_code,
        measure.measure,
        week.week_start,
        week.working_days,
        case measure.measure when 'received' then week.received else week.overdue end as actual,
        null as expected,
        null as low,
        null as high,
        null as reason,
        false as is_forecast
    from {{ ref('int_forecast_week') }} as week
    cross join {{ ref('int_forecast_measure') }} as measure
    cross join today
    where week.week_start >= {{ add_days('today.week_start', -7 * (rules['past_weeks_shown'] | int)) }}
)

select
    line.unit_type,
    line.unit_code,
    line.measure,
    measure.measure_name,
    line.week_start,
    {{ add_days('line.week_start', 6) }} as week_end,
    {{ iso_week('line.week_start') }} as iso_week,
    cast(line.working_days as integer) as working_days,
    line.is_forecast,
    cast(line.actual as bigint) as actual,
    cast(line.expected as double) as expected,
    cast(line.low as double) as low,
    cast(line.high as double) as high,
    case when line.is_forecast then measure.method end as method,
    case when line.is_forecast then measure.method_name end as method_name,
    line.reason
from line
inner join {{ ref('int_forecast_measure') }} as measure on line.measure = measure.measure
