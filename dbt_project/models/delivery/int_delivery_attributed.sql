-- Ledger rows, each under the commune that it concerns; what names none stands under its unit, else under the
-- province's code, so that it is seen. A province-wide file that was turned back whole also concerns, without counts,
-- every commune that owed an export and is named by no other delivery of that kind and day: nobody can tell whom
-- the file held.
with ledger as (
    select
        entry.*,
        delivery.is_live,
        delivery.is_newest,
        delivery.times_accepted,
        entry.commune_code is null
        and entry.unit_code = {{ province_code() }}
        and delivery.is_newest
        and not delivery.is_accepted as is_lost_whole
    from {{ ref('stg_delivery') }} as entry
    inner join {{ ref('int_delivery') }} as delivery on entry.delivery_id = delivery.delivery_id
),

named as (
    select distinct
        commune_code,
        kind,
        export_date
    from ledger
    where commune_code is not null and (is_live or is_newest)
),

unnamed as (
    select
        expected.commune_code,
        expected.kind,
        expected.export_date
    from {{ ref('int_expected_export') }} as expected
    left join named
        on
            expected.commune_code = named.commune_code
            and expected.kind = named.kind
            and expected.export_date = named.export_date
    where named.commune_code is null
),

attributed as (
    select
        ledger.*,
        coalesce(ledger.commune_code, ledger.unit_code, {{ province_code() }}) as concerned_code,
        1 as counts
    from ledger
    union all
    select
        ledger.*,
        unnamed.commune_code as concerned_code,
        0 as counts
    from ledger
    inner join unnamed on ledger.export_date = unnamed.export_date and ledger.kind = unnamed.kind
    where ledger.is_lost_whole
)

select
    delivery_id,
    landing_seq,
    kind,
    export_date,
    file_name,
    sha256,
    arrived_at,
    landed_at,
    status,
    cast(rows_read * counts as integer) as rows_read,
    cast(rows_accepted * counts as integer) as rows_accepted,
    cast(rows_rejected * counts as integer) as rows_rejected,
    reason,
    unknown_columns,
    lines_left_out,
    left_out,
    is_live,
    is_newest,
    times_accepted,
    concerned_code as commune_code
from attributed
