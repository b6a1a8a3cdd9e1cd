{{ config(materialized='table') }}

-- Dossiers that both systems sent: what each said last. Only these few need the look through all versions.
with sent as (
    select version.*
    from {{ ref('int_dossier_version') }} as version
    inner join {{ ref('int_dossier') }} as dossier on version.dossier_code = dossier.dossier_code
    where dossier.is_in_both_systems and version.source_system is not null
),

newest as (
    select
        dossier_code,
        source_system,
        max(version_key) as version_key,
        min(export_date) as first_sent_on
    from sent
    group by dossier_code, source_system
),

last_sent as (
    select
        sent.dossier_code,
        sent.source_system,
        newest.first_sent_on,
        sent.status_code,
        sent.finished_at,
        sent.due_at
    from sent
    inner join newest on sent.dossier_code = newest.dossier_code and sent.version_key = newest.version_key
)

select
    province.dossier_code,
    greatest(province.first_sent_on, ministry.first_sent_on) as known_from,
    {{ differ('province.status_code', 'ministry.status_code') }} as status_differs,
    {{ differ('province.finished_at', 'ministry.finished_at') }} as finish_differs,
    {{ differ('province.due_at', 'ministry.due_at') }} as due_differs
from last_sent as province
inner join last_sent as ministry
    on
        province.dossier_code = ministry.dossier_code
        and province.source_system = 'tinh'
        and ministry.source_system = 'bo'
