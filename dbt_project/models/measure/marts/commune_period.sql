select
    commune.commune_code,
    commune.commune_name,
    period.period_type,
    period.period_type_name,
    period.period_start,
    period.period_end,
    period.period_label,
    measured.received,
    measured.resolved,
    measured.resolved_late,
    measured.withdrawn_or_refused,
    measured.open_at_end,
    measured.overdue_at_end,
    measured.paused_at_end,
    before.received as received_before,
    before.resolved as resolved_before,
    before.open_at_end as open_before,
    before.overdue_at_end as overdue_before,
    period.is_latest,
    period.is_complete,
    period.is_shown
from {{ ref('int_unit_period') }} as measured
inner join {{ ref('dim_period') }} as period
    on measured.period_type = period.period_type and measured.period_start = period.period_start
inner join {{ ref('int_commune_spine') }} as commune on measured.unit_code = commune.commune_code
left join {{ ref('int_unit_period') }} as before
    on
        measured.unit_code = before.unit_code
        and measured.period_type = before.period_type
        and period.previous_start = before.period_start
where period.period_type <> 'day'
