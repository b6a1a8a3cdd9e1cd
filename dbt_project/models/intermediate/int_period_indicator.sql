{{ config(materialized='table') }}

-- Every indicator in every period, with the rule that judges it there: the version in force on the period's last day.
select
    period.period_type,
    period.period_start,
    period.period_end,
    period.is_complete,
    period.is_latest,
    period.is_too_early,
    indicator.indicator_code,
    indicator.indicator_name,
    indicator.direction,
    indicator.is_reported,
    threshold.green_from,
    threshold.yellow_from,
    threshold.min_denominator
from {{ ref('int_period') }} as period
cross join {{ ref('indicator') }} as indicator
left join {{ ref('indicator_threshold') }} as threshold
    on
        indicator.indicator_code = threshold.indicator_code
        and {{ is_valid_on('period.period_end', 'threshold.valid_from', 'threshold.valid_to') }}
