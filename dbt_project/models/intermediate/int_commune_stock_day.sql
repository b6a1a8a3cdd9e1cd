-- Evening stocks per commune, over all fields.
select
    commune_code,
    date,
    sum(open_at_end) as open_at_end,
    sum(overdue_at_end) as overdue_at_end,
    sum(paused_at_end) as paused_at_end,
    sum(overdue_with_apology_at_end) as overdue_with_apology_at_end,
    sum(on_time_portal_at_end) as on_time_portal_at_end
from {{ ref('commune_flow_day') }}
group by commune_code, date
