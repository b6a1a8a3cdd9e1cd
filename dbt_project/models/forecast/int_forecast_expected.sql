{{ config(materialized='table') }}

-- What is expected of the weeks after each week that is over, from nothing but the weeks up to it. Received: the mean
-- of the last weeks per class of day, times the days of the class that the coming week has; a class that they did not
-- hold counts like a mean working day. Overdue: the stock at the week's end, which did better than a trend.
{%- set rules = var('forecast') %}
{%- set weeks_before = [rules['history_weeks'] | int - 1, 0] | max %}

with ahead as (
    {{ number_series(1, rules['weeks_ahead'] | int + 1) }}
),

day_class as (
    select
        {{ week_number('calendar.week_start') }} as week_number,
        calendar.week_start,
        {{ day_class('calendar') }} as day_class,
        count(*) as days
    from {{ ref('int_calendar') }} as calendar
    where calendar.date between {{ history_floor() }} and {{ add_months(as_of_date(), 3) }}
    group by calendar.week_start, {{ day_class('calendar') }}
),

looked_back as (
    select
        *,
        sum(received) over recent as recent_received,
        sum(days) over recent as recent_days
    from {{ ref('int_forecast_class') }}
    window recent as (
        partition by unit_type, unit_code, day_class order by week_number
        rows between {{ weeks_before }} preceding and current row
    )
),

rate as (
    select
        unit_type,
        unit_code,
        week_number,
        day_class,
        recent_received / cast(nullif(recent_days, 0) as double) as class_rate,
        sum(case when day_class > 0 then recent_received end) over week
        / cast(nullif(sum(case when day_class > 0 then recent_days end) over week, 0) as double) as working_day_rate
    from looked_back
    window week as (partition by unit_type, unit_code, week_number)
),

usual_rate as (
    select
        unit_type,
        unit_code,
        week_number,
        day_class,
        coalesce(class_rate, case when day_class > 0 then working_day_rate end, 0) as usual_rate
    from rate
),

origin as (
    select
        *,
        sum(received) over recent as recent_received
    from {{ ref('int_forecast_week') }}
    window recent as (
        partition by unit_type, unit_code order by week_number
        rows between {{ weeks_before }} preceding and current row
    )
),

newest as (
    select max(week_number) as week_number
    from {{ ref('int_forecast_week') }}
),

asked as (
    select
        origin.*,
        ahead.number as horizon,
        origin.week_number + ahead.number as target_number
    from origin
    cross join newest
    cross join ahead
    where origin.week_number > newest.week_number - {{ rules['backtest_weeks'] }}
),

received as (
    select
        asked.unit_type,
        asked.unit_code,
        asked.week_number,
        asked.horizon,
        'received' as measure,
        cast(sum({{ summable('day_class.days * rate.usual_rate') }}) as double) as expected
    from asked
    inner join day_class on asked.target_number = day_class.week_number
    inner join usual_rate as rate
        on
            asked.unit_type = rate.unit_type
            and asked.unit_code = rate.unit_code
            and asked.week_number = rate.week_number
            and day_class.day_class = rate.day_class
    group by asked.unit_type, asked.unit_code, asked.week_number, asked.horizon
),

expected as (
    select
        unit_type,
        unit_code,
        week_number,
        horizon,
        measure,
        expected
    from received
    union all
    select
        unit_type,
        unit_code,
        week_number,
        horizon,
        'overdue' as measure,
        cast(overdue as double) as expected
    from asked
),

working_days as (
    select
        week_number,
        min(week_start) as week_start,
        sum(case when day_class > 0 then days else 0 end) as working_days
    from day_class
    group by week_number
),

ahead_of_week as (
    select
        asked.*,
        target.week_start as target_start,
        target.working_days as target_working_days,
        sum(target.working_days) over (
            partition by asked.unit_type, asked.unit_code, asked.week_number
            order by asked.horizon rows unbounded preceding
        ) as working_days_ahead
    from asked
    inner join working_days as target on asked.target_number = target.week_number
)

select
    ahead_of_week.unit_type,
    ahead_of_week.unit_code,
    expected.measure,
    ahead_of_week.week_start as made_after,
    ahead_of_week.week_number,
    ahead_of_week.horizon,
    ahead_of_week.target_start as week_start,
    ahead_of_week.target_number,
    ahead_of_week.target_working_days as working_days,
    ahead_of_week.working_days_ahead,
    ahead_of_week.weeks_known,
    ahead_of_week.recent_received,
    expected.expected
from ahead_of_week
inner join expected
    on
        ahead_of_week.unit_type = expected.unit_type
        and ahead_of_week.unit_code = expected.unit_code
        and ahead_of_week.week_number = expected.week_number
        and ahead_of_week.horizon = expected.horizon
