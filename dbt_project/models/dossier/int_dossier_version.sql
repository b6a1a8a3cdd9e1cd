select
    version.*,
    case
        when version.refused_at is not null and version.status_code = 8 then 'refused'
        else dossier_status.state
    end as state,
    {{ version_key('delivery', 'version', 'version.updated_at') }} as version_key
from {{ ref('stg_hoso_version') }} as version
inner join {{ ref('int_delivery') }} as delivery on version.delivery_id = delivery.delivery_id
left join {{ ref('dossier_status') }} as dossier_status on version.status_code = dossier_status.status_code
where delivery.is_live
