select
    explained.unit_code as commune_code,
    commune.commune_name,
    explained.period_type,
    explained.period_start,
    explained.period_end,
    explained.indicator_code,
    explained.indicator_name,
    explained.numerator,
    explained.denominator,
    explained.value,
    explained.value_label,
    explained.value_short_label,
    explained.value_low,
    explained.value_high,
    explained.light,
    explained.light_label,
    explained.grey_reason,
    explained.threshold_green,
    explained.threshold_yellow,
    -- Competition ranking (1, 2, 2, 4) among those that may be judged; who is grey has no rank.
    case
        when explained.light <> 'grey'
            then cast(
                rank() over (
                    partition by
                        explained.period_type,
                        explained.period_start,
                        explained.indicator_code,
                        explained.light = 'grey'
                    order by case explained.direction when 'higher' then -explained.value else explained.value end
                ) as integer
            )
    end as rank,
    explained.value_before,
    explained.change,
    explained.change_label,
    explained.moved_most,
    explained.signal_rule is not null as is_signal,
    explained.signal_rule,
    explained.limit_low,
    explained.limit_centre,
    explained.limit_high,
    explained.explanation,
    explained.is_latest,
    explained.is_complete
from {{ ref('int_unit_indicator_explained') }} as explained
inner join {{ ref('int_commune_spine') }} as commune on explained.unit_code = commune.commune_code
