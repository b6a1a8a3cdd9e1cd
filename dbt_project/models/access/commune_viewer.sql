select
    username,
    commune_code
from {{ ref('commune_user') }}
