with judged as (
    {{ judged_indicators(ref('int_province_period'), []) }}
)

select
    period_type,
    period_start,
    period_end,
    indicator_code,
    indicator_name,
    numerator,
    denominator,
    value,
    light,
    grey_reason,
    -- A province has no rank within itself; the column keeps both tables alike.
    cast(null as integer) as rank,
    is_signal,
    is_latest,
    is_complete
from judged
