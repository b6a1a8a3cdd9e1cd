select
    version.*,
    case
        when version.refused_at is not null and version.status_code = 8 then 'refused'
        else dossier_status.state
    end as state,
    -- Newest export, then newest delivery, then last change, then last line, packed into one number: the latest
    -- version is then a maximum and an equi-join, which a window over all versions would cost three times over.
    cast(delivery.version_rank as decimal(38, 0)) * 1000000000000000000000
    + cast(greatest(coalesce({{ epoch_seconds('version.updated_at') }}, 0), 0) as decimal(38, 0)) * 1000000000
    + version.line as version_key
from {{ ref('stg_hoso_version') }} as version
inner join {{ ref('int_delivery') }} as delivery on version.delivery_id = delivery.delivery_id
left join {{ ref('dossier_status') }} as dossier_status on version.status_code = dossier_status.status_code
where delivery.is_live
