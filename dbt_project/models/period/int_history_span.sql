{{ config(materialized='table') }}

with first_days as (
    select min(received_on) as first_day
    from {{ ref('fct_dossier') }}
    union all
    select min(export_date) as first_day
    from {{ ref('int_delivery') }}
)

select
    {{ as_of_date() }} as last_day,
    greatest(min(first_day), {{ history_floor() }}) as first_day
from first_days
having min(first_day) is not null
