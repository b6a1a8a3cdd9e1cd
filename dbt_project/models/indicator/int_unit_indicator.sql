{{ config(materialized='table') }}

-- From measures to lights: every indicator of every unit in every period.
with with_terms as (
    select
        measured.unit_code,
        rule.period_type,
        rule.period_start,
        rule.indicator_code,
        rule.unit,
        rule.direction,
        rule.is_too_early,
        rule.green_from,
        rule.yellow_from,
        rule.min_denominator,
        {{ indicator_term('numerator', 'rule.indicator_code') }} as numerator,
        {{ indicator_term('denominator', 'rule.indicator_code') }} as denominator,
        {{ is_silent('measured') }} or rule.is_reported as is_silent
    from {{ ref('int_period_indicator') }} as rule
    inner join {{ ref('int_unit_period') }} as measured
        on rule.period_type = measured.period_type and rule.period_start = measured.period_start
),

valued as (
    select
        *,
        case when denominator <> 0 then numerator / cast(denominator as double) end as value,
        {{ grey_reason_of('denominator', 'is_silent', 'is_too_early', 'min_denominator') }} as grey_reason
    from with_terms
)

select
    valued.unit_code,
    valued.period_type,
    valued.period_start,
    valued.indicator_code,
    valued.numerator,
    valued.denominator,
    valued.value,
    case
        when valued.unit = 'share' and valued.denominator > 0
            then {{ wilson_bound('valued.numerator', 'valued.denominator', -1) }}
    end as value_low,
    case
        when valued.unit = 'share' and valued.denominator > 0
            then {{ wilson_bound('valued.numerator', 'valued.denominator', 1) }}
    end as value_high,
    case when valued.grey_reason is null then {{ light_of('valued.value', 'valued') }} else 'grey' end as light,
    valued.grey_reason
from valued
