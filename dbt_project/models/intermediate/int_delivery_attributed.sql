-- Ledger rows, each under the commune that it concerns. A province-wide file that could not be opened names no
-- commune: it concerns every commune that was expected that day. What names no unit at all stands under the
-- province's code, so that it is seen.
with ledger as (
    select
        entry.*,
        delivery.is_live,
        delivery.is_newest,
        delivery.times_accepted,
        -- Null for all other rows, so that the join below stays an equi-join that touches only these.
        case
            when entry.commune_code is null and entry.unit_code = {{ province_code() }} then entry.export_date
        end as concerns_all_of
    from {{ ref('stg_delivery') }} as entry
    inner join {{ ref('int_delivery') }} as delivery on entry.delivery_id = delivery.delivery_id
)

select
    ledger.delivery_id,
    ledger.landing_seq,
    ledger.kind,
    ledger.export_date,
    ledger.file_name,
    ledger.sha256,
    ledger.arrived_at,
    ledger.landed_at,
    ledger.status,
    ledger.rows_read,
    ledger.rows_accepted,
    ledger.rows_rejected,
    ledger.reason,
    ledger.is_live,
    ledger.is_newest,
    ledger.times_accepted,
    coalesce(
        ledger.commune_code, expected.commune_code, ledger.unit_code, {{ province_code() }}
    ) as commune_code
from ledger
left join {{ ref('int_expected_export') }} as expected
    on ledger.concerns_all_of = expected.export_date and ledger.kind = expected.kind
