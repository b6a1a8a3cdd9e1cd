-- Without the commune, on purpose, like indicator_spread. The total stands beside the groups under a name of its own.
with scored as (
    select
        period_type,
        period_start,
        profile_code,
        'total' as group_code,
        score_total as points
    from {{ ref('commune_score') }}
    union all
    select
        score_group.period_type,
        score_group.period_start,
        score_group.profile_code,
        score_group.group_code,
        score_group.points
    from {{ ref('commune_score_group') }} as score_group
    inner join {{ ref('commune_score') }} as score
        on
            score_group.commune_code = score.commune_code
            and score_group.period_type = score.period_type
            and score_group.period_start = score.period_start
            and score_group.profile_code = score.profile_code
    where score.score_total is not null
)

select
    period_type,
    period_start,
    profile_code,
    group_code,
    cast(count(points) as integer) as communes,
    {{ quantile_of_peers('points', 0.1) }} as p10,
    {{ quantile_of_peers('points', 0.25) }} as p25,
    {{ quantile_of_peers('points', 0.5) }} as p50,
    {{ quantile_of_peers('points', 0.75) }} as p75,
    {{ quantile_of_peers('points', 0.9) }} as p90
from scored
group by period_type, period_start, profile_code, group_code
