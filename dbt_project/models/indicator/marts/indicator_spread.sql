-- Without the commune, on purpose: a commune may see how the others lie, and none of them.
select
    judged.period_type,
    judged.period_start,
    judged.indicator_code,
    cast(count(*) as integer) as communes,
    {{ quantile_of_peers('judged.value', 0.1) }} as p10,
    {{ quantile_of_peers('judged.value', 0.25) }} as p25,
    {{ quantile_of_peers('judged.value', 0.5) }} as p50,
    {{ quantile_of_peers('judged.value', 0.75) }} as p75,
    {{ quantile_of_peers('judged.value', 0.9) }} as p90
from {{ ref('commune_indicator') }} as judged
where judged.light <> 'grey' and judged.period_type <> 'day'
group by judged.period_type, judged.period_start, judged.indicator_code
