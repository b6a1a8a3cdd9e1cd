{{ config(materialized='table') }}

-- Every value beside that of the period before, where there was one.
select
    later.unit_code,
    later.period_type,
    later.period_start,
    later.indicator_code,
    earlier.numerator as numerator_before,
    earlier.denominator as denominator_before,
    case when earlier.grey_reason is null then earlier.value end as value_before,
    -- A value that may not be judged may not be compared.
    case when later.grey_reason is null and earlier.grey_reason is null then later.value - earlier.value end as change,
    case
        when later.grey_reason is null and earlier.grey_reason is null
            then round({{ readable('(later.value - earlier.value)', 'rule.unit') }}, 1)
    end as change_shown
from {{ ref('int_unit_indicator') }} as later
inner join {{ ref('int_period_indicator') }} as rule
    on
        later.period_type = rule.period_type
        and later.period_start = rule.period_start
        and later.indicator_code = rule.indicator_code
inner join {{ ref('int_unit_indicator') }} as earlier
    on
        later.unit_code = earlier.unit_code
        and later.period_type = earlier.period_type
        and rule.previous_start = earlier.period_start
        and later.indicator_code = earlier.indicator_code
