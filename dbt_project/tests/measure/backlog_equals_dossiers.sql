-- The newest evening's stocks, built from daily changes, are the very dossiers that are open now.
with flow as (
    select
        commune_code,
        field_code,
        open_at_end,
        overdue_at_end,
        paused_at_end
    from {{ ref('commune_flow_day') }}
    where is_latest
),

dossiers as (
    select
        commune_code,
        field_code,
        sum(case when is_open then 1 else 0 end) as open_now,
        sum(case when is_overdue then 1 else 0 end) as overdue_now,
        sum(case when is_open and state = 'paused' then 1 else 0 end) as paused_now
    from {{ ref('fct_dossier') }}
    where received_on is not null
    group by commune_code, field_code
)

select
    flow.commune_code,
    flow.field_code,
    flow.open_at_end,
    dossiers.open_now,
    flow.overdue_at_end,
    dossiers.overdue_now,
    flow.paused_at_end,
    dossiers.paused_now
from flow
full outer join dossiers
    on flow.commune_code = dossiers.commune_code and flow.field_code = dossiers.field_code
where
    coalesce(flow.open_at_end, 0) <> coalesce(dossiers.open_now, 0)
    or coalesce(flow.overdue_at_end, 0) <> coalesce(dossiers.overdue_now, 0)
    or coalesce(flow.paused_at_end, 0) <> coalesce(dossiers.paused_now, 0)
