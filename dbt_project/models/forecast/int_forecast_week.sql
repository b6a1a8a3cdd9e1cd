{{ config(materialized='table') }}

-- What the weeks that are over came to.
with week as (
    select
        unit_type,
        unit_code,
        week_start,
        week_number,
        sum(received) as received,
        max(overdue_at_week_end) as overdue,
        sum(case when day_class > 0 then days else 0 end) as working_days
    from {{ ref('int_forecast_class') }}
    group by unit_type, unit_code, week_start, week_number
)

select
    *,
    row_number() over (partition by unit_type, unit_code order by week_start) as weeks_known
from week
