-- Ten bands of estimated risk: how often dossiers of the band did turn late.
with decided as (
    select
        cast(least(floor(risk * 10), 9) as integer) as band,
        risk,
        case when is_late then 1 else 0 end as late
    from {{ ref('int_risk_outcome') }}
    where is_late is not null
)

select
    band,
    band / 10.0 as risk_from,
    (band + 1) / 10.0 as risk_to,
    cast(count(*) as bigint) as dossiers,
    cast(sum(late) as bigint) as late,
    cast(avg({{ summable('risk') }}) as double) as mean_risk,
    cast(sum(late) as double) / count(*) as late_share
from decided
group by band
