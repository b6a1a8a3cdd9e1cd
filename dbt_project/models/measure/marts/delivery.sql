select
    delivery.commune_code,
    delivery.kind,
    delivery.export_date,
    delivery.status,
    {{ delivery_label('delivery.status') }} as status_name,
    {{ delivery_light('delivery.status') }} as light,
    delivery.is_expected,
    delivery.is_on_time,
    delivery.arrived_at,
    delivery.landed_at,
    delivery.file_name,
    delivery.sha256,
    delivery.rows_read,
    delivery.rows_accepted,
    delivery.rows_rejected,
    delivery.reason,
    delivery.unknown_columns,
    delivery.lines_left_out,
    delivery.left_out,
    delivery.corrections,
    cast(coalesce(origin.rows_tinh, 0) as bigint) as rows_tinh,
    cast(coalesce(origin.rows_bo, 0) as bigint) as rows_bo,
    cast(coalesce(origin.doubles, 0) as bigint) as doubles
from {{ ref('int_delivery_status') }} as delivery
left join {{ ref('int_delivery_source') }} as origin
    on
        delivery.kind = 'hoso'
        and delivery.commune_code = origin.commune_code
        and delivery.export_date = origin.export_date
