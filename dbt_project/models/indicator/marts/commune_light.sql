select
    told.unit_code as commune_code,
    commune.commune_name,
    told.period_type,
    told.period_start,
    told.period_end,
    told.light,
    told.light_label,
    told.worst_indicator,
    told.worst_indicator_name,
    told.green,
    told.yellow,
    told.red,
    told.grey,
    told.explanation,
    told.is_latest,
    told.is_complete
from {{ ref('int_unit_light_told') }} as told
inner join {{ ref('int_commune_spine') }} as commune on told.unit_code = commune.commune_code
