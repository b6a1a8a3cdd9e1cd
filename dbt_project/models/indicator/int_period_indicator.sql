{{ config(materialized='table') }}

-- Every indicator in every period, with the rule that judges it there: the version in force on the last day that the
-- period has counted. A period in which the rule changed is judged whole by the new one; a rule that is announced
-- judges nothing before its first day has come.
select
    period.period_type,
    period.period_start,
    period.period_end,
    period.previous_start,
    period.is_complete,
    period.is_latest,
    period.is_too_early,
    kept.period_type_name,
    kept.is_charted,
    kept.is_explained,
    indicator.indicator_code,
    indicator.indicator_name,
    indicator.unit,
    indicator.direction,
    indicator.is_reported,
    indicator.numerator_name,
    indicator.denominator_name,
    indicator.is_key,
    threshold.green_from,
    threshold.yellow_from,
    threshold.min_denominator,
    threshold.valid_from as rule_from
from {{ ref('int_period') }} as period
inner join {{ ref('period_type') }} as kept on period.period_type = kept.period_type
cross join {{ ref('indicator') }} as indicator
left join {{ ref('indicator_threshold') }} as threshold
    on
        indicator.indicator_code = threshold.indicator_code
        and {{ is_valid_on('period.counted_to', 'threshold.valid_from', 'threshold.valid_to') }}
