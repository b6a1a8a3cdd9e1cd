select
    commune_code,
    commune_name,
    commune_type,
    province_code,
    province_name,
    latitude,
    longitude,
    valid_from,
    valid_to,
    {{ is_current('valid_from', 'valid_to') }} as is_current
from {{ ref('commune') }}
where province_code = {{ province_code() }}
