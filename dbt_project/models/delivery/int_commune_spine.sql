{{ config(materialized='table') }}

-- Every commune that is judged: those in force, and any other of which rows count, so that neither silence nor a merger
-- can make one vanish from a sum.
with seen as (
    select commune_code
    from {{ ref('dim_commune') }}
    where is_current
    union
    select commune_code
    from {{ ref('int_expected_export') }}
    union
    select ledger.commune_code
    from {{ ref('stg_delivery') }} as ledger
    inner join {{ ref('int_delivery') }} as delivery on ledger.delivery_id = delivery.delivery_id
    where delivery.is_live and ledger.rows_accepted > 0 and ledger.commune_code is not null
),

newest_name as (
    select
        commune_code,
        max(valid_from) as valid_from
    from {{ ref('dim_commune') }}
    group by commune_code
)

select
    seen.commune_code,
    coalesce(commune.commune_name, seen.commune_code) as commune_name,
    commune.commune_type
from seen
left join newest_name on seen.commune_code = newest_name.commune_code
left join {{ ref('dim_commune') }} as commune
    on newest_name.commune_code = commune.commune_code and newest_name.valid_from = commune.valid_from
