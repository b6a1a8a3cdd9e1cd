-- Doubts about the system a dossier comes from, at the export that raised them.
select
    both_systems.dossier_code,
    dossier.commune_code,
    both_systems.known_from as export_date,
    'in_both_systems' as flag
from {{ ref('int_dossier_in_both') }} as both_systems
inner join {{ ref('int_dossier') }} as dossier on both_systems.dossier_code = dossier.dossier_code
union all
select
    dossier.dossier_code,
    dossier.commune_code,
    dossier.first_seen_on as export_date,
    'source_system_not_of_number' as flag
from {{ ref('int_dossier_source') }} as origin
inner join {{ ref('int_dossier') }} as dossier on origin.dossier_code = dossier.dossier_code
where origin.is_numbered_otherwise
