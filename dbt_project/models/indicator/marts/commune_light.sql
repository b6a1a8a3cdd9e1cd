select
    unit_light.unit_code as commune_code,
    commune.commune_name,
    unit_light.period_type,
    unit_light.period_start,
    unit_light.period_end,
    unit_light.light,
    unit_light.light_label,
    unit_light.worst_indicator,
    unit_light.worst_indicator_name,
    unit_light.green,
    unit_light.yellow,
    unit_light.red,
    unit_light.grey,
    unit_light.explanation,
    unit_light.is_latest,
    unit_light.is_complete
from {{ ref('int_unit_light') }} as unit_light
inner join {{ ref('int_commune_spine') }} as commune on unit_light.unit_code = commune.commune_code
