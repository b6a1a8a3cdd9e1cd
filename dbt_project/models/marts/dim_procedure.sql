select
    procedure_code,
    procedure_name,
    field_code,
    field_name,
    online_level,
    time_limit_working_hours,
    is_land,
    after_15h_next_day,
    valid_from,
    valid_to,
    source,
    verified,
    {{ is_current('valid_from', 'valid_to') }} as is_current
from {{ ref('procedure') }}
