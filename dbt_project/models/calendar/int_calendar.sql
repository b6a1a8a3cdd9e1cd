{{ config(materialized='table') }}

with days as (
    {{ day_series("cast('" ~ var('calendar_from') ~ "' as date)", "cast('" ~ var('calendar_to') ~ "' as date)") }}
),

judged as (
    select
        days.date,
        holiday.holiday_name,
        coalesce(
            calendar_override.is_working_day, holiday.date is null and {{ iso_weekday('days.date') }} <= 5
        ) as is_working_day,
        {{ minute_of_text('hours.morning_from') }} as morning_from_minute,
        {{ minute_of_text('hours.morning_to') }} as morning_to_minute,
        {{ minute_of_text('hours.afternoon_from') }} as afternoon_from_minute,
        {{ minute_of_text('hours.afternoon_to') }} as afternoon_to_minute
    from days
    left join {{ ref('holiday') }} as holiday on days.date = holiday.date
    left join {{ ref('calendar_override') }} as calendar_override on days.date = calendar_override.date
    left join {{ ref('working_hours') }} as hours
        on {{ is_valid_on('days.date', 'hours.valid_from', 'hours.valid_to') }}
),

measured as (
    select
        *,
        case
            when is_working_day
                then morning_to_minute - morning_from_minute + afternoon_to_minute - afternoon_from_minute
            else 0
        end as working_minutes
    from judged
),

numbered as (
    select
        *,
        cast(
            sum(case when is_working_day then 1 else 0 end) over (order by date rows unbounded preceding) as integer
        ) as working_day_number,
        cast(date_trunc('month', date) as date) as month_start,
        -- The report month runs from the 15th to the 14th and is named after the month it ends in.
        {{ add_days("cast(date_trunc('month', " ~ add_days('date', -14) ~ ") as date)", 14) }} as report_month_start
    from measured
)

select
    date,
    is_working_day,
    holiday_name,
    working_day_number,
    min(case when is_working_day then date end) over (order by date rows between 1 following and unbounded following)
        as next_working_date,
    cast(
        sum(working_minutes) over (order by date rows unbounded preceding) - working_minutes as bigint
    ) as working_minutes_before,
    cast(working_minutes as integer) as working_minutes,
    morning_from_minute,
    morning_to_minute,
    afternoon_from_minute,
    afternoon_to_minute,
    cast(date_trunc('week', date) as date) as week_start,
    month_start,
    report_month_start,
    -- Working days that the month, or the report month, still has after this day: the smaller of the two.
    least(
        max(working_day_number) over (partition by month_start),
        max(working_day_number) over (partition by report_month_start)
    ) - working_day_number as working_days_to_period_end,
    cast(date_trunc('quarter', date) as date) as quarter_start,
    cast(date_trunc('year', date) as date) as year_start
from numbered
