-- Every dossier of a live delivery is in the marts, once.
with landed as (
    select count(distinct dossier_code) as landed_dossiers
    from {{ ref('int_dossier_version') }}
),

published as (
    select count(*) as published_dossiers
    from {{ ref('fct_dossier') }}
)

select
    landed.landed_dossiers,
    published.published_dossiers
from landed
cross join published
where landed.landed_dossiers <> published.published_dossiers
