{{ config(materialized='table') }}

with elapsed as (
    select
        period_type,
        period_start,
        last_day,
        max(date) as counted_to,
        sum(case when is_working_day then 1 else 0 end) as working_days_elapsed
    from {{ ref('int_period_day') }}
    group by period_type, period_start, last_day
),

ended as (
    select
        *,
        case period_type
            when 'week' then {{ add_days('period_start', 6) }}
            when 'month' then {{ add_days(add_months('period_start', 1), -1) }}
            when 'report_month' then {{ add_days(add_months('period_start', 1), -1) }}
            when 'quarter' then {{ add_days(add_months('period_start', 3), -1) }}
            when 'year' then {{ add_days(add_months('period_start', 12), -1) }}
            when 'to_date' then last_day
            else period_start
        end as period_end
    from elapsed
)

select
    ended.period_type,
    ended.period_start,
    ended.period_end,
    ended.counted_to,
    lag(ended.period_start) over (partition by ended.period_type order by ended.period_start) as previous_start,
    cast(ended.working_days_elapsed as integer) as working_days_elapsed,
    ended.period_end < ended.last_day as is_complete,
    ended.counted_to = ended.last_day as is_latest,
    ended.period_end >= ended.last_day and ended.working_days_elapsed < kept.min_working_days as is_too_early
from ended
inner join {{ ref('period_type') }} as kept on ended.period_type = kept.period_type
