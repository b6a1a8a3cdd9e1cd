-- Which version judges is chosen in one place, so that no reader has to choose by dates.
select
    period.period_type,
    period.period_type_name,
    period.period_start,
    period.period_label,
    indicator.indicator_code,
    indicator.indicator_name,
    indicator.short_name,
    indicator.display_order,
    indicator.description,
    indicator.unit,
    indicator.direction,
    indicator.threshold_source,
    indicator.verified
from {{ ref('int_period_indicator') }} as rule
inner join {{ ref('dim_period') }} as period
    on rule.period_type = period.period_type and rule.period_start = period.period_start
inner join {{ ref('dim_indicator') }} as indicator
    on rule.indicator_code = indicator.indicator_code and rule.rule_from = indicator.valid_from
