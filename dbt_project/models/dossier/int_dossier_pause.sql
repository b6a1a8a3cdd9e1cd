-- Only dossiers seen both running and, since then, paused need the look through all versions.
select
    history.dossier_code,
    min(version.export_date) as first_seen_paused_on
from {{ ref('int_dossier_history') }} as history
inner join {{ ref('int_dossier_version') }} as version on history.dossier_code = version.dossier_code
where
    history.newest_version_key > history.newest_unpaused_version_key
    and version.version_key > history.newest_unpaused_version_key
group by history.dossier_code
