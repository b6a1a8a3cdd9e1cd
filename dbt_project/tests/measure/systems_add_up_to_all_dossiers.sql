-- Every dossier is the province's, a ministry's, both's or of an unknown system, once.
with reconciled as (
    select
        sum(dossiers) as dossiers,
        sum(only_in_tinh + only_in_bo + in_both + of_unknown_system) as by_system
    from {{ ref('source_reconciliation') }}
),

published as (
    select count(*) as published_dossiers
    from {{ ref('fct_dossier') }}
)

select
    reconciled.dossiers,
    reconciled.by_system,
    published.published_dossiers
from reconciled
cross join published
where
    reconciled.dossiers <> published.published_dossiers
    or reconciled.by_system <> published.published_dossiers
