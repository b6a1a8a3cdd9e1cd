-- Deliveries set aside stand as rejected, with the cause, whatever landing made of them.
with newest_mark as (
    select
        delivery_id,
        max(mark) as mark
    from {{ lake('set_aside', 'set_aside/*.parquet') }}
    group by delivery_id
),

aside as (
    select
        entry.delivery_id,
        entry.reason
    from {{ lake('set_aside', 'set_aside/*.parquet') }} as entry
    inner join newest_mark on entry.delivery_id = newest_mark.delivery_id and entry.mark = newest_mark.mark
    where entry.is_aside
)

select
    ledger.delivery_id,
    ledger.landing_seq,
    -- A name that says no kind is kept under one word by landing; older ledgers left it out.
    coalesce(ledger.kind, 'khac') as kind,
    ledger.export_date,
    ledger.unit_code,
    ledger.commune_code,
    ledger.file_name,
    ledger.sha256,
    ledger.arrived_at,
    ledger.landed_at,
    case when aside.delivery_id is not null then 'rejected' else ledger.status end as status,
    ledger.rows_read,
    case when aside.delivery_id is not null then 0 else ledger.rows_accepted end as rows_accepted,
    case when aside.delivery_id is not null then ledger.rows_read else ledger.rows_rejected end as rows_rejected,
    case when aside.delivery_id is not null then aside.reason else ledger.reason end as reason,
    ledger.unknown_columns,
    ledger.lines_left_out,
    ledger.left_out
from {{ lake('ledger', 'ledger/*.parquet') }} as ledger
left join aside on ledger.delivery_id = aside.delivery_id
-- A replay of an earlier day judges it by all that is known of it now.
where
    ledger.export_date <= {{ as_of_date() }}
    {%- if var('without') %}
    and ledger.delivery_id not in {{ quoted_list(var("without")) }}
    {%- endif %}
