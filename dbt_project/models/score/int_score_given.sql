{{ config(materialized='table') }}

-- What the exports do not tell but the portal or the province states, per commune and period: an own value before one
-- for the whole province.
with stated as (
    select
        rule.period_type,
        rule.period_start,
        rule.profile_code,
        rule.indicator_code,
        given.commune_code,
        given.numerator,
        given.denominator
    from {{ ref('int_score_rule') }} as rule
    inner join {{ ref('score_given') }} as given
        on
            rule.profile_code = given.profile_code
            and rule.indicator_code = given.indicator_code
            and {{ is_valid_on('rule.period_end', 'given.valid_from', 'given.valid_to') }}
    where given.province_code = {{ province_code() }}
),

asked as (
    select distinct
        stated.period_type,
        stated.period_start,
        stated.profile_code,
        stated.indicator_code,
        commune.commune_code
    from stated
    inner join {{ ref('int_commune_spine') }} as commune
        on stated.commune_code is null or stated.commune_code = commune.commune_code
)

select
    asked.commune_code,
    asked.period_type,
    asked.period_start,
    asked.profile_code,
    asked.indicator_code,
    coalesce(own.numerator, general.numerator) as numerator,
    coalesce(own.denominator, general.denominator) as denominator
from asked
left join stated as own
    on
        asked.commune_code = own.commune_code
        and asked.period_type = own.period_type
        and asked.period_start = own.period_start
        and asked.profile_code = own.profile_code
        and asked.indicator_code = own.indicator_code
left join stated as general
    on
        general.commune_code is null
        and asked.period_type = general.period_type
        and asked.period_start = general.period_start
        and asked.profile_code = general.profile_code
        and asked.indicator_code = general.indicator_code
