with sender as (
    select
        delivery_id,
        max(unit_code) as unit_code
    from {{ ref('stg_delivery') }}
    group by delivery_id
)

select
    coalesce(rejected.commune_code, sender.unit_code, {{ province_code() }}) as commune_code,
    rejected.kind,
    rejected.export_date,
    rejected.file_name,
    rejected.line,
    rejected.column_name,
    rejected.rule,
    rejected.reason,
    rejected.value_masked
from {{ ref('stg_rejected_row') }} as rejected
inner join {{ ref('int_delivery') }} as delivery on rejected.delivery_id = delivery.delivery_id
left join sender on rejected.delivery_id = sender.delivery_id
where delivery.is_newest
