-- The name of every field that occurs, one per code.
select
    field_code,
    max(field_name) as field_name
from {{ ref('fct_dossier') }}
group by field_code
