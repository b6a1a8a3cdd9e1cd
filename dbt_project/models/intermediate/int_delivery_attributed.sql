-- Ledger rows, each under the commune that it concerns. A province-wide file that could not be opened names no
-- commune: it concerns every commune that was expected that day. What names no unit at all stands under the
-- province's code, so that it is seen.
with ledger as (
    select
        entry.*,
        delivery.is_live,
        delivery.is_newest,
        delivery.times_accepted
    from {{ ref('stg_delivery') }} as entry
    inner join {{ ref('int_delivery') }} as delivery on entry.delivery_id = delivery.delivery_id
)

select
    ledger.* exclude (commune_code, unit_code),
    coalesce(
        ledger.commune_code, expected.commune_code, ledger.unit_code, {{ province_code() }}
    ) as commune_code
from ledger
left join {{ ref('int_expected_export') }} as expected
    on
        ledger.kind = expected.kind
        and ledger.export_date = expected.export_date
        and ledger.commune_code is null
        and ledger.unit_code = {{ province_code() }}
