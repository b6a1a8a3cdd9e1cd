{{ config(materialized='table') }}

with deliveries as (
    select
        delivery_id,
        landing_seq,
        kind,
        export_date,
        file_name,
        min(arrived_at) as arrived_at,
        max(case when status in ('accepted', 'accepted_with_rejects') then 1 else 0 end) = 1 as is_accepted
    from {{ ref('stg_delivery') }}
    group by delivery_id, landing_seq, kind, export_date, file_name
),

compared as (
    select
        *,
        max(case when is_accepted then landing_seq end) over same_file as live_landing_seq,
        max(landing_seq) over same_file as newest_landing_seq,
        sum(case when is_accepted then 1 else 0 end) over same_file as times_accepted
    from deliveries
    window same_file as (partition by kind, export_date, file_name)
)

select
    delivery_id,
    kind,
    export_date,
    file_name,
    landing_seq,
    is_accepted,
    is_accepted and landing_seq = live_landing_seq as is_live,
    landing_seq = newest_landing_seq as is_newest,
    cast(times_accepted as integer) as times_accepted,
    -- What came within one minute, or was there when a day was filed in bulk, came together: there the last change of
    -- a record decides, not the order in which files were copied.
    rank() over (order by export_date, date_trunc('minute', arrived_at), landing_seq) as arrival_rank,
    row_number() over (
        order by export_date, date_trunc('minute', arrived_at), landing_seq, arrived_at, delivery_id
    ) as version_rank
from compared
