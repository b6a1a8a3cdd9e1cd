{{ config(materialized='table') }}

-- What would have been expected of weeks that are over by now, beside what they came to; the error in units of the
-- usual spread, so that errors of different amounts and distances can be put together.
with compared as (
    select
        expected.*,
        case expected.measure when 'received' then week.received else week.overdue end as actual
    from {{ ref('int_forecast_expected') }} as expected
    inner join {{ ref('int_forecast_week') }} as week
        on
            expected.unit_type = week.unit_type
            and expected.unit_code = week.unit_code
            and expected.target_number = week.week_number
)

select
    *,
    (actual - expected) / {{ forecast_scale('measure', 'expected', 'working_days_ahead') }} as scaled_error
from compared
