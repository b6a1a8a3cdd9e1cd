select
    date,
    cast(sum(received) as bigint) as received,
    cast(sum(resolved) as bigint) as resolved,
    cast(sum(withdrawn_or_refused) as bigint) as withdrawn_or_refused,
    cast(sum(open_at_end) as bigint) as open_at_end,
    cast(sum(overdue_at_end) as bigint) as overdue_at_end,
    cast(sum(exports_arrived) as bigint) as exports_received,
    cast(sum(exports_expected) as bigint) as exports_expected,
    is_latest
from {{ ref('commune_day') }}
group by date, is_latest
