select
    stay.dossier_code,
    dossier.commune_code,
    dossier.field_code,
    stay.stock,
    stay.stays_from,
    stay.stays_until,
    dossier.apology_sent
from {{ ref('int_dossier_stay') }} as stay
inner join {{ ref('fct_dossier') }} as dossier on stay.dossier_code = dossier.dossier_code
