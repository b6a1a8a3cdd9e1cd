-- The province's terms are the sums of its communes' terms.
with communes as (
    select
        period_type,
        period_start,
        indicator_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from {{ ref('commune_indicator') }}
    group by period_type, period_start, indicator_code
)

select
    province.period_type,
    province.period_start,
    province.indicator_code,
    province.numerator,
    communes.numerator as communes_numerator,
    province.denominator,
    communes.denominator as communes_denominator
from {{ ref('province_indicator') }} as province
full outer join communes
    on
        province.period_type = communes.period_type
        and province.period_start = communes.period_start
        and province.indicator_code = communes.indicator_code
where
    coalesce(province.numerator <> communes.numerator, true)
    or coalesce(province.denominator <> communes.denominator, true)
