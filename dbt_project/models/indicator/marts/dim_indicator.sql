select
    indicator.indicator_code,
    indicator.indicator_name,
    coalesce(display.short_name, indicator.indicator_name) as short_name,
    -- What was given no place stands behind the others.
    coalesce(display.display_order, 1000) as display_order,
    indicator.description,
    indicator.unit,
    indicator.direction,
    indicator.legal_basis,
    indicator.source,
    threshold.source as threshold_source,
    indicator.verified and threshold.verified as verified,
    threshold.green_from,
    threshold.yellow_from,
    threshold.min_denominator,
    threshold.valid_from,
    threshold.valid_to
from {{ ref('indicator') }} as indicator
inner join {{ ref('indicator_threshold') }} as threshold on indicator.indicator_code = threshold.indicator_code
left join {{ ref('indicator_display') }} as display on indicator.indicator_code = display.indicator_code
