select
    field_code,
    field_name,
    cast(sum(open_at_end) as bigint) as open_at_end,
    cast(sum(overdue_at_end) as bigint) as overdue_at_end
from {{ ref('commune_flow_day') }}
where is_latest
group by field_code, field_name
