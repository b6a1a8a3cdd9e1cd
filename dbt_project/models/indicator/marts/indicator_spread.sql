-- Without the commune, on purpose: a commune may see how the others lie, and none of them.
with spread as (
    select
        period_type,
        period_start,
        indicator_code,
        cast(count(*) as integer) as communes,
        {{ quantile_of_peers('value', 0.1) }} as p10,
        {{ quantile_of_peers('value', 0.25) }} as p25,
        {{ quantile_of_peers('value', 0.5) }} as p50,
        {{ quantile_of_peers('value', 0.75) }} as p75,
        {{ quantile_of_peers('value', 0.9) }} as p90
    from {{ ref('commune_indicator') }}
    where light <> 'grey' and period_type <> 'day'
    group by period_type, period_start, indicator_code
)

select
    spread.period_type,
    spread.period_start,
    spread.indicator_code,
    spread.communes,
    spread.p10,
    spread.p25,
    spread.p50,
    spread.p75,
    spread.p90,
    {{ vietnamese_short('round(' ~ readable('spread.p50', 'indicator.unit') ~ ', 1)') }}
    || {{ unit_name('indicator.unit') }} as p50_label
from spread
inner join {{ ref('indicator') }} as indicator on spread.indicator_code = indicator.indicator_code
