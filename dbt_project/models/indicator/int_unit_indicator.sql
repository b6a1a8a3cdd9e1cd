{{ config(materialized='table') }}

-- From measures to lights: every indicator of every unit in every period.
with termed as (
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
        {{ indicator_term(0, 'rule.indicator_code') }} as numerator,
        {{ indicator_term(1, 'rule.indicator_code') }} as denominator,
        {{ is_silent('measured') }} or rule.is_reported as is_silent
    from {{ ref('int_period_indicator') }} as rule
    inner join {{ ref('int_unit_period') }} as measured
        on rule.period_type = measured.period_type and rule.period_start = measured.period_start
),

guarded as (
    select
        *,
        case when denominator <> 0 then numerator / cast(denominator as double) end as value,
        {{ grey_reason_of('denominator', 'is_silent', 'is_too_early', 'min_denominator') }} as grey_reason
    from termed
)

select
    guarded.unit_code,
    guarded.period_type,
    guarded.period_start,
    guarded.indicator_code,
    guarded.numerator,
    guarded.denominator,
    guarded.value,
    case
        when guarded.unit = 'share' and guarded.denominator > 0
            then {{ wilson_bound('guarded.numerator', 'guarded.denominator', -1) }}
    end as value_low,
    case
        when guarded.unit = 'share' and guarded.denominator > 0
            then {{ wilson_bound('guarded.numerator', 'guarded.denominator', 1) }}
    end as value_high,
    case when guarded.grey_reason is null then {{ light_of('guarded.value', 'guarded') }} else 'grey' end as light,
    guarded.grey_reason
from guarded
