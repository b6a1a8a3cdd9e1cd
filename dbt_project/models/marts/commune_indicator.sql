with judged as (
    {{ judged_indicators(ref('int_commune_period'), ['commune_code']) }}
),

-- Competition ranking (1, 2, 2, 4) among those that may be judged; who is grey has no rank.
ranked as (
    select
        commune_code,
        period_type,
        period_start,
        indicator_code,
        rank() over (
            partition by period_type, period_start, indicator_code
            order by case direction when 'higher' then -value else value end
        ) as rank
    from judged
    where light <> 'grey'
)

select
    judged.commune_code,
    commune.commune_name,
    judged.period_type,
    judged.period_start,
    judged.period_end,
    judged.indicator_code,
    judged.indicator_name,
    judged.numerator,
    judged.denominator,
    judged.value,
    judged.light,
    judged.grey_reason,
    cast(ranked.rank as integer) as rank,
    judged.is_signal,
    judged.is_latest,
    judged.is_complete
from judged
inner join {{ ref('int_commune_spine') }} as commune on judged.commune_code = commune.commune_code
left join ranked
    on
        judged.commune_code = ranked.commune_code
        and judged.period_type = ranked.period_type
        and judged.period_start = ranked.period_start
        and judged.indicator_code = ranked.indicator_code
