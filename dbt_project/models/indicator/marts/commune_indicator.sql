select
    told.unit_code as commune_code,
    commune.commune_name,
    told.period_type,
    told.period_start,
    told.period_end,
    told.indicator_code,
    told.indicator_name,
    told.numerator,
    told.denominator,
    told.value,
    told.value_label,
    told.value_low,
    told.value_high,
    told.light,
    told.light_label,
    told.grey_reason,
    told.threshold_green,
    told.threshold_yellow,
    -- Competition ranking (1, 2, 2, 4) among those that may be judged; who is grey has no rank.
    case
        when told.light <> 'grey'
            then cast(
                rank() over (
                    partition by told.period_type, told.period_start, told.indicator_code, told.light = 'grey'
                    order by case told.direction when 'higher' then -told.value else told.value end
                ) as integer
            )
    end as rank,
    told.value_before,
    told.change,
    told.moved_most,
    told.signal_rule is not null as is_signal,
    told.signal_rule,
    told.limit_low,
    told.limit_centre,
    told.limit_high,
    told.explanation,
    told.is_latest,
    told.is_complete
from {{ ref('int_unit_told') }} as told
inner join {{ ref('int_commune_spine') }} as commune on told.unit_code = commune.commune_code
