select
    procedure_code,
    procedure_name,
    field_code,
    field_name,
    online_level,
    time_limit,
    time_limit_unit,
    {{ limit_in_working_hours('time_limit', 'time_limit_unit') }} as time_limit_working_hours,
    is_land,
    next_day_if_received_after,
    mountain_addition_working_days,
    valid_from,
    valid_to,
    source,
    verified,
    {{ is_current('valid_from', 'valid_to') }} as is_current
from {{ ref('procedure') }}
