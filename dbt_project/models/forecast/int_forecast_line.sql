-- The forecast behind the weeks that led to it, for one line on a page.
with today as (
    select week_start
    from {{ ref('int_calendar') }}
    where date = {{ as_of_date() }}
),

line as (
    select
        unit_type,
        unit_code,
        measure,
        week_start,
        working_days,
        cast(null as bigint) as actual,
        expected,
        low,
        high,
        reason,
        true as is_forecast
    from {{ ref('int_forecast_coming') }}
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
    where week.week_start >= {{ add_days('today.week_start', -7 * (var('forecast')['past_weeks_shown'] | int)) }}
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
