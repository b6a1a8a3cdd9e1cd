-- Which version judges is chosen in one place, so that no reader has to choose by dates.
select
    period.period_type,
    period.period_type_name,
    period.period_start,
    period.period_label,
    told.indicator_code,
    told.indicator_name,
    told.short_name,
    told.display_order,
    told.description,
    told.unit,
    told.direction,
    told.threshold_source,
    told.verified
from {{ ref('int_period_indicator') }} as rule
inner join {{ ref('dim_period') }} as period
    on rule.period_type = period.period_type and rule.period_start = period.period_start
inner join {{ ref('dim_indicator') }} as told
    on rule.indicator_code = told.indicator_code and rule.rule_from = told.valid_from
