select
    'stage_text' as seed,
    lower(stage) as text,
    max(unit_type) as unit_type,
    count(*) as steps,
    count(distinct dossier_code) as dossiers,
    count(distinct commune_code) as communes,
    max(export_date) as last_seen_on
from {{ ref('fct_step') }}
where not is_stage_mapped
group by lower(stage)
union all
select
    'unit_text' as seed,
    lower(coalesce(department, '')) as text,
    unit_type,
    count(*) as steps,
    count(distinct dossier_code) as dossiers,
    count(distinct commune_code) as communes,
    max(export_date) as last_seen_on
from {{ ref('fct_step') }}
where unit_type in ('vpdk', 'thue') and not is_branch_known
group by lower(coalesce(department, '')), unit_type
