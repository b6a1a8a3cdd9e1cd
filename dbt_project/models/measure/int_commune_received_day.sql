{{ config(materialized='table') }}

-- What communes received on a day, by field. Payment and components count only where there is a fee, or a component,
-- to count.
select
    commune_code,
    field_code,
    received_on as date,
    count(*) as received,
    sum(case when channel = 'online' then 1 else 0 end) as received_online,
    sum(case when fee_amount > 0 then 1 else 0 end) as fee_dossiers,
    sum(case when fee_amount > 0 and paid_online then 1 else 0 end) as fee_dossiers_paid_online,
    sum(greatest(coalesce(component_count, 0), 0)) as components,
    sum(greatest(least(coalesce(digitised_component_count, 0), coalesce(component_count, 0)), 0))
        as components_digitised,
    sum(case when is_digitised then 1 else 0 end) as dossiers_digitised,
    sum(case when is_reused then 1 else 0 end) as dossiers_reused,
    sum(case when vneid_verified then 1 else 0 end) as dossiers_vneid,
    sum(case when times_supplemented > 0 then 1 else 0 end) as dossiers_supplemented,
    sum(case when due_moved then 1 else 0 end) as dossiers_due_moved
from {{ ref('fct_dossier') }}
where received_on is not null
group by commune_code, field_code, received_on
