-- The light of a unit, commune or province, with all that is said of it.
select
    lit.unit_code,
    lit.period_type,
    lit.period_start,
    period.period_end,
    lit.light,
    {{ unit_light_label('lit.light') }} as light_label,
    lit.worst_indicator,
    worst.indicator_name as worst_indicator_name,
    lit.green,
    lit.yellow,
    lit.red,
    lit.grey,
    {{ unit_light_words('lit', 'worst.indicator_name') }} as explanation,
    period.is_latest,
    period.is_complete
from {{ ref('int_unit_light') }} as lit
inner join {{ ref('int_period') }} as period
    on lit.period_type = period.period_type and lit.period_start = period.period_start
left join {{ ref('indicator') }} as worst on lit.worst_indicator = worst.indicator_code
