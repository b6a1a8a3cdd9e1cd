with judged as (
    {{ judged_indicators(ref('int_commune_period'), ['commune_code']) }}
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
    -- Competition ranking (1, 2, 2, 4) among those that may be judged; who is grey has no rank.
    case
        when judged.light <> 'grey'
            then cast(
                rank() over (
                    partition by judged.period_type, judged.period_start, judged.indicator_code, judged.light = 'grey'
                    order by case judged.direction when 'higher' then -judged.value else judged.value end
                ) as integer
            )
    end as rank,
    judged.is_signal,
    judged.is_latest,
    judged.is_complete
from judged
inner join {{ ref('int_commune_spine') }} as commune on judged.commune_code = commune.commune_code
