-- Accepted rows of each commune's exports by the system that sent them (where a row does not say, as its dossier
-- tells), and the dossiers that both systems sent in one export.
with sent as (
    select
        version.commune_code,
        version.export_date,
        version.dossier_code,
        coalesce(version.source_system, dossier.source_system) as source_system,
        dossier.is_in_both_systems
    from {{ ref('int_dossier_version') }} as version
    inner join {{ ref('int_dossier') }} as dossier on version.dossier_code = dossier.dossier_code
),

doubled as (
    select
        commune_code,
        export_date,
        dossier_code
    from sent
    where is_in_both_systems
    group by commune_code, export_date, dossier_code
    having min(source_system) <> max(source_system)
),

doubles as (
    select
        commune_code,
        export_date,
        count(*) as doubles
    from doubled
    group by commune_code, export_date
),

counted as (
    select
        commune_code,
        export_date,
        sum(case when source_system = 'tinh' then 1 else 0 end) as rows_tinh,
        sum(case when source_system = 'bo' then 1 else 0 end) as rows_bo
    from sent
    group by commune_code, export_date
)

select
    counted.commune_code,
    counted.export_date,
    counted.rows_tinh,
    counted.rows_bo,
    coalesce(doubles.doubles, 0) as doubles
from counted
left join doubles on counted.commune_code = doubles.commune_code and counted.export_date = doubles.export_date
