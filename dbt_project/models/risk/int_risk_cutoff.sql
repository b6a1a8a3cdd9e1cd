{{ config(materialized='table') }}

-- The evenings as of which open dossiers are judged: that of the data, and past ones whose outcome is known by now, to
-- hold the method against what came. A past evening counts only where exports had begun.
{%- set past = var('risk_backtest') %}

with rule as (
    select *
    from {{ ref('risk_rule') }}
    where {{ is_current('valid_from', 'valid_to') }}
),

today as (
    select
        date,
        working_day_number
    from {{ ref('int_calendar') }}
    where date = {{ as_of_date() }}
),

asked as (
    {{ number_series(1, past['cutoffs'] | int(1)) }}
),

evening as (
    select
        date as cutoff_on,
        working_day_number,
        true as is_today
    from today
    union all
    select
        calendar.date as cutoff_on,
        calendar.working_day_number,
        false as is_today
    from today
    cross join asked
    inner join {{ ref('int_calendar') }} as calendar
        on
            today.working_day_number - {{ past['newest_working_days_ago'] }}
            - {{ past['every_working_days'] }} * (asked.number - 1) = calendar.working_day_number
            and calendar.is_working_day
),

first_export as (
    select min(export_date) as exported_from
    from {{ ref('int_delivery') }}
    where kind = 'hoso' and is_live
)

select
    evening.cutoff_on,
    evening.is_today,
    evening.working_day_number,
    {{ working_minutes_until(cutoff_of('evening.cutoff_on'), 'own_day') }} as cutoff_minute,
    window_day.date as learnt_from,
    rule.high_from,
    rule.listed_from,
    rule.parent_weight
from evening
cross join rule
cross join first_export
inner join {{ ref('int_calendar') }} as own_day on evening.cutoff_on = own_day.date
inner join {{ ref('int_calendar') }} as window_day
    on
        evening.working_day_number - rule.window_working_days = window_day.working_day_number
        and window_day.is_working_day
where evening.is_today or evening.cutoff_on >= first_export.exported_from
