{{ config(materialized='table') }}

-- Stages at units: the queues that dossiers stand in.
select
    stage_code,
    unit_type,
    unit_code,
    max(stage_name) as stage_name,
    max(unit_name) as unit_name,
    min(cast(is_unit_work as integer)) = 1 as is_unit_work,
    max(cast(is_branch_known as integer)) = 1 as is_branch_known,
    cast(date_trunc('week', min(started_at)) as date) as first_week
from {{ ref('fct_step') }}
where is_counted
group by stage_code, unit_type, unit_code
