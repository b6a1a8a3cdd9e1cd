select
    period_type,
    period_start,
    period_end,
    light,
    light_label,
    worst_indicator,
    worst_indicator_name,
    green,
    yellow,
    red,
    grey,
    explanation,
    is_latest,
    is_complete
from {{ ref('int_unit_light') }}
where unit_code = {{ province_code() }}
